/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef VFIOAP_NAMING_H
#define VFIOAP_NAMING_H

#include "plan.h"

/* Add what deletes the name and the label of a device, if it has any. */
int naming_forget(struct vfioap_plan *plan, const char *uuid, struct vfioap_error **error);
/* The same, if they are kept only as long as it runs. */
int naming_forget_running(struct vfioap_plan *plan, const char *uuid, struct vfioap_error **error);

#endif
