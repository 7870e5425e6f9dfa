/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The VMM takes guest memory back: notification bytes in it end.
 */
#ifndef VFIO_AP_UNMAP_H
#define VFIO_AP_UNMAP_H

#include <linux/types.h>

struct vfio_ap_mdev;

void vfio_ap_interrupts_unmap(struct vfio_ap_mdev *mdev, u64 iova, u64 length);

#endif
