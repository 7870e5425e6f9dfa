// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * From a host to a configuration: the order of the changes.
 *
 * Queues must be free before another device or the host can have them. So the pool grows
 * first and shrinks last; a device goes straight to what it shall have as soon as nobody
 * who is still to change is in the way; and where devices wait for each other in a circle,
 * one of them is first reduced to what it keeps. As no two devices of a configuration
 * share a queue, that always opens the circle.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "configuration.h"
#include "device.h"
#include "error.h"
#include "matrix.h"
#include "plan.h"
#include "pool.h"
#include "predict.h"

/* Long enough for the resets of a device that nobody uses, in milliseconds. */
#define REMOVE_TIMEOUT 30000

/* In the order in which they are tried. */
enum aim {
	REMOVE,		/* first, for there is a limit to the number of devices */
	SHRINK,		/* it only loses */
	CHANGE,
	CREATE,		/* last: what does not exist yet is in nobody's way */
};

/**
 * struct target - a device, and what is to become of it
 * @wanted: what it shall have; nothing if it is to be removed
 */
struct target {
	enum aim aim;
	char uuid[VFIOAP_UUID_SIZE];
	struct vfioap_matrix wanted;
	bool done;
};

struct targets {
	struct target *array;
	size_t count;
};

static void free_targetsp(struct targets *targets)
{
	free(targets->array);
}

static void add_target(struct targets *targets, enum aim aim, const char *uuid,
		       const struct vfioap_matrix *wanted)
{
	struct target *target = &targets->array[targets->count++];

	*target = (struct target){ .aim = aim };
	memcpy(target->uuid, uuid, sizeof(target->uuid));
	if (wanted)
		target->wanted = *wanted;
}

static int compare_targets(const void *a, const void *b)
{
	const struct target *first = a, *second = b;

	if (first->aim != second->aim)
		return first->aim < second->aim ? -1 : 1;
	return strcmp(first->uuid, second->uuid);
}

static enum aim aim_for(const struct vfioap_host *host, const struct configured_device *wanted)
{
	const struct vfioap_device *device = device_find(host, wanted->uuid);
	struct vfioap_matrix more;

	if (!device)
		return CREATE;
	more = matrix_minus(&wanted->matrix, &device->matrix);
	return matrix_empty(&more) ? SHRINK : CHANGE;
}

/* Which devices are to change, in an order that does not depend on that of the file. */
static int find_targets(const struct vfioap_host *host,
			const struct vfioap_configuration *configuration, unsigned int flags,
			struct targets *targets)
{
	size_t i;

	targets->array = calloc(host->num_devices + configuration->num_devices + 1,
				sizeof(*targets->array));
	if (!targets->array)
		return -ENOMEM;
	for (i = 0; i < configuration->num_devices; i++) {
		const struct configured_device *device = &configuration->devices[i];

		add_target(targets, aim_for(host, device), device->uuid, &device->matrix);
	}
	for (i = 0; flags & VFIOAP_APPLY_PRUNE && i < host->num_devices; i++) {
		if (!configuration_find(configuration, host->devices[i]->uuid))
			add_target(targets, REMOVE, host->devices[i]->uuid, NULL);
	}
	qsort(targets->array, targets->count, sizeof(*targets->array), compare_targets);
	return 0;
}

/* Has a device that is still to change queues that @target wants? */
static bool must_wait(const struct vfioap_plan *plan, const struct targets *targets,
		      const struct target *target)
{
	size_t i;

	for (i = 0; i < targets->count; i++) {
		const struct target *other = &targets->array[i];
		const struct vfioap_device *device;

		if (other == target || other->done || other->aim == CREATE)
			continue;
		device = device_find(plan->after, other->uuid);
		if (device && matrix_shares_queue(&device->matrix, &target->wanted))
			return true;
	}
	return false;
}

static int reach(struct vfioap_plan *plan, struct target *target, struct vfioap_error **error)
{
	target->done = true;
	switch (target->aim) {
	case REMOVE:
		return vfioap_plan_remove(plan, target->uuid, 0, REMOVE_TIMEOUT, error);
	case CREATE:
		return vfioap_plan_create(plan, target->uuid, &target->wanted, error);
	default:
		return vfioap_plan_set(plan, target->uuid, &target->wanted,
				       VFIOAP_ADAPTERS | VFIOAP_DOMAINS | VFIOAP_CONTROL_DOMAINS,
				       error);
	}
}

/* Does @device have queues that it gives up, and that somebody waits for? */
static bool in_the_way(const struct vfioap_device *device, const struct targets *targets,
		       const struct target *target)
{
	size_t i;

	for (i = 0; i < targets->count; i++) {
		const struct target *other = &targets->array[i];

		if (other != target && !other->done &&
		    matrix_shares_queue(&device->matrix, &other->wanted))
			return true;
	}
	return false;
}

/* Nobody can go on: let the first that is in another's way keep only what it is to have. */
static int open_circle(struct vfioap_plan *plan, const struct targets *targets,
		       struct vfioap_error **error)
{
	size_t i;

	for (i = 0; i < targets->count; i++) {
		const struct target *target = &targets->array[i];
		struct vfioap_device *device = device_find(plan->after, target->uuid);
		struct vfioap_matrix kept;

		if (target->done || !device || !in_the_way(device, targets, target))
			continue;
		kept = matrix_and(&device->matrix, &target->wanted);
		return vfioap_plan_set(plan, target->uuid, &kept,
				       VFIOAP_ADAPTERS | VFIOAP_DOMAINS, error);
	}
	return error_fail(error, VFIOAP_FAILED, EDEADLK, "no order of changes leads there");
}

/* Once through the list: whoever need not wait goes on. Devices are created at the end. */
static int go_through(struct vfioap_plan *plan, struct targets *targets, size_t *left,
		      struct vfioap_error **error)
{
	bool waiting = false;
	size_t i;
	int rc;

	for (i = 0; i < targets->count; i++) {
		struct target *target = &targets->array[i];

		if (target->done)
			continue;
		if (target->aim == CREATE && waiting)
			break;
		if (must_wait(plan, targets, target)) {
			waiting = true;
			continue;
		}
		rc = reach(plan, target, error);
		if (rc)
			return rc;
		--*left;
	}
	return 0;
}

static int change_devices(struct vfioap_plan *plan, struct targets *targets,
			  struct vfioap_error **error)
{
	size_t left = targets->count;
	int rc = 0;

	while (left && !rc) {
		size_t before = left;

		rc = go_through(plan, targets, &left, error);
		if (!rc && left == before)
			rc = open_circle(plan, targets, error);
	}
	return rc;
}

/* Store those devices of which the file says when they are to be started. */
static int define_devices(struct vfioap_plan *plan,
			  const struct vfioap_configuration *configuration,
			  struct vfioap_error **error)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < configuration->num_devices && !rc; i++) {
		const struct configured_device *device = &configuration->devices[i];

		if (device->start != VFIOAP_START_ANY)
			rc = vfioap_plan_define(plan, device->uuid, &device->matrix,
						device->start, VFIOAP_DEFINE_REPLACE, error);
	}
	return rc;
}

/* A name that the file does not tell is kept, and so is a label. */
static int name_devices(struct vfioap_plan *plan, const struct vfioap_configuration *configuration,
			struct vfioap_error **error)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < configuration->num_devices && !rc; i++) {
		const struct configured_device *device = &configuration->devices[i];

		if (device->name)
			rc = vfioap_plan_name(plan, device->uuid, device->name,
					      vfioap_host_get_label(plan->after, device->uuid),
					      error);
	}
	return rc;
}

static int apply(struct vfioap_plan *plan, const struct vfioap_configuration *configuration,
		 unsigned int flags, struct vfioap_error **error)
{
	_cleanup_(free_targetsp) struct targets targets = { 0 };
	int rc;

	if (find_targets(plan->after, configuration, flags, &targets))
		return error_no_memory(error);
	rc = pool_grow(plan, &configuration->pool, configuration->pool_parts, error);
	if (!rc)
		rc = change_devices(plan, &targets, error);
	if (!rc)
		rc = define_devices(plan, configuration, error);
	if (!rc)
		rc = name_devices(plan, configuration, error);
	if (!rc)
		rc = pool_set(plan, &configuration->pool, configuration->pool_parts, error);
	return rc;
}

int vfioap_plan_apply(struct vfioap_plan *plan, const struct vfioap_configuration *configuration,
		      unsigned int flags, struct vfioap_error **error)
{
	struct vfioap_host *after;
	size_t first = plan->num_steps;
	int rc;

	rc = plan_check_open(plan, error);
	if (!rc)
		rc = configuration_check(configuration, "the configuration", error);
	if (rc)
		return rc;
	after = host_copy(plan->after);
	if (!after)
		return error_no_memory(error);
	rc = apply(plan, configuration, flags, error);
	if (rc) {
		/* as it was before */
		plan_drop_steps(plan, first);
		vfioap_host_free(plan->after);
		plan->after = take_pointer(after);
	}
	vfioap_host_free(after);
	return rc;
}
