/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef VFIOAP_FILTER_H
#define VFIOAP_FILTER_H

#include "host.h"

/*
 * What a guest would get of a device, as the driver computes it: of what the host has,
 * the adapters all of whose queues are bound to vfio_ap.
 */
void filter_device(const struct vfioap_host *host, struct vfioap_device *device);

/*
 * The first queue because of which the driver leaves out a whole adapter of a device.
 * False if there is none.
 */
bool filter_find_culprit(const struct vfioap_host *host, const struct vfioap_device *device,
			 unsigned int adapter, uint16_t *apqn);

#endif
