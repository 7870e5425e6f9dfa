/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When the pins of a device may begin, if its VMM unmaps memory.
 */
#ifndef VFIO_AP_HOLD_OFF_H
#define VFIO_AP_HOLD_OFF_H

#include <linux/types.h>

struct vfio_ap_interrupts;
struct vfio_ap_mdev;

bool vfio_ap_may_pin(const struct vfio_ap_interrupts *all);

void vfio_ap_hold_off_forget(struct vfio_ap_interrupts *all);
unsigned int vfio_ap_hold_off_waits(const struct vfio_ap_interrupts *all);
unsigned int vfio_ap_hold_off_begin(struct vfio_ap_interrupts *all);
void vfio_ap_hold_off_end(struct vfio_ap_mdev *mdev, unsigned int opened, bool waited);

#endif
