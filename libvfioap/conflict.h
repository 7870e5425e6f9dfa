/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is in the way of a change: asked before it, and again if the kernel refuses.
 */
#ifndef VFIOAP_CONFLICT_H
#define VFIOAP_CONFLICT_H

#include "host.h"

/*
 * May the device @uuid have @matrix? 0, or as the kernel would answer: -ENODEV,
 * -EADDRNOTAVAIL, -EADDRINUSE, with the queues, their owner and what mends it.
 */
int conflict_of_matrix(const struct vfioap_host *host, const char *uuid,
		       const struct vfioap_matrix *matrix, struct vfioap_error **error);

/* -ENODEV if this machine cannot have such high ids. */
int conflict_of_range(const struct vfioap_host *host, const struct vfioap_ids *adapters,
		      const struct vfioap_ids *domains, struct vfioap_error **error);

/*
 * May the masks become @apmask and @aqmask? 0, or -EBUSY because a device has queues
 * that would become the host's.
 */
int conflict_of_masks(const struct vfioap_host *host, const struct vfioap_ids *apmask,
		      const struct vfioap_ids *aqmask, struct vfioap_error **error);

/* The same for single queues: those of which @wanted, by APQN, is set go to the host. */
int conflict_of_queues(const struct vfioap_host *host, const bool *wanted,
		       struct vfioap_error **error);

#endif
