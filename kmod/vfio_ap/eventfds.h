/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The eventfds by which the driver speaks to the VMM.
 */
#ifndef VFIO_AP_EVENTFDS_H
#define VFIO_AP_EVENTFDS_H

#include <linux/types.h>

struct vfio_ap_mdev;
struct vfio_ap_eventfd;

/* Interrupt indexes of the VFIO device; the same numbers on every kernel. */
enum vfio_ap_event {
	VFIO_AP_EVENT_REQ,	/* please release the device */
	VFIO_AP_EVENT_CFG_CHG,	/* the guest's masks changed */
	VFIO_AP_EVENTS
};

int vfio_ap_eventfd_set(struct vfio_ap_mdev *mdev, enum vfio_ap_event event, int fd);
void vfio_ap_eventfds_clear(struct vfio_ap_mdev *mdev);
struct vfio_ap_eventfd *vfio_ap_eventfd_get(struct vfio_ap_mdev *mdev, enum vfio_ap_event event);
void vfio_ap_eventfd_signal_put(struct vfio_ap_eventfd *eventfd);

#endif
