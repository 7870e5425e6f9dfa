/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef VFIOAP_CHANGE_H
#define VFIOAP_CHANGE_H

#include "plan.h"

/*
 * Add the steps that give a device @after instead of @before.
 *
 * @new: the device is created by this plan, and goes if the plan fails
 */
int change_add_steps(struct vfioap_plan *plan, const char *uuid, bool has_config, bool new,
		     const struct vfioap_matrix *before, const struct vfioap_matrix *after);

/* Create a device again that this plan has removed. */
int change_recreate(struct vfioap_plan *plan, const char *uuid, const struct vfioap_matrix *matrix,
		    struct vfioap_error **error);

/* The device that a plan will find, or an error: -EINVAL, -ENOENT, -EBUSY, -EOPNOTSUPP. */
int change_find_device(struct vfioap_plan *plan, const char *uuid, struct vfioap_device **device,
		       struct vfioap_error **error);

/* -EOPNOTSUPP unless there is a bus and a driver. */
int change_check_driver(const struct vfioap_host *host, struct vfioap_error **error);

#endif
