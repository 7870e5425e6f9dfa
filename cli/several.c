// SPDX-License-Identifier: GPL-2.0-or-later
#include "several.h"

#include <string.h>

#include "describe.h"
#include "json_document.h"
#include "plan.h"

static struct json_object *describe(const struct vfioap_host *host, const void *data)
{
	const struct subject *subject = data;

	return describe_known_device(host, subject->device.uuid, &subject->device);
}

/* A UUID that is not there is as good as removed; a name that is not is unknown. */
static void check_known(struct document *one, const struct several *several,
			const struct subject *subject)
{
	if (one->error || !several->need_known || !subject->device.name ||
	    json_member(one->data, "before"))
		return;
	document_fail(one, "not_found", "vfioap-ctl list",
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

/*
 * Somebody else, such as mdevctl at boot, made the device after the plan saw that it was not
 * there: look again.
 */
static bool lost_race(const struct document *one)
{
	const char *number = json_text(one->error, "errno");
	const char *operation = json_text(one->error, "operation");

	return number && operation && !strcmp(number, "EEXIST") && !strcmp(operation, "create");
}

static void change_one(struct request *req, struct document *doc, const struct several *several,
		       const struct subject *subject)
{
	const struct change change = { describe, several->add, NULL, subject };
	struct document one;

	document_init(&one);
	plan_run(req, &one, &change);
	if (lost_race(&one)) {
		document_release(&one);
		document_init(&one);
		plan_run(req, &one, &change);
	}
	check_known(&one, several, subject);
	add_result(doc, &one, subject);
	document_release(&one);
}

/* With one device, its failure is the command's; with several, part of it. */
static int fail_as_a_whole(struct document *doc, const struct several *several)
{
	struct json_object *results = json_member(doc->data, "results");
	size_t i, failed = 0, count = json_object_array_length(results);

	for (i = 0; i < count; i++)
		failed += !!json_member(json_object_array_get_idx(results, i), "error");
	if (!failed)
		return 0;
	if (count > 1)
		return document_fail(doc, "partial", NULL, "%zu of %zu devices were not %s",
				     failed, count, several->participle);
	doc->error = json_object_get(json_member(json_object_array_get_idx(results, 0), "error"));
	return -1;
}

int several_run(struct request *req, struct document *doc, const struct several *several,
		const struct subject *subjects, size_t count)
{
	size_t i;

	doc->data = json_object_new_object();
	json_put(doc->data, "before", json_object_new_array());
	json_put(doc->data, "after", json_object_new_array());
	json_put(doc->data, "results", json_object_new_array());
	json_put(doc->data, "steps", json_object_new_array());
	for (i = 0; i < count; i++)
		change_one(req, doc, several, &subjects[i]);
	return fail_as_a_whole(doc, several);
}

static bool is_among(const struct subject *subjects, size_t count, const char *uuid)
{
	while (count--) {
		if (!strcmp(subjects[count].device.uuid, uuid))
			return true;
	}
	return false;
}

/* A device that is named twice is changed once. */
int several_named(struct request *req, struct document *doc, const struct several *several)
{
	struct subject *subjects = calloc(req->argument_count, sizeof(*subjects));
	size_t i, count = 0;
	int rc = 0;

	if (!subjects)
		return document_fail(doc, "failed", NULL, "out of memory");
	for (i = 0; !rc && i < req->argument_count; i++) {
		subjects[count].req = req;
		rc = request_device(req, req->arguments[i], &subjects[count].device, doc);
		count += !is_among(subjects, count, subjects[count].device.uuid);
	}
	if (!rc)
		rc = several_run(req, doc, several, subjects, count);
	free(subjects);
	return rc;
}
