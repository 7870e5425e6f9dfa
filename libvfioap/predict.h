/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a snapshot will be like after a change, computed: so that a plan can be checked
 * and shown before anything is written.
 */
#ifndef VFIOAP_PREDICT_H
#define VFIOAP_PREDICT_H

#include "host.h"

/* A deep copy; NULL if there is no memory. */
struct vfioap_host *host_copy(const struct vfioap_host *host);

/* Each: 0 or -ENOMEM. */
int predict_create(struct vfioap_host *host, const char *uuid,
		   const struct vfioap_matrix *matrix);
int predict_masks(struct vfioap_host *host, const struct vfioap_ids *apmask,
		  const struct vfioap_ids *aqmask);
/* After a change of host->overrides, or when the bus is asked to bind queues. */
int predict_bindings(struct vfioap_host *host);
int predict_driver(struct vfioap_host *host, bool loaded);

void predict_matrix(struct vfioap_host *host, struct vfioap_device *device,
		    const struct vfioap_matrix *matrix);
void predict_remove(struct vfioap_host *host, struct vfioap_device *device);

#endif
