// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * remove: one plan for each device, so that one that cannot be removed does
 * not keep the others.
 */
#include <string.h>

#include "describe.h"
#include "families.h"
#include "json_document.h"
#include "plan.h"
#include "request.h"

/* Long enough for the resets of a device that nobody uses. */
#define IDLE_SECONDS 30

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

static int add_removal(struct vfioap_plan *plan, const void *data, struct vfioap_error **error)
{
	const struct subject *subject = data;
	const struct request *req = subject->req;
	unsigned int flags = (req->wait ? VFIOAP_REMOVE_IN_USE : 0) |
			     (req->force ? VFIOAP_REMOVE_FORCE : 0);
	unsigned int seconds = req->wait ? req->wait_seconds : IDLE_SECONDS;

	return vfioap_plan_remove(plan, subject->device.uuid, flags, seconds * 1000, error);
}

/* A UUID that is not there is as good as removed; a name that is not is unknown. */
static void check_known(struct document *one, const struct subject *subject)
{
	if (one->error || !subject->device.name || json_member(one->data, "before"))
		return;
	document_fail(one, "not_found", "vfioap-ctl list shows the devices",
		      "there is no device %s", subject->device.name);
}

static void append(struct json_object *array, struct json_object *value)
{
	if (value)
		json_object_array_add(array, json_object_get(value));
}

/* Add what became of one device to the document about all. */
static void add_result(struct document *doc, const struct document *one,
		       const struct subject *subject)
{
	struct json_object *result = json_object_new_object();
	struct json_object *steps = json_member(one->data, "steps");
	size_t i, count = steps ? json_object_array_length(steps) : 0;

	json_put_text(result, "uuid", subject->device.uuid);
	json_put_text(result, "name", subject->device.name);
	json_put_bool(result, "changed", one->changed);
	json_put(result, "error", json_object_get(one->error));
	append(json_member(doc->data, "before"), json_member(one->data, "before"));
	append(json_member(doc->data, "after"), json_member(one->data, "after"));
	json_object_array_add(json_member(doc->data, "results"), result);
	for (i = 0; i < count; i++)
		append(json_member(doc->data, "steps"), json_object_array_get_idx(steps, i));
	doc->changed |= one->changed;
}

static void remove_one(struct request *req, struct document *doc, const struct subject *subject)
{
	const struct change change = { describe, add_removal, NULL, subject };
	struct document one;

	document_init(&one);
	plan_run(req, &one, &change);
	check_known(&one, subject);
	add_result(doc, &one, subject);
	document_release(&one);
}

/* With one device, its failure is the command's; with several, part of it. */
static int fail_as_a_whole(struct document *doc)
{
	struct json_object *results = json_member(doc->data, "results");
	size_t i, failed = 0, count = json_object_array_length(results);

	for (i = 0; i < count; i++)
		failed += !!json_member(json_object_array_get_idx(results, i), "error");
	if (!failed)
		return 0;
	if (count > 1)
		return document_fail(doc, "partial", NULL, "%zu of %zu devices were not removed",
				     failed, count);
	doc->error = json_object_get(json_member(json_object_array_get_idx(results, 0), "error"));
	return -1;
}

static int remove_devices(struct request *req, struct document *doc,
			  const struct subject *subjects, size_t count)
{
	size_t i;

	doc->data = json_object_new_object();
	json_put(doc->data, "before", json_object_new_array());
	json_put(doc->data, "after", json_object_new_array());
	json_put(doc->data, "results", json_object_new_array());
	json_put(doc->data, "steps", json_object_new_array());
	for (i = 0; i < count; i++)
		remove_one(req, doc, &subjects[i]);
	return fail_as_a_whole(doc);
}

static int remove_named(struct request *req, struct document *doc)
{
	struct subject *subjects = calloc(req->argument_count, sizeof(*subjects));
	size_t i;
	int rc = 0;

	if (!subjects)
		return document_fail(doc, "failed", NULL, "out of memory");
	for (i = 0; !rc && i < req->argument_count; i++) {
		subjects[i].req = req;
		rc = request_device(req->arguments[i], &subjects[i].device, doc);
	}
	if (!rc)
		rc = remove_devices(req, doc, subjects, req->argument_count);
	free(subjects);
	return rc;
}

static int remove_all(struct request *req, struct document *doc)
{
	_cleanup_host_ struct vfioap_host *host = request_host(req, VFIOAP_READ_DEVICES, doc);
	size_t i, count = host ? vfioap_host_get_num_devices(host) : 0;
	struct subject *subjects;
	int rc;

	if (!host || need_driver(host, doc))
		return -1;
	subjects = calloc(count + 1, sizeof(*subjects));
	if (!subjects)
		return document_fail(doc, "failed", NULL, "out of memory");
	for (i = 0; i < count; i++) {
		subjects[i].req = req;
		strcpy(subjects[i].device.uuid,
		       vfioap_device_get_uuid(vfioap_host_get_device(host, i)));
	}
	rc = remove_devices(req, doc, subjects, count);
	free(subjects);
	return rc;
}

int remove_run(struct request *req, struct document *doc)
{
	bool word_all = req->argument_count == 1 && !strcmp(req->arguments[0], "all");

	if (req->all && req->argument_count)
		return document_fail(doc, "usage", NULL, "--all and '%s' together make no sense",
				     req->arguments[0]);
	if (!req->all && !req->argument_count)
		return document_fail(doc, "usage", NULL, "DEVICE is missing");
	return req->all || word_all ? remove_all(req, doc) : remove_named(req, doc);
}
