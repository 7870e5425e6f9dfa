// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * create, assign, unassign and set: the contents of one device.
 */
#include "describe.h"
#include "families.h"
#include "json_document.h"
#include "plan.h"
#include "several.h"
#include "store.h"

static struct json_object *describe(const struct vfioap_host *host, const void *data)
{
	const struct subject *subject = data;

	return describe_known_device(host, subject->device.uuid, &subject->device);
}

/* Store what is asked for, too. */
static int persist(struct vfioap_plan *plan, const struct subject *subject,
		   const struct vfioap_matrix *matrix, unsigned int flags,
		   struct vfioap_error **error)
{
	int rc = vfioap_plan_define(plan, subject->device.uuid, matrix, VFIOAP_START_ANY, flags,
				    error);

	return rc ? rc : add_name(plan, subject, NULL, NULL, error);
}

static int create(struct vfioap_plan *plan, const void *data, struct vfioap_error **error)
{
	const struct subject *subject = data;
	const struct vfioap_matrix *matrix = &subject->req->matrix;
	int rc;

	rc = vfioap_plan_create(plan, subject->device.uuid, matrix, error);
	if (!rc && subject->req->persist)
		return persist(plan, subject, matrix, 0, error);
	return rc ? rc : add_name(plan, subject, NULL, NULL, error);
}

/**
 * struct alteration - a change of a device that exists
 * @add: of the device
 * @apply: the same to the matrix of its definition
 */
struct alteration {
	int (*add)(struct vfioap_plan *plan, const struct subject *subject,
		   struct vfioap_error **error);
	void (*apply)(struct vfioap_matrix *matrix, const struct request *req);
};

static int assign(struct vfioap_plan *plan, const struct subject *subject,
		  struct vfioap_error **error)
{
	return vfioap_plan_assign(plan, subject->device.uuid, &subject->req->matrix, error);
}

static void apply_assign(struct vfioap_matrix *matrix, const struct request *req)
{
	const struct vfioap_matrix *more = &req->matrix;

	matrix->adapters = vfioap_ids_or(&matrix->adapters, &more->adapters);
	matrix->domains = vfioap_ids_or(&matrix->domains, &more->domains);
	matrix->control_domains = vfioap_ids_or(&matrix->control_domains, &more->control_domains);
}

static int unassign(struct vfioap_plan *plan, const struct subject *subject,
		    struct vfioap_error **error)
{
	return vfioap_plan_unassign(plan, subject->device.uuid, &subject->req->matrix, error);
}

static void apply_unassign(struct vfioap_matrix *matrix, const struct request *req)
{
	const struct vfioap_matrix *less = &req->matrix;

	matrix->adapters = vfioap_ids_minus(&matrix->adapters, &less->adapters);
	matrix->domains = vfioap_ids_minus(&matrix->domains, &less->domains);
	matrix->control_domains =
		vfioap_ids_minus(&matrix->control_domains, &less->control_domains);
}

static int set(struct vfioap_plan *plan, const struct subject *subject,
	       struct vfioap_error **error)
{
	return vfioap_plan_set(plan, subject->device.uuid, &subject->req->matrix,
			       subject->req->parts, error);
}

static void apply_set(struct vfioap_matrix *matrix, const struct request *req)
{
	if (req->parts & VFIOAP_ADAPTERS)
		matrix->adapters = req->matrix.adapters;
	if (req->parts & VFIOAP_DOMAINS)
		matrix->domains = req->matrix.domains;
	if (req->parts & VFIOAP_CONTROL_DOMAINS)
		matrix->control_domains = req->matrix.control_domains;
}

static const struct alteration assignment = { assign, apply_assign };
static const struct alteration unassignment = { unassign, apply_unassign };
static const struct alteration setting = { set, apply_set };

/* What is to be stored of a device whose own change is in the plan already. */
static struct vfioap_matrix stored_matrix(const struct vfioap_plan *plan,
					  const struct subject *subject,
					  const struct alteration *alteration)
{
	const struct vfioap_definition *old = vfioap_host_find_definition(
		vfioap_plan_get_before(plan), subject->device.uuid);
	struct vfioap_matrix matrix;

	if (!old)
		return *vfioap_device_get_matrix(vfioap_host_find_device(
			vfioap_plan_get_after(plan), subject->device.uuid));
	matrix = *vfioap_definition_get_matrix(old);
	alteration->apply(&matrix, subject->req);
	return matrix;
}

/* With --persist, a device that is only defined can be changed, too. */
static int alter(struct vfioap_plan *plan, const struct subject *subject,
		 const struct alteration *alteration, struct vfioap_error **error)
{
	const struct vfioap_host *host = vfioap_plan_get_before(plan);
	struct vfioap_matrix matrix;
	int rc = 0;

	if (!subject->req->persist || vfioap_host_find_device(host, subject->device.uuid) ||
	    !vfioap_host_find_definition(host, subject->device.uuid))
		rc = alteration->add(plan, subject, error);
	if (rc || !subject->req->persist)
		return rc;
	matrix = stored_matrix(plan, subject, alteration);
	return persist(plan, subject, &matrix, VFIOAP_DEFINE_REPLACE, error);
}

static int add_assignment(struct vfioap_plan *plan, const void *data, struct vfioap_error **error)
{
	return alter(plan, data, &assignment, error);
}

static int add_unassignment(struct vfioap_plan *plan, const void *data,
			    struct vfioap_error **error)
{
	return alter(plan, data, &unassignment, error);
}

static int add_setting(struct vfioap_plan *plan, const void *data, struct vfioap_error **error)
{
	return alter(plan, data, &setting, error);
}

int create_run(struct request *req, struct document *doc)
{
	struct subject subject = { .req = req };
	const struct change change = { describe, create, NULL, &subject };
	struct vfioap_error *error = NULL;

	if (req->argument_count) {
		if (request_device(req, req->arguments[0], &subject.device, doc))
			return -1;
	} else if (vfioap_uuid_random(subject.device.uuid, &error)) {
		return document_fail_with(doc, error);
	}
	return plan_run(req, doc, &change);
}

static int change_existing(struct request *req, struct document *doc,
			   int (*add)(struct vfioap_plan *plan, const void *data,
				      struct vfioap_error **error))
{
	struct subject subject = { .req = req };
	const struct change change = { describe, add, NULL, &subject };

	if (!req->parts)
		return document_fail(doc, "usage", NULL,
				     "nothing to %s: give --adapters, --domains or "
				     "--control-domains",
				     doc->command);
	if (request_device(req, req->arguments[0], &subject.device, doc))
		return -1;
	return plan_run(req, doc, &change);
}

int assign_run(struct request *req, struct document *doc)
{
	return change_existing(req, doc, add_assignment);
}

int unassign_run(struct request *req, struct document *doc)
{
	return change_existing(req, doc, add_unassignment);
}

int set_run(struct request *req, struct document *doc)
{
	return change_existing(req, doc, add_setting);
}
