/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef VFIOAP_NAMING_H
#define VFIOAP_NAMING_H

#include "plan.h"

/*
 * Add what becomes of the name and the label of a device that is no longer defined: they are
 * deleted, or kept as long as it runs.
 */
int naming_undefine(struct vfioap_plan *plan, const char *uuid, struct vfioap_error **error);
/* Add what deletes them if they are kept only as long as it runs. */
int naming_forget_running(struct vfioap_plan *plan, const char *uuid, struct vfioap_error **error);

#endif
