// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * remove and stop: a device goes; with --persist its definition, too.
 */
#include <string.h>

#include "families.h"
#include "json_document.h"
#include "several.h"

/* Long enough for the resets of a device that nobody uses. */
#define IDLE_SECONDS 30

static int add_removal(struct vfioap_plan *plan, const void *data, struct vfioap_error **error)
{
	const struct subject *subject = data;
	const struct request *req = subject->req;
	unsigned int flags = (req->wait ? VFIOAP_REMOVE_IN_USE : 0) |
			     (req->force ? VFIOAP_REMOVE_FORCE : 0);
	unsigned int seconds = req->wait ? req->wait_seconds : IDLE_SECONDS;
	int rc = 0;

	/* before the device: once it is asked to go, there is no way back */
	if (req->persist)
		rc = vfioap_plan_undefine(plan, subject->device.uuid, error);
	if (rc)
		return rc;
	return vfioap_plan_remove(plan, subject->device.uuid, flags, seconds * 1000, error);
}

static const struct several removal = { add_removal, "removed", true };
static const struct several stopping = { add_removal, "stopped", true };

static int remove_all(struct request *req, struct document *doc, const struct several *several)
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
	rc = several_run(req, doc, several, subjects, count);
	free(subjects);
	return rc;
}

static int run(struct request *req, struct document *doc, const struct several *several)
{
	bool word_all = req->argument_count == 1 && !strcmp(req->arguments[0], "all");

	if (req->all && req->argument_count)
		return document_fail(doc, "usage", NULL, "--all and '%s' together make no sense",
				     req->arguments[0]);
	if (!req->all && !req->argument_count)
		return document_fail(doc, "usage", NULL, "DEVICE is missing");
	return req->all || word_all ? remove_all(req, doc, several) :
				      several_named(req, doc, several);
}

int remove_run(struct request *req, struct document *doc)
{
	return run(req, doc, &removal);
}

int stop_run(struct request *req, struct document *doc)
{
	return run(req, doc, &stopping);
}
