/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Assigning adapters and domains to a device.
 */
#ifndef VFIO_AP_ASSIGN_H
#define VFIO_AP_ASSIGN_H

#include "../include/ap_mask.h"

struct vfio_ap_mdev;

enum vfio_ap_kind {
	VFIO_AP_ADAPTER,
	VFIO_AP_DOMAIN,
	VFIO_AP_CONTROL_DOMAIN,
};

int vfio_ap_assign(struct vfio_ap_mdev *mdev, enum vfio_ap_kind kind, u64 id);
int vfio_ap_unassign(struct vfio_ap_mdev *mdev, enum vfio_ap_kind kind, u64 id);
int vfio_ap_configure(struct vfio_ap_mdev *mdev, const struct ap_matrix *matrix);

#endif
