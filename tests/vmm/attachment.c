// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>

#include "attachment.h"
#include "vfio_uapi.h"

int attachment_init(struct attachment *a, const char *uuid, bool cdev, descriptor *kvm_vfio,
		    struct failure *failure)
{
	snprintf(a->uuid, sizeof(a->uuid), "%s", uuid);
	a->ops = cdev ? &attachment_by_cdev : &attachment_by_group;
	a->kvm_vfio = kvm_vfio;
	a->iommu = -1;
	a->group = -1;
	a->device = -1;
	a->request = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	a->config_changed = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (a->request < 0 || a->config_changed < 0)
		return fail(failure, "eventfd", "%s", uuid);
	return 0;
}

static int open_kvm_vfio(descriptor *kvm_vfio, int vm_fd, struct failure *failure)
{
	struct kvm_create_device create = { .type = KVM_DEV_TYPE_VFIO };

	if (*kvm_vfio >= 0)
		return 0;
	if (ioctl(vm_fd, KVM_CREATE_DEVICE, &create))
		return fail(failure, "KVM_CREATE_DEVICE", "KVM_DEV_TYPE_VFIO");
	*kvm_vfio = create.fd;
	return 0;
}

int kvm_vfio_set(int kvm_vfio, bool add, int fd, struct failure *failure)
{
	int32_t value = fd;
	struct kvm_device_attr attr = {
		.group = KVM_DEV_VFIO_FILE,
		.attr = add ? KVM_DEV_VFIO_FILE_ADD : KVM_DEV_VFIO_FILE_DEL,
		.addr = (uintptr_t)&value,
	};

	if (ioctl(kvm_vfio, KVM_SET_DEVICE_ATTR, &attr))
		return fail(failure, add ? "KVM_DEV_VFIO_FILE_ADD" : "KVM_DEV_VFIO_FILE_DEL",
			    "descriptor %d", fd);
	return 0;
}

static int set_trigger(struct attachment *a, unsigned int index, int eventfd,
		       struct failure *failure)
{
	struct {
		struct vfio_irq_set set;
		int32_t eventfd;
	} arg = {
		.set = {
			.argsz = sizeof(arg),
			.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
			.index = index,
			.count = 1,
		},
		.eventfd = eventfd,
	};

	if (ioctl(a->device, VFIO_DEVICE_SET_IRQS, &arg))
		return fail(failure, "VFIO_DEVICE_SET_IRQS", "%s: interrupt %u", a->uuid, index);
	return 0;
}

/* KVM's VFIO device refers to the file, so closing it would not be enough. */
static void kvm_vfio_forget(struct attachment *a, int fd)
{
	struct failure ignored;

	if (fd >= 0 && *a->kvm_vfio >= 0)
		kvm_vfio_set(*a->kvm_vfio, false, fd, &ignored);
}

void attachment_release(struct attachment *a)
{
	if (a->ops == &attachment_by_cdev)
		kvm_vfio_forget(a, a->device);
	descriptor_close(&a->device);
	kvm_vfio_forget(a, a->group);
	descriptor_close(&a->group);
	descriptor_close(&a->iommu);
}

static int open_device(struct attachment *a, const void *memory, struct failure *failure)
{
	if (a->iommu < 0 && a->ops->prepare(a, failure))
		return -1;
	if (a->ops->open(a, failure) || a->ops->map(a, memory, failure))
		return -1;
	if (a->silent)
		return 0;
	if (set_trigger(a, VFIO_AP_REQ_IRQ_INDEX, a->request, failure))
		return -1;
	return set_trigger(a, VFIO_AP_CFG_CHG_IRQ_INDEX, a->config_changed, failure);
}

int attachment_open(struct attachment *a, int vm_fd, const void *memory, struct failure *failure)
{
	if (open_kvm_vfio(a->kvm_vfio, vm_fd, failure))
		return -1;
	if (a->device < 0 && open_device(a, memory, failure)) {
		attachment_release(a);
		return -1;
	}
	return 0;
}

int attachment_reset(struct attachment *a, struct failure *failure)
{
	if (ioctl(a->device, VFIO_DEVICE_RESET))
		return fail(failure, "VFIO_DEVICE_RESET", "%s", a->uuid);
	return 0;
}

static int irq_info(struct attachment *a, struct vfio_irq_info *irq, uint32_t index,
		    struct failure *failure)
{
	*irq = (struct vfio_irq_info){ .argsz = sizeof(*irq), .index = index };
	if (ioctl(a->device, VFIO_DEVICE_GET_IRQ_INFO, irq))
		return fail(failure, "VFIO_DEVICE_GET_IRQ_INFO", "%s: interrupt %u", a->uuid,
			    index);
	return 0;
}

int attachment_info(struct attachment *a, struct attachment_info *info, struct failure *failure)
{
	uint32_t i;

	memset(info, 0, sizeof(*info));
	info->device.argsz = sizeof(info->device);
	if (ioctl(a->device, VFIO_DEVICE_GET_INFO, &info->device))
		return fail(failure, "VFIO_DEVICE_GET_INFO", "%s", a->uuid);
	for (i = 0; i < info->device.num_irqs && i < 8; i++)
		if (irq_info(a, &info->irq[i], i, failure))
			return -1;
	return 0;
}
