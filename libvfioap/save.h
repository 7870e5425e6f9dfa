/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef VFIOAP_SAVE_H
#define VFIOAP_SAVE_H

#include "plan.h"

/* Take the lock of the stored files, making what is missing of it, if not yet held. */
int save_lock(struct vfioap_plan *plan, struct vfioap_error **error);

/*
 * A step that writes a file, or, if @text is NULL, deletes it. The step takes @path over,
 * which may be NULL when there is no memory.
 */
int save_add_step(struct vfioap_plan *plan, const char *uuid, const char *operation, char *path,
		  const char *text, struct vfioap_error **error);

#endif
