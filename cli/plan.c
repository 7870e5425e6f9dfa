// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan.h"

#include "describe.h"
#include "json_document.h"
#include "message.h"
#include "request.h"

static struct vfioap_plan *start(struct request *req, struct document *doc)
{
	struct vfioap_ctx *ctx = request_context(req, doc);
	struct vfioap_error *error = NULL;
	struct vfioap_plan *plan = NULL;

	if (ctx && vfioap_plan_new(ctx, req->dry_run ? VFIOAP_PLAN_PREVIEW : 0, &plan, &error))
		document_fail_with(doc, error);
	progress_clear();
	return plan;
}

static int execute(const struct request *req, struct vfioap_plan *plan,
		   struct vfioap_error **error)
{
	int rc = 0;

	if (!req->dry_run && vfioap_plan_get_num_steps(plan))
		rc = vfioap_plan_execute(plan, error);
	progress_clear();
	return rc;
}

/* Look again after a failure: undoing may have failed, or somebody else is at work. */
static void describe_failure(struct request *req, struct document *doc,
			     const struct change *change)
{
	_cleanup_host_ struct vfioap_host *host = NULL;
	struct json_object *before = json_member(doc->data, "before");

	if (vfioap_host_read(req->ctx, VFIOAP_READ_ALL, &host, NULL))
		json_put(doc->data, "after", NULL);
	else
		json_put(doc->data, "after", change->describe(host, change->subject));
	doc->changed = !json_object_equal(before, json_member(doc->data, "after"));
}

int plan_run(struct request *req, struct document *doc, const struct change *change)
{
	_cleanup_plan_ struct vfioap_plan *plan = start(req, doc);
	struct vfioap_error *error = NULL;
	struct json_object *before;
	int refused;

	if (!plan)
		return -1;
	before = change->describe(vfioap_plan_get_before(plan), change->subject);
	doc->data = json_object_new_object();
	json_put(doc->data, "before", before);
	refused = change->add(plan, change->subject, &error);
	json_put(doc->data, "steps", describe_steps(plan));
	if (change->add_data)
		change->add_data(doc->data, plan);
	if (refused) {
		json_put(doc->data, "after", json_object_get(before));
		return document_fail_with(doc, error);
	}
	if (execute(req, plan, &error)) {
		document_fail_with(doc, error);
		describe_failure(req, doc, change);
		return -1;
	}
	doc->changed = vfioap_plan_get_num_steps(plan) > 0;
	json_put(doc->data, "after",
		 change->describe(vfioap_plan_get_after(plan), change->subject));
	return 0;
}
