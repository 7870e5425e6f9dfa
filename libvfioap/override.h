/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * driver_override: where the kernel has it (6.19), a single queue can be given to vfio_ap,
 * as long as all bits of apmask and aqmask are set.
 */
#ifndef VFIOAP_OVERRIDE_H
#define VFIOAP_OVERRIDE_H

#include "plan.h"

/* What a queue's driver_override says. */
enum override {
	OVERRIDE_NONE,
	OVERRIDE_HOST,		/* one of the host's drivers */
	OVERRIDE_VFIO_AP,
};

/* Read those of all queues, where they can have any. 0 or -ENOMEM. */
int overrides_read(struct vfioap_host *host, const struct vfioap_ctx *ctx);

/* True if queues are to be moved by overrides here: the kernel has them, and no mask is used. */
bool overrides_rule(const struct vfioap_host *host);

/* How many queues have one. */
size_t overrides_count(const struct vfioap_host *host);

/*
 * Give the queues of the host that the patterns stand for to vfio_ap, or take them back.
 * -EBUSY: a device has one that would go to the host.
 */
int override_queues(struct vfioap_plan *plan, const struct vfioap_queue_pattern *patterns,
		    size_t count, bool to_vfio_ap, struct vfioap_error **error);

/* -EINVAL if masks cannot be changed because a queue has an override. */
int override_check_masks(const struct vfioap_host *host, struct vfioap_error **error);

#endif
