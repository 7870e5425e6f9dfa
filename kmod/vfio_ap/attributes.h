/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The files in sysfs.
 */
#ifndef VFIO_AP_ATTRIBUTES_H
#define VFIO_AP_ATTRIBUTES_H

#include <linux/sysfs.h>

extern const struct attribute_group *vfio_ap_matrix_groups[];
extern const struct attribute_group *vfio_ap_mdev_groups[];
extern const struct attribute_group *vfio_ap_queue_groups[];

#endif
