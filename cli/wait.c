// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wait: until a device is as asked for.
 */
#include "describe.h"
#include "families.h"
#include "json_document.h"
#include "message.h"
#include "request.h"
#include "wording.h"

/* The device as it is when the waiting is over, be it in vain. */
static struct json_object *describe_awaited(struct request *req,
					    const struct device_reference *reference)
{
	_cleanup_host_ struct vfioap_host *host = NULL;

	if (vfioap_host_read(req->ctx, VFIOAP_READ_ALL, &host, NULL))
		return NULL;
	return describe_device(host, vfioap_host_find_device(host, reference->uuid), reference);
}

int wait_run(struct request *req, struct document *doc)
{
	struct vfioap_error *error = NULL;
	struct device_reference reference;
	struct vfioap_ctx *ctx;
	int rc;

	if (!req->condition_given)
		return document_fail(doc, "usage", "vfioap-ctl help wait",
				     "--for is missing: what to wait for");
	if (request_device(req, req->arguments[0], &reference, doc))
		return -1;
	ctx = request_context(req, doc);
	if (!ctx)
		return -1;
	rc = vfioap_wait(ctx, reference.uuid, req->condition, req->timeout, &error);
	progress_clear();
	doc->data = json_object_new_object();
	json_put_text(doc->data, "condition", vfioap_condition_name(req->condition));
	json_put_text(doc->data, "uuid", reference.uuid);
	json_put(doc->data, "device", describe_awaited(req, &reference));
	return rc ? document_fail_with(doc, error) : 0;
}

void wait_print(const struct request *req __attribute__((unused)), const struct document *doc,
		FILE *out)
{
	if (!doc->error)
		fprintf(out, "Device %s is %s.\n", json_text(doc->data, "uuid"),
			json_text(doc->data, "condition"));
}
