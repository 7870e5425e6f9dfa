// SPDX-License-Identifier: LGPL-2.1-or-later
#include "change.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "conflict.h"
#include "device.h"
#include "error.h"
#include "hint.h"
#include "matrix.h"
#include "predict.h"
#include "remove.h"
#include "sysfs.h"

/* ap_config changes all at once; without it, each id has a write of its own. */
#define AP_CONFIG "ap_config"

struct attribute {
	const char *assign;
	const char *unassign;
	size_t part;		/* offset in struct vfioap_matrix */
	int digits;
};

static const struct attribute attributes[] = {
	{ "assign_adapter", "unassign_adapter", offsetof(struct vfioap_matrix, adapters),
	  VFIOAP_ADAPTER_DIGITS },
	{ "assign_domain", "unassign_domain", offsetof(struct vfioap_matrix, domains),
	  VFIOAP_DOMAIN_DIGITS },
	{ "assign_control_domain", "unassign_control_domain",
	  offsetof(struct vfioap_matrix, control_domains), VFIOAP_DOMAIN_DIGITS },
};

#define for_each_attribute(a) \
	for ((a) = attributes; (a) < attributes + sizeof(attributes) / sizeof(attributes[0]); (a)++)

static struct vfioap_ids *part_of(struct vfioap_matrix *matrix, const struct attribute *attribute)
{
	return (struct vfioap_ids *)((char *)matrix + attribute->part);
}

/*
 * The kernel has refused: look again what is in the way. The state may have changed
 * since the plan was made, by a program that does not take the lock.
 */
static int explain_refusal(struct vfioap_plan *plan, const struct vfioap_step *step, int rc,
			   struct vfioap_error **error)
{
	struct vfioap_error *reason = NULL;
	struct vfioap_host *now = NULL;

	if (!error || vfioap_host_read(plan->ctx, PLAN_PARTS, &now, NULL))
		return rc;
	if (conflict_of_matrix(now, step->uuid, &step->after, &reason) == rc && reason) {
		error_clear(error);
		*error = reason;
		reason = NULL;
		error_at(error, step->operation, step->path);
	} else if (!device_find(now, step->uuid)) {
		error_clear(error);
		rc = error_fail(error, VFIOAP_NOT_FOUND, -rc, "device %s has gone meanwhile",
				step->uuid);
		error_at(error, step->operation, step->path);
	}
	vfioap_error_free(reason);
	vfioap_host_free(now);
	return rc;
}

/* After a write, the device must show what the step says. */
static int verify(struct vfioap_plan *plan, const struct vfioap_step *step,
		  const struct vfioap_matrix *expected, struct vfioap_error **error)
{
	char text[MATRIX_CONFIG_SIZE];
	struct vfioap_matrix shown;
	int rc;

	rc = device_read_matrix(plan->ctx, step->uuid, &shown);
	if (rc) {
		rc = error_from_errno(error, -rc, "cannot read back device %s", step->uuid);
		error_at(error, step->operation, step->path);
		return rc;
	}
	if (vfioap_matrix_equal(&shown, expected))
		return 0;
	matrix_format_config(&shown, text);
	return step_without_effect(step, text, error);
}

/* What has been read along with the write saves opening the device again. */
static bool shows_after(const struct vfioap_step *step, const char *shown)
{
	struct vfioap_matrix matrix;

	return shown && !matrix_parse_config(shown, &matrix) &&
	       vfioap_matrix_equal(&matrix, &step->after);
}

static int config_run(struct vfioap_plan *plan, struct vfioap_step *step,
		      struct vfioap_error **error)
{
	_cleanup_text_ char *shown = NULL;
	int rc = step_write_and_read(plan, step, &shown, error);

	if (rc)
		return explain_refusal(plan, step, rc, error);
	return shows_after(step, shown) ? 0 : verify(plan, step, &step->after, error);
}

static int single_run(struct vfioap_plan *plan, struct vfioap_step *step,
		      struct vfioap_error **error)
{
	int rc = step_write(plan, step, error);

	if (rc)
		return explain_refusal(plan, step, rc, error);
	return verify(plan, step, &step->after, error);
}

/* Write @data to another file of the same device, and see that it shows @step->before. */
static int undo_by(struct vfioap_plan *plan, const struct vfioap_step *step, const char *name,
		   const char *data, struct vfioap_error **error)
{
	_cleanup_text_ char *path = device_path(step->uuid, name);
	int rc;

	if (!path)
		return error_no_memory(error);
	rc = sysfs_write(plan->ctx, path, data);
	if (rc)
		return error_from_errno(error, -rc, "cannot write %.*s to %s",
					(int)strcspn(data, "\n"), data, path);
	return verify(plan, step, &step->before, error);
}

static int config_undo(struct vfioap_plan *plan, struct vfioap_step *step,
		       struct vfioap_error **error)
{
	char text[MATRIX_CONFIG_SIZE];

	matrix_format_config(&step->before, text);
	return undo_by(plan, step, AP_CONFIG, text, error);
}

static int single_undo(struct vfioap_plan *plan, struct vfioap_step *step,
		       struct vfioap_error **error)
{
	const struct attribute *a;
	const char *opposite = NULL;

	for_each_attribute(a) {
		if (!strcmp(a->assign, step->operation))
			opposite = a->unassign;
		else if (!strcmp(a->unassign, step->operation))
			opposite = a->assign;
	}
	return undo_by(plan, step, opposite, step->data, error);
}

static const struct step_class config_class = { config_run, config_undo };
static const struct step_class single_class = { single_run, single_undo };
/* What fills a device that is new goes with it. */
static const struct step_class fill_class = { config_run, NULL };
static const struct step_class fill_single_class = { single_run, NULL };

static int no_room(const struct vfioap_host *host, struct vfioap_error **error)
{
	_cleanup_text_ char *hint = hint_make_room(host);

	if (!hint)
		return error_no_memory(error);
	error_fail(error, VFIOAP_FAILED, EUSERS, "no more devices can be created%s",
		   *hint ? "" : ", and each of those that exist is in use");
	if (*hint)
		error_hint(error, "%s", hint);
	return -EUSERS;
}

static int explain_create(const struct vfioap_plan *plan, const struct vfioap_step *step, int rc,
			  struct vfioap_error **error)
{
	if (rc == -EEXIST) {
		error_clear(error);
		error_fail(error, VFIOAP_CONFLICT, EEXIST,
			   "device %s exists by now, perhaps with another parent", step->uuid);
	} else if (rc == -EUSERS) {
		error_clear(error);
		no_room(plan->before, error);
	}
	error_at(error, step->operation, step->path);
	return rc;
}

static int create_run(struct vfioap_plan *plan, struct vfioap_step *step,
		      struct vfioap_error **error)
{
	_cleanup_text_ char *path = device_path(step->uuid, "matrix");
	int rc;

	if (!path)
		return error_no_memory(error);
	rc = step_write(plan, step, error);
	if (rc)
		return explain_create(plan, step, rc, error);
	return sysfs_exists(plan->ctx, path) ? 0 : step_without_effect(step, NULL, error);
}

static int create_undo(struct vfioap_plan *plan, struct vfioap_step *step,
		       struct vfioap_error **error)
{
	return remove_now(plan->ctx, step->uuid, error);
}

static const struct step_class create_class = { create_run, create_undo };

static struct vfioap_step *add_config_step(struct vfioap_plan *plan, const char *uuid,
					   const struct step_class *class, const char *operation,
					   const char *data)
{
	char *path = device_path(uuid, operation);
	struct vfioap_step *step;

	step = path ? plan_add_step(plan, class, operation, path, data) : NULL;
	if (step)
		memcpy(step->uuid, uuid, sizeof(step->uuid));
	return step;
}

/* Writes for single ids, each of which shows its own state before and after. */
static int add_singles(struct vfioap_plan *plan, const char *uuid, const struct step_class *class,
		       const struct attribute *attribute, bool assign,
		       struct vfioap_matrix *state, struct vfioap_ids ids)
{
	struct vfioap_step *step;
	unsigned int id;
	char data[16];

	vfioap_ids_for_each(id, &ids) {
		snprintf(data, sizeof(data), "0x%0*x", attribute->digits, id);
		step = add_config_step(plan, uuid, class,
				       assign ? attribute->assign : attribute->unassign, data);
		if (!step)
			return -ENOMEM;
		step->before = *state;
		if (assign)
			vfioap_ids_add(part_of(state, attribute), id);
		else
			vfioap_ids_remove(part_of(state, attribute), id);
		step->after = *state;
	}
	return 0;
}

/* First what goes, then what comes: the device never has more than it may. */
static int add_all_singles(struct vfioap_plan *plan, const char *uuid, bool new,
			   const struct vfioap_matrix *before, const struct vfioap_matrix *after)
{
	const struct step_class *class = new ? &fill_single_class : &single_class;
	struct vfioap_matrix gone = matrix_minus(before, after);
	struct vfioap_matrix come = matrix_minus(after, before);
	struct vfioap_matrix state = *before;
	const struct attribute *a;
	int rc = 0;

	for_each_attribute(a) {
		if (!rc)
			rc = add_singles(plan, uuid, class, a, false, &state, *part_of(&gone, a));
	}
	for_each_attribute(a) {
		if (!rc)
			rc = add_singles(plan, uuid, class, a, true, &state, *part_of(&come, a));
	}
	return rc;
}

int change_add_steps(struct vfioap_plan *plan, const char *uuid, bool has_config, bool new,
		     const struct vfioap_matrix *before, const struct vfioap_matrix *after)
{
	char text[MATRIX_CONFIG_SIZE];
	struct vfioap_step *step;

	if (vfioap_matrix_equal(before, after))
		return 0;
	if (!has_config)
		return add_all_singles(plan, uuid, new, before, after);
	matrix_format_config(after, text);
	step = add_config_step(plan, uuid, new ? &fill_class : &config_class, AP_CONFIG, text);
	if (!step)
		return -ENOMEM;
	step->before = *before;
	step->after = *after;
	return 0;
}

static int add_create_steps(struct vfioap_plan *plan, const char *uuid,
			    const struct vfioap_matrix *matrix)
{
	const struct vfioap_matrix nothing = { 0 };
	char *path = strdup(PATH_TYPE "/create");
	struct vfioap_step *step;

	step = path ? plan_add_step(plan, &create_class, "create", path, uuid) : NULL;
	if (!step)
		return -ENOMEM;
	memcpy(step->uuid, uuid, sizeof(step->uuid));
	return change_add_steps(plan, uuid, plan->after->has_config, true, &nothing, matrix);
}

int change_recreate(struct vfioap_plan *plan, const char *uuid, const struct vfioap_matrix *matrix,
		    struct vfioap_error **error)
{
	size_t first = plan->num_steps, i;
	int rc = 0;

	if (add_create_steps(plan, uuid, matrix))
		rc = error_no_memory(error);
	for (i = first; i < plan->num_steps && !rc; i++)
		rc = plan->steps[i]->class->run(plan, plan->steps[i], error);
	plan_drop_steps(plan, first);
	return rc;
}

int change_check_driver(const struct vfioap_host *host, struct vfioap_error **error)
{
	int rc;

	if (!host->has_bus)
		return error_fail(error, VFIOAP_UNSUPPORTED, EOPNOTSUPP,
				  "this machine has no AP bus");
	if (host->has_driver)
		return 0;
	rc = error_fail(error, VFIOAP_UNSUPPORTED, EOPNOTSUPP, "the driver vfio_ap is not loaded");
	error_hint(error, "vfioap-ctl driver load");
	return rc;
}

/* Common to all changes of a device: is it possible at all, and what is its UUID? */
static int check_device(struct vfioap_plan *plan, const char *text, char uuid[VFIOAP_UUID_SIZE],
			struct vfioap_error **error)
{
	int rc;

	rc = plan_check_uuid(plan, text, uuid, error);
	if (!rc)
		rc = change_check_driver(plan->after, error);
	return rc;
}

static int removing(const char *uuid, struct vfioap_device *device, struct vfioap_error **error)
{
	int rc = error_fail(error, VFIOAP_BUSY, EBUSY, "device %s is being removed", uuid);

	error_whose(error, device->num_users ? device->users[0] : NULL);
	error_hint(error, "vfioap-ctl remove %s --wait", uuid);
	return rc;
}

static int unbound(const char *uuid, struct vfioap_error **error)
{
	int rc = error_fail(error, VFIOAP_UNSUPPORTED, EOPNOTSUPP,
			    "device %s was unbound from its driver and can only be removed", uuid);

	error_hint(error, "vfioap-ctl remove %s", uuid);
	return rc;
}

int change_find_device(struct vfioap_plan *plan, const char *text, struct vfioap_device **device,
		       struct vfioap_error **error)
{
	char uuid[VFIOAP_UUID_SIZE];
	int rc;

	rc = check_device(plan, text, uuid, error);
	if (rc)
		return rc;
	*device = device_find(plan->after, uuid);
	if (!*device) {
		rc = error_fail(error, VFIOAP_NOT_FOUND, ENOENT, "there is no device %s", uuid);
		error_hint(error, "vfioap-ctl create %s", uuid);
		return rc;
	}
	if ((*device)->state == VFIOAP_DEVICE_REMOVING)
		return removing(uuid, *device, error);
	return (*device)->bound ? 0 : unbound(uuid, error);
}

static int exists(struct vfioap_device *device, const struct vfioap_matrix *matrix,
		  struct vfioap_error **error)
{
	_cleanup_text_ char *hint = hint_set(device->uuid, matrix);
	char words[MATRIX_WORDS_SIZE];
	int rc;

	if (!hint)
		return error_no_memory(error);
	if (device->state == VFIOAP_DEVICE_REMOVING)
		return removing(device->uuid, device, error);
	if (!device->bound)
		return unbound(device->uuid, error);
	if (vfioap_matrix_equal(&device->matrix, matrix))
		return 0;
	matrix_format_words(&device->matrix, words);
	rc = error_fail(error, VFIOAP_CONFLICT, EEXIST,
			"device %s exists with other contents: %s", device->uuid, words);
	error_whose(error, device->as_device);
	error_hint(error, "%s", hint);
	return rc;
}

/* Add steps and prediction, or leave the plan as it was. */
static int plan_create(struct vfioap_plan *plan, const char *uuid,
		       const struct vfioap_matrix *matrix, struct vfioap_error **error)
{
	size_t first = plan->num_steps;

	if (!add_create_steps(plan, uuid, matrix) && !predict_create(plan->after, uuid, matrix))
		return 0;
	plan_drop_steps(plan, first);
	return error_no_memory(error);
}

int vfioap_plan_create(struct vfioap_plan *plan, const char *text,
		       const struct vfioap_matrix *matrix, struct vfioap_error **error)
{
	char uuid[VFIOAP_UUID_SIZE];
	struct vfioap_device *device;
	int rc;

	rc = check_device(plan, text, uuid, error);
	if (rc)
		return rc;
	device = device_find(plan->after, uuid);
	if (device)
		rc = exists(device, matrix, error);
	else if (!plan->after->available_devices)
		rc = no_room(plan->after, error);
	else
		rc = conflict_of_matrix(plan->after, uuid, matrix, error);
	if (rc) {
		error_at(error, "create", PATH_TYPE "/create");
		return rc;
	}
	return device ? 0 : plan_create(plan, uuid, matrix, error);
}

/* Give a device that exists another matrix. */
static int plan_change(struct vfioap_plan *plan, struct vfioap_device *device,
		       const struct vfioap_matrix *matrix, struct vfioap_error **error)
{
	struct vfioap_matrix more = matrix_minus(matrix, &device->matrix);
	size_t first = plan->num_steps;
	int rc = 0;

	if (!matrix_empty(&more))
		rc = conflict_of_matrix(plan->after, device->uuid, matrix, error);
	if (rc) {
		_cleanup_text_ char *path = device_path(device->uuid, AP_CONFIG);

		error_at(error, AP_CONFIG, path);
		return rc;
	}
	if (change_add_steps(plan, device->uuid, device->has_config, false, &device->matrix,
			     matrix)) {
		plan_drop_steps(plan, first);
		return error_no_memory(error);
	}
	predict_matrix(plan->after, device, matrix);
	return 0;
}

int vfioap_plan_assign(struct vfioap_plan *plan, const char *uuid,
		       const struct vfioap_matrix *matrix, struct vfioap_error **error)
{
	struct vfioap_device *device;
	struct vfioap_matrix wanted;
	int rc;

	rc = change_find_device(plan, uuid, &device, error);
	if (rc)
		return rc;
	wanted = matrix_or(&device->matrix, matrix);
	return plan_change(plan, device, &wanted, error);
}

int vfioap_plan_unassign(struct vfioap_plan *plan, const char *uuid,
			 const struct vfioap_matrix *matrix, struct vfioap_error **error)
{
	struct vfioap_device *device;
	struct vfioap_matrix wanted;
	int rc;

	rc = change_find_device(plan, uuid, &device, error);
	if (rc)
		return rc;
	wanted = matrix_minus(&device->matrix, matrix);
	return plan_change(plan, device, &wanted, error);
}

int vfioap_plan_set(struct vfioap_plan *plan, const char *uuid,
		    const struct vfioap_matrix *matrix, unsigned int parts,
		    struct vfioap_error **error)
{
	struct vfioap_device *device;
	struct vfioap_matrix wanted;
	int rc;

	rc = change_find_device(plan, uuid, &device, error);
	if (rc)
		return rc;
	wanted = device->matrix;
	if (parts & VFIOAP_ADAPTERS)
		wanted.adapters = matrix->adapters;
	if (parts & VFIOAP_DOMAINS)
		wanted.domains = matrix->domains;
	if (parts & VFIOAP_CONTROL_DOMAINS)
		wanted.control_domains = matrix->control_domains;
	return plan_change(plan, device, &wanted, error);
}
