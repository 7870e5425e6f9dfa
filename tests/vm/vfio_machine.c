// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/kvm.h>
#include <linux/vfio.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ap_mask.h"
#include "ap_wire.h"
#include "uapi/ap_guest_ioctl.h"
#include "vfio_machine.h"

static void group_path(char *path, size_t size, const char *uuid)
{
	char link[PATH_MAX], target[PATH_MAX];
	ssize_t n;

	snprintf(link, sizeof(link), "/sys/bus/mdev/devices/%s/iommu_group", uuid);
	n = readlink(link, target, sizeof(target) - 1);
	if (n < 0)
		err(1, "%s", link);
	target[n] = 0;
	snprintf(path, size, "/dev/vfio/%s", strrchr(target, '/') + 1);
}

static int must_open(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

int vfio_group_only(const char *uuid)
{
	char path[PATH_MAX];
	int fd;

	group_path(path, sizeof(path), uuid);
	fd = open(path, O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Consumes @container. */
static void open_group(struct vfio_machine *m, const char *uuid, int container)
{
	char path[PATH_MAX];

	*m = (struct vfio_machine){.container = container, .kvm = -1, .kvm_vfio = -1, .device = -1};
	group_path(path, sizeof(path), uuid);
	m->group = must_open(path);
	if (ioctl(m->group, VFIO_GROUP_SET_CONTAINER, &m->container))
		err(1, "VFIO_GROUP_SET_CONTAINER");
}

void vfio_group_open(struct vfio_machine *m, const char *uuid)
{
	open_group(m, uuid, must_open("/dev/vfio/vfio"));
	if (ioctl(m->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		err(1, "VFIO_SET_IOMMU");
}

void vfio_kvm_open(struct vfio_machine *m)
{
	struct kvm_create_device create = {.type = KVM_DEV_TYPE_VFIO};
	int dev_kvm = must_open("/dev/kvm");

	m->kvm = ioctl(dev_kvm, KVM_CREATE_VM, 0);
	if (m->kvm < 0)
		err(1, "KVM_CREATE_VM");
	close(dev_kvm);
	if (ioctl(m->kvm, KVM_CREATE_DEVICE, &create))
		err(1, "KVM_CREATE_DEVICE");
	m->kvm_vfio = create.fd;
}

int vfio_kvm_set(struct vfio_machine *m, bool add, int fd)
{
	int32_t file = fd;
	struct kvm_device_attr attr = {
		.group = KVM_DEV_VFIO_GROUP,
		.attr = add ? KVM_DEV_VFIO_GROUP_ADD : KVM_DEV_VFIO_GROUP_DEL,
		.addr = (uintptr_t)&file,
	};

	return ioctl(m->kvm_vfio, KVM_SET_DEVICE_ATTR, &attr) ? -errno : 0;
}

static void make_vm(struct vfio_machine *m)
{
	vfio_kvm_open(m);
	errno = -vfio_kvm_set(m, true, m->group);
	if (errno)
		err(1, "KVM_DEV_VFIO_GROUP_ADD");
}

void vfio_machine_open(struct vfio_machine *m, const char *uuid)
{
	vfio_group_open(m, uuid);
	make_vm(m);
}

void vfio_machine_open_beside(struct vfio_machine *m, const char *uuid,
			      const struct vfio_machine *other)
{
	int container = fcntl(other->container, F_DUPFD_CLOEXEC, 0);

	if (container < 0)
		err(1, "F_DUPFD_CLOEXEC");
	open_group(m, uuid, container);
	make_vm(m);
}

int vfio_machine_attach(struct vfio_machine *m, const char *uuid)
{
	m->device = ioctl(m->group, VFIO_GROUP_GET_DEVICE_FD, uuid);
	return m->device < 0 ? -errno : 0;
}

int vfio_machine_map(struct vfio_machine *m, void *memory, size_t size)
{
	struct vfio_iommu_type1_dma_map arg = {
		.argsz = sizeof(arg),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)memory,
		.size = size,
	};

	return ioctl(m->container, VFIO_IOMMU_MAP_DMA, &arg) ? -errno : 0;
}

int vfio_machine_unmap(struct vfio_machine *m, size_t size)
{
	struct vfio_iommu_type1_dma_unmap arg = {.argsz = sizeof(arg), .size = size};

	return ioctl(m->container, VFIO_IOMMU_UNMAP_DMA, &arg) ? -errno : 0;
}

void *vfio_machine_memory(struct vfio_machine *m, size_t size)
{
	struct kvm_userspace_memory_region region = {.memory_size = size};
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		err(1, "mmap");
	region.userspace_addr = (uintptr_t)memory;
	if (ioctl(m->kvm, KVM_SET_USER_MEMORY_REGION, &region))
		err(1, "KVM_SET_USER_MEMORY_REGION");
	return memory;
}

void vfio_machine_vcpus(struct vfio_machine *m, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (ioctl(m->kvm, KVM_CREATE_VCPU, i) < 0)
			err(1, "KVM_CREATE_VCPU");
}

int vfio_machine_facility(struct vfio_machine *m)
{
	struct ap_guest_create create = {.argsz = sizeof(create), .kvm_fd = m->kvm};
	int ap_guest = open("/dev/ap_guest", O_RDWR | O_CLOEXEC);
	int facility;

	if (ap_guest < 0)
		return -errno;
	facility = ioctl(ap_guest, AP_GUEST_CREATE, &create);
	if (facility < 0)
		facility = -errno;
	close(ap_guest);
	return facility;
}

unsigned int vfio_machine_enable_interrupt(int facility, unsigned int apqn, uint64_t nib)
{
	struct ap_guest_instruction aqic = {
		.argsz = sizeof(aqic),
		.op = AP_GUEST_OP_PQAP,
		.gr0 = (uint64_t)AP_FC_AQIC << AP_GR0_FC_SHIFT | apqn,
		.gr1 = AP_GR1_IR | 3,
		.gr2 = nib,
	};

	if (ioctl(facility, AP_GUEST_EXECUTE, &aqic))
		err(1, "AP_GUEST_EXECUTE");
	return AP_STATUS_RC(aqic.gr1);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void vfio_machine_close(struct vfio_machine *m)
{
	close_fd(&m->device);
	close_fd(&m->kvm_vfio);
	close_fd(&m->kvm);
	close_fd(&m->group);
	close_fd(&m->container);
}
