/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When the pins of a device may begin, if somebody unmaps memory, and how long who unmaps may wait.
 */
#ifndef VFIO_AP_HOLD_OFF_H
#define VFIO_AP_HOLD_OFF_H

#include <linux/types.h>

struct vfio_ap_interrupts;
struct vfio_ap_mdev;
struct vfio_ap_visit;

/*
 * type1 calls dma_unmap, looks whether something is pinned, and calls again, so often; at the
 * next look comes its BUG().
 */
#define VFIO_AP_TYPE1_CALLS	11

void vfio_ap_hold_off_opened(struct vfio_ap_interrupts *all);
int vfio_ap_hold_off_pin(struct vfio_ap_interrupts *all);
void vfio_ap_hold_off_pinning(struct vfio_ap_interrupts *all);

struct vfio_ap_visit *vfio_ap_visit_get(struct vfio_ap_mdev *mdev);
unsigned int vfio_ap_visit_begin(struct vfio_ap_visit *visit);
void vfio_ap_visit_end(struct vfio_ap_visit *visit, bool in_vain);

#endif
