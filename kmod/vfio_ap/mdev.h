/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mediated devices: what each wants, and what its guest has.
 */
#ifndef VFIO_AP_MDEV_H
#define VFIO_AP_MDEV_H

#include <linux/mdev.h>
#include <linux/ratelimit.h>
#include <linux/vfio.h>

#include "../include/ap_mask.h"
#include "eventfds.h"
#include "interrupt.h"
#include "matrix_file.h"
#include "sync.h"

struct vfio_ap_attachment;

/**
 * struct vfio_ap_mdev - a mediated device
 * @vdev: for VFIO; its reference count is that of the whole object
 * @node: in the list of devices; changed with G and M held
 * @matrix: what is assigned; M, and to let it grow P
 * @shadow: what the guest gets, or would get if there were one; M, and K while a
 *	guest is attached
 * @attachment: the guest that has the device open, or NULL; changed with G and M held
 * @removing: the guest gets nothing any more; M
 * @eventfds: see enum vfio_ap_event; M
 * @sync: bringing the guest up to date later; see sync.h
 * @interrupts: pinned notification bytes; see interrupt.h
 * @conflicts: limits the log of refused assignments
 * @passes: readers of matrix and guest_matrix; see matrix_file.h
 */
struct vfio_ap_mdev {
	struct vfio_device vdev;
	struct list_head node;
	struct ap_matrix matrix;
	struct ap_matrix shadow;
	struct vfio_ap_attachment *attachment;
	bool removing;
	struct vfio_ap_eventfd *eventfds[VFIO_AP_EVENTS];
	struct vfio_ap_sync sync;
	struct vfio_ap_interrupts interrupts;
	struct ratelimit_state conflicts;
	struct vfio_ap_passes passes;
};

extern struct mdev_driver vfio_ap_mdev_driver;

static inline struct vfio_ap_mdev *to_vfio_ap_mdev(struct vfio_device *vdev)
{
	return container_of(vdev, struct vfio_ap_mdev, vdev);
}

static inline void vfio_ap_mdev_get(struct vfio_ap_mdev *mdev)
{
	get_device(&mdev->vdev.device);
}

/* Not with a lock held, if it may be the last reference: frees the device. */
static inline void vfio_ap_mdev_put(struct vfio_ap_mdev *mdev)
{
	put_device(&mdev->vdev.device);
}

int vfio_ap_mdev_init(struct vfio_device *vdev);
void vfio_ap_mdev_release(struct vfio_device *vdev);

/* With G or M: walk the devices, newest first. */
struct vfio_ap_mdev *vfio_ap_mdev_next(struct vfio_ap_mdev *mdev);

#define for_each_vfio_ap_mdev(mdev) \
	for ((mdev) = vfio_ap_mdev_next(NULL); (mdev); (mdev) = vfio_ap_mdev_next(mdev))

struct vfio_ap_mdev *vfio_ap_mdev_of_queue(u16 apqn);

#endif
