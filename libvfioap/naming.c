// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Plans that change the names and labels of devices. Those of a defined device are stored
 * beside its definition; those of one that only runs are kept as long as it does.
 */
#include "naming.h"

#include <errno.h>
#include <string.h>

#include "cleanup.h"
#include "device.h"
#include "error.h"
#include "save.h"
#include "store.h"

/* Whom a name would lead to by now, if not to @uuid; NULL if it is free. */
static const char *name_taken(const struct vfioap_plan *plan, const char *uuid, const char *name,
			      char computed[VFIOAP_UUID_SIZE])
{
	const char *named = vfioap_host_find_name(plan->after, name);

	if (named)
		return strcmp(named, uuid) ? named : NULL;
	if (vfioap_uuid_from_name(name, computed, NULL) || !strcmp(computed, uuid))
		return NULL;
	if (vfioap_host_find_device(plan->after, computed) ||
	    store_find(&plan->after->store, computed))
		return computed;
	return NULL;
}

static int check_name(const struct vfioap_plan *plan, const char *uuid, const char *name,
		      const char *label, struct vfioap_error **error)
{
	char unused[VFIOAP_UUID_SIZE];
	const char *taken;
	int rc = 0;

	if (name)
		rc = vfioap_uuid_from_name(name, unused, error);
	if (!rc && label)
		rc = device_label_check(label, error);
	if (rc || !name)
		return rc;
	taken = name_taken(plan, uuid, name, unused);
	if (!taken)
		return 0;
	return error_fail(error, VFIOAP_CONFLICT, EEXIST, "device %s has the name %s already",
			  taken, name);
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static int add_step(struct vfioap_plan *plan, const char *uuid, bool running, const char *text,
		    struct vfioap_error **error)
{
	/* the lock of the AP configuration is enough for what is not stored */
	int rc = running ? 0 : save_lock(plan, error);

	if (rc)
		return rc;
	return save_add_step(plan, uuid, text ? "name" : "unname", device_name_path(uuid, running),
			     text, error);
}

/* Names that are left of devices that somebody else removed: if they came back, two had it. */
static int clear_stale(struct vfioap_plan *plan, const char *uuid, const char *name,
		       struct vfioap_error **error)
{
	const struct table *stale = &plan->before->store.stale;
	size_t i;
	int rc = 0;

	for (i = 0; i < stale->count && !rc; i++) {
		const struct device_name *old = stale->elements[i];

		if (name && old->name && !strcmp(old->name, name) && strcmp(old->uuid, uuid))
			rc = add_step(plan, old->uuid, true, NULL, error);
	}
	return rc;
}

/* What the plan makes of the name; takes @after over, which is NULL if none is left. */
static int predict_name(struct vfioap_host *host, const char *uuid, struct device_name *after)
{
	struct vfioap_device *device = device_find(host, uuid);
	const char *name = after ? after->name : NULL;
	int rc = device ? device_set_name(device, name) : 0;

	return store_put_name(&host->store, uuid, after) ? -ENOMEM : rc;
}

/* A name that moves from one place to the other is deleted where it was. */
static int replace_name(struct vfioap_plan *plan, const char *uuid, const struct device_name *old,
			const struct device_name *new, struct vfioap_error **error)
{
	_cleanup_text_ char *text = new ? device_name_format(new->name, new->label) : NULL;
	int rc = 0;

	if (new && !text)
		return error_no_memory(error);
	if (new)
		rc = clear_stale(plan, uuid, new->name, error);
	if (!rc && new)
		rc = add_step(plan, uuid, new->running, text, error);
	if (!rc && old && (!new || old->running != new->running))
		rc = add_step(plan, uuid, old->running, NULL, error);
	return rc;
}

/* Add steps and prediction, or leave the plan as it was. Takes @new over. */
static int change_name(struct vfioap_plan *plan, const char *uuid, struct device_name *new,
		       struct vfioap_error **error)
{
	const struct device_name *old = store_find_name(&plan->after->store, uuid);
	size_t first = plan->num_steps;
	int rc = replace_name(plan, uuid, old, new, error);

	if (rc)
		device_name_free(new);
	else if (predict_name(plan->after, uuid, new))
		rc = error_no_memory(error);
	if (rc)
		plan_drop_steps(plan, first);
	return rc;
}

/* Where a name is kept: nothing is stored of a device that only runs. */
static bool only_runs(const struct vfioap_host *host, const char *uuid,
		      const struct device_name *old)
{
	return device_find(host, uuid) && !store_find(&host->store, uuid) &&
	       (!old || old->running);
}

int vfioap_plan_name(struct vfioap_plan *plan, const char *text, const char *name,
		     const char *label, struct vfioap_error **error)
{
	const struct device_name *old;
	struct device_name *new;
	char uuid[VFIOAP_UUID_SIZE];
	bool running;
	int rc;

	rc = plan_check_uuid(plan, text, uuid, error);
	if (!rc)
		rc = check_name(plan, uuid, name, label, error);
	if (rc)
		return rc;
	old = store_find_name(&plan->after->store, uuid);
	running = only_runs(plan->after, uuid, old);
	if (same_text(old ? old->name : NULL, name) &&
	    same_text(old ? old->label : NULL, label) && (!old || old->running == running))
		return 0;
	if (!name && !label)
		return change_name(plan, uuid, NULL, error);
	new = device_name_new(uuid, name, label);
	if (!new)
		return error_no_memory(error);
	new->running = running;
	return change_name(plan, uuid, new, error);
}

/* A file that makes no sense; what was in it, nobody knows. */
static int forget_bad_name(struct vfioap_plan *plan, const char *uuid, struct vfioap_error **error)
{
	_cleanup_text_ char *path = device_name_path(uuid, false);

	if (!path)
		return error_no_memory(error);
	return store_find_bad(&plan->before->store, path) ?
		       add_step(plan, uuid, false, NULL, error) : 0;
}

int naming_undefine(struct vfioap_plan *plan, const char *uuid, struct vfioap_error **error)
{
	const struct device_name *old = store_find_name(&plan->after->store, uuid);
	struct device_name *new;

	if (!old)
		return forget_bad_name(plan, uuid, error);
	if (!device_find(plan->after, uuid))
		return change_name(plan, uuid, NULL, error);
	if (old->running)
		return 0;
	new = device_name_new(uuid, old->name, old->label);
	if (!new)
		return error_no_memory(error);
	new->running = true;
	return change_name(plan, uuid, new, error);
}

int naming_forget_running(struct vfioap_plan *plan, const char *uuid, struct vfioap_error **error)
{
	const struct device_name *old = store_find_name(&plan->after->store, uuid);

	return old && old->running ? change_name(plan, uuid, NULL, error) : 0;
}
