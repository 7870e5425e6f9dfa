// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * define, undefine, enable, disable and start: what is stored about devices.
 */
#include "families.h"

#include <string.h>
#include <time.h>

#include "describe.h"
#include "json_document.h"
#include "message.h"
#include "plan.h"
#include "several.h"
#include "store.h"

/* How often a driver that is waited for is looked for, in milliseconds. */
#define DRIVER_INTERVAL 250

static struct json_object *describe(const struct vfioap_host *host, const void *data)
{
	const struct subject *subject = data;

	return describe_known_device(host, subject->device.uuid, &subject->device);
}

int add_name(struct vfioap_plan *plan, const struct subject *subject, const char *name,
	     const char *label, struct vfioap_error **error)
{
	const struct vfioap_host *host = vfioap_plan_get_before(plan);
	const char *uuid = subject->device.uuid;

	if (!name)
		name = vfioap_host_get_name(host, uuid);
	if (!name)
		name = subject->device.name;
	if (!label)
		label = vfioap_host_get_label(host, uuid);
	return vfioap_plan_name(plan, uuid, name, label && *label ? label : NULL, error);
}

/* What is to be stored: what was asked for, or what the device has. NULL: nothing known. */
static const struct vfioap_matrix *find_matrix(const struct vfioap_host *host,
					       const struct subject *subject)
{
	const struct vfioap_definition *old =
		vfioap_host_find_definition(host, subject->device.uuid);
	const struct vfioap_device *device = vfioap_host_find_device(host, subject->device.uuid);

	if (subject->req->parts)
		return &subject->req->matrix;
	if (device && vfioap_device_get_state(device) != VFIOAP_DEVICE_REMOVING)
		return vfioap_device_get_matrix(device);
	return old ? vfioap_definition_get_matrix(old) : NULL;
}

static int define(struct vfioap_plan *plan, const void *data, struct vfioap_error **error)
{
	const struct subject *subject = data;
	const struct request *req = subject->req;
	const struct vfioap_host *host = vfioap_plan_get_before(plan);
	const struct vfioap_definition *old =
		vfioap_host_find_definition(host, subject->device.uuid);
	const struct vfioap_matrix *matrix = find_matrix(host, subject);
	enum vfioap_start start = req->automatic ? VFIOAP_START_AUTO : VFIOAP_START_ANY;
	int rc = 0;

	/* no matrix, no definition, no device: an error that says so */
	if (!matrix)
		return vfioap_plan_set_start(plan, subject->device.uuid, start, error);
	/* that it is started automatically from now on is no other content */
	if (old && vfioap_matrix_equal(vfioap_definition_get_matrix(old), matrix))
		rc = vfioap_plan_set_start(plan, subject->device.uuid, start, error);
	else
		rc = vfioap_plan_define(plan, subject->device.uuid, matrix, start, 0, error);
	return rc ? rc : add_name(plan, subject, req->name, req->label, error);
}

int define_run(struct request *req, struct document *doc)
{
	struct subject subject = { .req = req };
	const struct change change = { describe, define, NULL, &subject };
	struct vfioap_error *error = NULL;

	if (!req->argument_count && !req->parts)
		return document_fail(doc, "usage", NULL,
				     "DEVICE is missing, or say what a new one is to have: "
				     "--adapters, --domains, --control-domains");
	if (req->argument_count) {
		if (request_device(req, req->arguments[0], &subject.device, doc))
			return -1;
	} else if (req->name) {
		if (request_device(req, req->name, &subject.device, doc))
			return -1;
	} else if (vfioap_uuid_random(subject.device.uuid, &error)) {
		return document_fail_with(doc, error);
	}
	return plan_run(req, doc, &change);
}

static int undefine(struct vfioap_plan *plan, const void *data, struct vfioap_error **error)
{
	const struct subject *subject = data;

	return vfioap_plan_undefine(plan, subject->device.uuid, error);
}

int undefine_run(struct request *req, struct document *doc)
{
	static const struct several several = { undefine, "undefined", true };

	return several_named(req, doc, &several);
}

static int enable(struct vfioap_plan *plan, const void *data, struct vfioap_error **error)
{
	const struct subject *subject = data;

	return vfioap_plan_set_start(plan, subject->device.uuid, VFIOAP_START_AUTO, error);
}

int enable_run(struct request *req, struct document *doc)
{
	static const struct several several = { enable, "enabled", false };

	return several_named(req, doc, &several);
}

static int disable(struct vfioap_plan *plan, const void *data, struct vfioap_error **error)
{
	const struct subject *subject = data;

	return vfioap_plan_set_start(plan, subject->device.uuid, VFIOAP_START_MANUAL, error);
}

int disable_run(struct request *req, struct document *doc)
{
	static const struct several several = { disable, "disabled", false };

	return several_named(req, doc, &several);
}

static int start(struct vfioap_plan *plan, const void *data, struct vfioap_error **error)
{
	const struct subject *subject = data;

	return vfioap_plan_start(plan, subject->device.uuid, error);
}

static const struct several starting = { start, "started", false };

/* At boot, the driver comes when the bus has been scanned. */
static int wait_for_driver(struct request *req, struct document *doc)
{
	const struct timespec pause = { .tv_nsec = DRIVER_INTERVAL * 1000000L };
	unsigned int waited;

	for (waited = 0;; waited += DRIVER_INTERVAL) {
		_cleanup_host_ struct vfioap_host *host = request_host(req, 0, doc);
		bool there = host && vfioap_host_has_driver(host);

		if (!host || there)
			return host ? 0 : -1;
		if (waited >= req->wait_seconds * 1000)
			return document_fail(doc, "timeout", "vfioap-ctl driver load",
					     "the vfio_ap driver did not appear within %u s",
					     req->wait_seconds);
		progress_show("waiting for the vfio_ap driver, %u of %u s", waited / 1000,
			      req->wait_seconds);
		if (nanosleep(&pause, NULL))
			return document_fail(doc, "failed", NULL,
					     "interrupted while waiting for the vfio_ap driver");
	}
}

/* The devices that are enabled: how many, and what is asked for them, to be freed. */
static struct subject *find_enabled(struct request *req, const struct vfioap_host *host,
				    size_t *count)
{
	size_t i, all = vfioap_host_get_num_definitions(host);
	struct subject *subjects = calloc(all + 1, sizeof(*subjects));

	*count = 0;
	for (i = 0; subjects && i < all; i++) {
		const struct vfioap_definition *definition = vfioap_host_get_definition(host, i);

		if (vfioap_definition_get_start(definition) != VFIOAP_START_AUTO)
			continue;
		subjects[*count].req = req;
		strcpy(subjects[(*count)++].device.uuid, vfioap_definition_get_uuid(definition));
	}
	return subjects;
}

/* A file that makes no sense may be one of a device that is enabled. */
static int start_auto(struct request *req, struct document *doc)
{
	_cleanup_host_ struct vfioap_host *host = request_host(req, VFIOAP_READ_DEFINITIONS, doc);
	struct subject *subjects;
	size_t count;

	if (!host)
		return -1;
	subjects = find_enabled(req, host, &count);
	if (!subjects)
		return document_fail(doc, "failed", NULL, "out of memory");
	if (!count || !req->wait || !wait_for_driver(req, doc))
		several_run(req, doc, &starting, subjects, count);
	free(subjects);
	document_warn_bad_files(doc, host);
	if (!doc->error && vfioap_host_get_num_bad_files(host))
		document_fail(doc, "partial", "vfioap-ctl doctor", "%zu files make no sense",
			      vfioap_host_get_num_bad_files(host));
	return doc->error ? -1 : 0;
}

int start_run(struct request *req, struct document *doc)
{
	if (req->automatic && req->argument_count)
		return document_fail(doc, "usage", NULL, "--auto and '%s' together make no sense",
				     req->arguments[0]);
	if (!req->automatic && !req->argument_count)
		return document_fail(doc, "usage", NULL, "DEVICE is missing");
	if (req->automatic)
		return start_auto(req, doc);
	if (req->wait && wait_for_driver(req, doc))
		return -1;
	return several_named(req, doc, &starting);
}
