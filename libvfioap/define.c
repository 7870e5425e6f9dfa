// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Plans that change the stored definitions.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "error.h"
#include "matrix.h"
#include "naming.h"
#include "owner.h"
#include "plan.h"
#include "save.h"
#include "store.h"

static int exists(const char *uuid, const struct vfioap_error *bad, struct vfioap_error **error)
{
	int rc = bad ? error_fail(error, VFIOAP_CONFLICT, EEXIST,
				  "there is a definition already that makes no sense: %s",
				  vfioap_error_get_message(bad)) :
		       error_fail(error, VFIOAP_CONFLICT, EEXIST,
				  "device %s is defined already with other contents", uuid);

	error_hint(error, "vfioap-ctl undefine %s", uuid);
	return rc;
}

static int share_queues(const struct vfioap_plan *plan, const struct vfioap_definition *a,
			const struct vfioap_matrix *matrix, struct vfioap_error **error)
{
	_cleanup_owner_ struct vfioap_owner *owner = owner_new(VFIOAP_OWNER_DEVICE, a->uuid, NULL);
	struct vfioap_matrix shared = matrix_and(&a->matrix, matrix);
	_cleanup_queues_ uint16_t *queues = NULL;
	char first[VFIOAP_APQN_TEXT_SIZE];
	size_t count;
	int rc;

	if (!owner || owner_set_name(owner, vfioap_host_get_name(plan->after, a->uuid)) ||
	    matrix_list_queues(&shared, &queues, &count))
		return error_no_memory(error);
	vfioap_apqn_format(queues[0], first);
	rc = error_fail(error, VFIOAP_CONFLICT, EADDRINUSE,
			"queue %s%s belongs to the definition of device %s, which is also started "
			"automatically", first, count > 1 ? " and others" : "", a->uuid);
	error_which(error, queues, count);
	error_whose(error, owner);
	error_hint(error, "vfioap-ctl disable %s", a->uuid);
	return rc;
}

/* Two definitions that are started automatically cannot both get a queue. */
static int check_conflict(const struct vfioap_plan *plan, const char *uuid,
			  const struct vfioap_matrix *matrix, struct vfioap_error **error)
{
	const struct table *definitions = &plan->after->store.definitions;
	size_t i;

	for (i = 0; i < definitions->count; i++) {
		const struct vfioap_definition *other = definitions->elements[i];

		if (other->start == VFIOAP_START_AUTO && strcmp(other->uuid, uuid) &&
		    matrix_shares_queue(&other->matrix, matrix))
			return share_queues(plan, other, matrix, error);
	}
	return 0;
}

static int add_definition(struct vfioap_plan *plan, struct vfioap_definition *definition,
			  struct vfioap_error **error)
{
	_cleanup_definition_ struct vfioap_definition *owned = definition;
	_cleanup_text_ char *text = NULL;
	size_t first = plan->num_steps;
	int rc;

	if (!definition)
		return error_no_memory(error);
	rc = vfioap_definition_format(&definition->matrix, definition->start, &text, error);
	if (!rc)
		rc = save_lock(plan, error);
	if (!rc)
		rc = save_add_step(plan, definition->uuid, "define",
				   definition_path(definition->uuid), text, error);
	if (!rc && store_put(&plan->after->store, definition->uuid, take_pointer(owned)))
		rc = error_no_memory(error);
	if (rc)
		plan_drop_steps(plan, first);
	return rc;
}

int vfioap_plan_define(struct vfioap_plan *plan, const char *text,
		       const struct vfioap_matrix *matrix, enum vfioap_start start,
		       unsigned int flags, struct vfioap_error **error)
{
	_cleanup_text_ char *path = NULL;
	const struct vfioap_definition *old;
	const struct vfioap_error *bad;
	char uuid[VFIOAP_UUID_SIZE];
	int rc;

	rc = plan_check_uuid(plan, text, uuid, error);
	if (rc)
		return rc;
	path = definition_path(uuid);
	if (!path)
		return error_no_memory(error);
	old = store_find(&plan->after->store, uuid);
	bad = old ? NULL : store_find_bad(&plan->before->store, path);
	if (start == VFIOAP_START_ANY)
		start = old ? old->start : VFIOAP_START_MANUAL;
	if (old && vfioap_matrix_equal(&old->matrix, matrix) && old->start == start)
		return 0;
	if ((old || bad) && !(flags & VFIOAP_DEFINE_REPLACE))
		rc = exists(uuid, bad, error);
	else if (start == VFIOAP_START_AUTO)
		rc = check_conflict(plan, uuid, matrix, error);
	error_at(rc ? error : NULL, "define", path);
	return rc ? rc : add_definition(plan, definition_new(uuid, matrix, start), error);
}

/* There is no definition, or none that makes sense. */
static int not_defined(const struct vfioap_plan *plan, const char *uuid,
		       struct vfioap_error **error)
{
	_cleanup_text_ char *path = definition_path(uuid);
	const struct vfioap_error *bad = path ? store_find_bad(&plan->before->store, path) :
						NULL;
	int rc;

	if (bad) {
		rc = error_fail(error, vfioap_error_get_code(bad), vfioap_error_get_errno(bad),
				"%s", vfioap_error_get_message(bad));
		error_at(error, "read", path);
		return rc;
	}
	rc = error_fail(error, VFIOAP_NOT_FOUND, ENOENT, "device %s is not defined", uuid);
	error_hint(error, "vfioap-ctl define %s", uuid);
	return rc;
}

int vfioap_plan_set_start(struct vfioap_plan *plan, const char *text, enum vfioap_start start,
			  struct vfioap_error **error)
{
	const struct vfioap_definition *old;
	char uuid[VFIOAP_UUID_SIZE];
	int rc;

	rc = plan_check_uuid(plan, text, uuid, error);
	if (rc)
		return rc;
	old = store_find(&plan->after->store, uuid);
	if (old)
		return vfioap_plan_define(plan, uuid, &old->matrix, start, VFIOAP_DEFINE_REPLACE,
					  error);
	return not_defined(plan, uuid, error);
}

int vfioap_plan_start(struct vfioap_plan *plan, const char *text, struct vfioap_error **error)
{
	const struct vfioap_definition *definition;
	const struct vfioap_device *device;
	char uuid[VFIOAP_UUID_SIZE];
	int rc;

	rc = plan_check_uuid(plan, text, uuid, error);
	if (rc)
		return rc;
	definition = store_find(&plan->after->store, uuid);
	if (!definition)
		return not_defined(plan, uuid, error);
	device = vfioap_host_find_device(plan->after, uuid);
	if (device && vfioap_device_get_state(device) != VFIOAP_DEVICE_REMOVING)
		return 0;
	return vfioap_plan_create(plan, uuid, &definition->matrix, error);
}

int vfioap_plan_undefine(struct vfioap_plan *plan, const char *text, struct vfioap_error **error)
{
	_cleanup_text_ char *path = NULL;
	char uuid[VFIOAP_UUID_SIZE];
	size_t first = plan->num_steps;
	int rc;

	rc = plan_check_uuid(plan, text, uuid, error);
	if (rc)
		return rc;
	path = definition_path(uuid);
	if (!path)
		return error_no_memory(error);
	if (store_find(&plan->after->store, uuid) ||
	    store_find_bad(&plan->before->store, path)) {
		rc = save_lock(plan, error);
		if (!rc)
			rc = save_add_step(plan, uuid, "undefine", take_pointer(path), NULL, error);
		if (!rc)
			store_put(&plan->after->store, uuid, NULL);
	}
	if (!rc)
		rc = naming_undefine(plan, uuid, error);
	if (rc)
		plan_drop_steps(plan, first);
	return rc;
}
