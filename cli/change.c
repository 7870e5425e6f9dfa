// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * create, assign, unassign and set: the contents of one device.
 */
#include "describe.h"
#include "families.h"
#include "json_document.h"
#include "plan.h"
#include "request.h"

/* A device and what is asked for it. */
struct subject {
	struct device_reference device;
	const struct request *req;
};

static struct json_object *describe(const struct vfioap_host *host, const void *data)
{
	const struct subject *subject = data;

	return describe_device(host, vfioap_host_find_device(host, subject->device.uuid),
			       &subject->device);
}

static int create(struct vfioap_plan *plan, const void *data, struct vfioap_error **error)
{
	const struct subject *subject = data;

	return vfioap_plan_create(plan, subject->device.uuid, &subject->req->matrix, error);
}

static int assign(struct vfioap_plan *plan, const void *data, struct vfioap_error **error)
{
	const struct subject *subject = data;

	return vfioap_plan_assign(plan, subject->device.uuid, &subject->req->matrix, error);
}

static int unassign(struct vfioap_plan *plan, const void *data, struct vfioap_error **error)
{
	const struct subject *subject = data;

	return vfioap_plan_unassign(plan, subject->device.uuid, &subject->req->matrix, error);
}

static int set(struct vfioap_plan *plan, const void *data, struct vfioap_error **error)
{
	const struct subject *subject = data;

	return vfioap_plan_set(plan, subject->device.uuid, &subject->req->matrix,
			       subject->req->parts, error);
}

int create_run(struct request *req, struct document *doc)
{
	struct subject subject = { .req = req };
	const struct change change = { describe, create, NULL, &subject };
	struct vfioap_error *error = NULL;

	if (req->argument_count) {
		if (request_device(req->arguments[0], &subject.device, doc))
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
	if (request_device(req->arguments[0], &subject.device, doc))
		return -1;
	return plan_run(req, doc, &change);
}

int assign_run(struct request *req, struct document *doc)
{
	return change_existing(req, doc, assign);
}

int unassign_run(struct request *req, struct document *doc)
{
	return change_existing(req, doc, unassign);
}

int set_run(struct request *req, struct document *doc)
{
	return change_existing(req, doc, set);
}
