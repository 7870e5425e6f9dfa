// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "error.h"
#include "predict.h"
#include "store_write.h"
#include "sysfs.h"

/* The data for a message, as length and pointer: without a newline at its end. */
#define STEP_TEXT(step) (int)strcspn((step)->data, "\n"), (step)->data

static void step_free(struct vfioap_step *step)
{
	free(step->path);
	free(step->data);
	free(step->old);
	free(step);
}

void plan_drop_steps(struct vfioap_plan *plan, size_t count)
{
	while (plan->num_steps > count)
		step_free(plan->steps[--plan->num_steps]);
}

static void release_locks(struct vfioap_plan *plan)
{
	lock_release(plan->lock);
	plan->lock = NULL;
	close_fdp(&plan->store_lock);
	plan->store_lock = -1;
}

void vfioap_plan_free(struct vfioap_plan *plan)
{
	if (!plan)
		return;
	plan_drop_steps(plan, 0);
	free(plan->steps);
	free(plan->asked_for);
	free(plan->moved);
	vfioap_host_free(plan->before);
	vfioap_host_free(plan->after);
	release_locks(plan);
	vfioap_ctx_unref(plan->ctx);
	free(plan);
}

static void plan_freep(struct vfioap_plan **plan)
{
	vfioap_plan_free(*plan);
}

static int acquire_locks(struct vfioap_plan *plan, struct vfioap_error **error)
{
	int rc = lock_acquire(plan->ctx, &plan->lock, error);

	return rc ? rc : store_lock(plan->ctx, false, &plan->store_lock, error);
}

int vfioap_plan_new(struct vfioap_ctx *ctx, unsigned int flags, struct vfioap_plan **result,
		    struct vfioap_error **error)
{
	_cleanup_(plan_freep) struct vfioap_plan *plan = calloc(1, sizeof(*plan));
	int rc = 0;

	if (!plan)
		return error_no_memory(error);
	plan->ctx = vfioap_ctx_ref(ctx);
	plan->flags = flags;
	plan->store_lock = -1;
	if (!(flags & VFIOAP_PLAN_PREVIEW))
		rc = acquire_locks(plan, error);
	if (!rc)
		rc = vfioap_host_read(ctx, PLAN_PARTS, &plan->before, error);
	if (rc)
		return rc;
	plan->after = host_copy(plan->before);
	if (!plan->after)
		return error_no_memory(error);
	*result = take_pointer(plan);
	return 0;
}

int plan_check_open(const struct vfioap_plan *plan, struct vfioap_error **error)
{
	if (!plan->executed)
		return 0;
	return error_fail(error, VFIOAP_INVALID, EINVAL, "the plan was executed already");
}

int plan_check_uuid(const struct vfioap_plan *plan, const char *text, char uuid[VFIOAP_UUID_SIZE],
		    struct vfioap_error **error)
{
	int rc = plan_check_open(plan, error);

	return rc ? rc : vfioap_uuid_parse(text, uuid, error);
}

struct vfioap_step *plan_add_step(struct vfioap_plan *plan, const struct step_class *class,
				  const char *operation, char *path, const char *data)
{
	struct vfioap_step **larger;
	struct vfioap_step *step;

	larger = realloc(plan->steps, (plan->num_steps + 1) * sizeof(*larger));
	if (larger)
		plan->steps = larger;
	step = larger ? calloc(1, sizeof(*step)) : NULL;
	if (!step) {
		free(path);
		return NULL;
	}
	step->class = class;
	step->operation = operation;
	step->path = path;
	step->data = strdup(data);
	if (!step->data) {
		step_free(step);
		return NULL;
	}
	plan->steps[plan->num_steps++] = step;
	return step;
}

int step_write_and_read(struct vfioap_plan *plan, struct vfioap_step *step, char **shown,
			struct vfioap_error **error)
{
	int rc = sysfs_write_and_read(plan->ctx, step->path, step->data, shown);

	if (!rc) {
		step->done = true;
		return 0;
	}
	rc = error_from_errno(error, -rc, "cannot write %.*s to %s", STEP_TEXT(step), step->path);
	error_at(error, step->operation, step->path);
	return rc;
}

int step_write(struct vfioap_plan *plan, struct vfioap_step *step, struct vfioap_error **error)
{
	return step_write_and_read(plan, step, NULL, error);
}

int step_without_effect(const struct vfioap_step *step, const char *shown,
			struct vfioap_error **error)
{
	int rc = error_fail(error, VFIOAP_IO, EIO,
			    "the kernel took %.*s for %s, but it had no effect%s%.*s",
			    STEP_TEXT(step), step->path, shown ? ": it shows " : "",
			    shown ? (int)strcspn(shown, "\n") : 0, shown ? shown : "");

	error_at(error, step->operation, step->path);
	return rc;
}

void plan_release_lock(struct vfioap_plan *plan, const struct vfioap_step *waiting)
{
	size_t i;

	for (i = 0; i < plan->num_steps; i++) {
		if (strcmp(plan->steps[i]->uuid, waiting->uuid))
			return;
	}
	release_locks(plan);
}

/* A device that is going cannot be given back what it had. */
static bool can_undo(const struct vfioap_step *step, const struct vfioap_step *failed)
{
	return step->done && step->class->undo &&
	       !(failed->pending && !strcmp(step->uuid, failed->uuid));
}

/* Undo what the first @count steps did, in reverse order and as far as possible. */
static void undo_steps(struct vfioap_plan *plan, size_t count, struct vfioap_error **error)
{
	const struct vfioap_step *failed = plan->steps[count - 1];

	while (count--) {
		_cleanup_error_ struct vfioap_error *why = NULL;
		struct vfioap_step *step = plan->steps[count];

		if (!can_undo(step, failed))
			continue;
		ctx_log(plan->ctx, VFIOAP_LOG_INFO, "undo %s %.*s", step->operation,
			STEP_TEXT(step));
		if (step->class->undo(plan, step, &why))
			error_partial(error, "undoing %s %.*s failed, too: %s", step->operation,
				      STEP_TEXT(step), why ? vfioap_error_get_message(why) : "?");
	}
}

static int run_step(struct vfioap_plan *plan, struct vfioap_step *step,
		    struct vfioap_error **error)
{
	_cleanup_text_ char *what = NULL;
	int rc;

	if (asprintf(&what, "%s %.*s", step->operation, STEP_TEXT(step)) < 0) {
		what = NULL;
		return error_no_memory(error);
	}
	rc = ctx_step(plan->ctx, what, error);
	return rc ? rc : step->class->run(plan, step, error);
}

/* The snapshot afterwards; if it cannot be had, the computed one has to do. */
static void read_after(struct vfioap_plan *plan)
{
	struct vfioap_host *after;

	if (vfioap_host_read(plan->ctx, PLAN_PARTS, &after, NULL))
		return;
	vfioap_host_free(plan->after);
	plan->after = after;
}

int vfioap_plan_execute(struct vfioap_plan *plan, struct vfioap_error **error)
{
	size_t i;
	int rc;

	rc = plan_check_open(plan, error);
	if (rc)
		return rc;
	if (plan->flags & VFIOAP_PLAN_PREVIEW)
		return error_fail(error, VFIOAP_INVALID, EINVAL, "the plan is only a preview");
	plan->executed = true;
	for (i = 0; i < plan->num_steps && !rc; i++)
		rc = run_step(plan, plan->steps[i], error);
	if (rc)
		undo_steps(plan, i, error);
	read_after(plan);
	return rc;
}

size_t vfioap_plan_get_num_steps(const struct vfioap_plan *plan)
{
	return plan->num_steps;
}

const struct vfioap_step *vfioap_plan_get_step(const struct vfioap_plan *plan, size_t index)
{
	return index < plan->num_steps ? plan->steps[index] : NULL;
}

const char *vfioap_step_get_operation(const struct vfioap_step *step)
{
	return step->operation;
}

const char *vfioap_step_get_path(const struct vfioap_step *step)
{
	return step->path;
}

const char *vfioap_step_get_data(const struct vfioap_step *step)
{
	return step->data;
}

const struct vfioap_host *vfioap_plan_get_before(const struct vfioap_plan *plan)
{
	return plan->before;
}

const struct vfioap_host *vfioap_plan_get_after(const struct vfioap_plan *plan)
{
	return plan->after;
}

size_t vfioap_plan_get_num_moved_queues(const struct vfioap_plan *plan)
{
	return plan->num_moved;
}

uint16_t vfioap_plan_get_moved_queue(const struct vfioap_plan *plan, size_t index,
				     bool *asked_for)
{
	if (asked_for)
		*asked_for = plan->moved[index].asked_for;
	return plan->moved[index].apqn;
}
