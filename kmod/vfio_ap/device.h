/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the VMM sees of a device: the operations of VFIO.
 */
#ifndef VFIO_AP_DEVICE_H
#define VFIO_AP_DEVICE_H

#include <linux/vfio.h>

extern const struct vfio_device_ops vfio_ap_device_ops;

#endif
