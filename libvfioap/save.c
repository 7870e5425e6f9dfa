// SPDX-License-Identifier: LGPL-2.1-or-later
#include "save.h"

#include <errno.h>
#include <string.h>

#include "error.h"
#include "store_write.h"

static int save_run(struct vfioap_plan *plan, struct vfioap_step *step,
		    struct vfioap_error **error)
{
	int rc;

	step->done = true;
	rc = store_save(plan->ctx, step->path, *step->data ? step->data : NULL, error);
	error_at(error, step->operation, step->path);
	return rc;
}

static int save_undo(struct vfioap_plan *plan, struct vfioap_step *step,
		     struct vfioap_error **error)
{
	return store_restore(plan->ctx, step->path, step->old, error);
}

static const struct step_class save_class = { save_run, save_undo };

int save_add_step(struct vfioap_plan *plan, const char *uuid, const char *operation, char *path,
		  const char *text, struct vfioap_error **error)
{
	struct vfioap_step *step = path ? plan_add_step(plan, &save_class, operation, path,
							text ? text : "") : NULL;
	int rc;

	if (!step)
		return error_no_memory(error);
	memcpy(step->uuid, uuid, sizeof(step->uuid));
	rc = store_load(plan->ctx, step->path, &step->old);
	return rc == -ENOMEM ? error_no_memory(error) : 0;
}

int save_lock(struct vfioap_plan *plan, struct vfioap_error **error)
{
	if (plan->flags & VFIOAP_PLAN_PREVIEW || plan->store_lock >= 0)
		return 0;
	return store_lock(plan->ctx, true, &plan->store_lock, error);
}
