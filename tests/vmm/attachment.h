/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A mediated device given to the guest, through its VFIO group or through the device's own
 * character device and iommufd.
 */
#ifndef VMM_ATTACHMENT_H
#define VMM_ATTACHMENT_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/vfio.h>

#include "descriptor.h"
#include "failure.h"

#define UUID_LENGTH	36

/**
 * struct attachment - a mediated device and what leads to it
 * @uuid: its UUID
 * @ops: through the group, or not
 * @kvm_vfio: the VM's VFIO device, which tells VFIO of the VM; shared by all attachments
 * @iommu: the container or the iommufd: what the device may reach of the guest's memory
 * @ioas: address space in the iommufd
 * @group: the VFIO group; none without groups
 * @device: the device
 * @request: eventfd by which the kernel asks for the device
 * @config_changed: eventfd by which the kernel tells that the guest has other queues now
 * @changes: how often it did
 * @silent: do not give these to the device
 */
struct attachment {
	char uuid[UUID_LENGTH + 1];
	const struct attachment_ops *ops;
	descriptor *kvm_vfio;
	descriptor iommu;
	uint32_t ioas;
	descriptor group;
	descriptor device;
	int request;
	int config_changed;
	uint64_t changes;
	bool silent;
};

/**
 * struct attachment_ops - the two ways to a device
 * @name: for the user
 * @prepare: open what leads to the device
 * @open: open the device
 * @map: let the device reach @memory
 * @unmap: take that back
 * @detach: take the device from its address space; NULL where only closing does that
 * @reattach: give it the address space again
 */
struct attachment_ops {
	const char *name;
	int (*prepare)(struct attachment *a, struct failure *failure);
	int (*open)(struct attachment *a, struct failure *failure);
	int (*map)(struct attachment *a, const void *memory, struct failure *failure);
	int (*unmap)(struct attachment *a, struct failure *failure);
	int (*detach)(struct attachment *a, struct failure *failure);
	int (*reattach)(struct attachment *a, struct failure *failure);
};

extern const struct attachment_ops attachment_by_group;
extern const struct attachment_ops attachment_by_cdev;

/* Nothing is open yet but the eventfds. */
int attachment_init(struct attachment *a, const char *uuid, bool cdev, descriptor *kvm_vfio,
		    struct failure *failure);

/* Open all that is not open: what leads to the device, and the device. All or nothing. */
int attachment_open(struct attachment *a, int vm_fd, const void *memory, struct failure *failure);

/* Close everything in the order that a VMM uses for hot unplug. */
void attachment_release(struct attachment *a);

int attachment_reset(struct attachment *a, struct failure *failure);

struct attachment_info {
	struct vfio_device_info device;
	struct vfio_irq_info irq[8];
};

int attachment_info(struct attachment *a, struct attachment_info *info, struct failure *failure);

/* Tell KVM that the group or device @fd belongs to the VM, or no longer does. */
int kvm_vfio_set(int kvm_vfio, bool add, int fd, struct failure *failure);

#endif
