// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * driver status, load and unload.
 */
#include "describe.h"
#include "families.h"
#include "json_document.h"
#include "plan.h"
#include "request.h"

static struct json_object *describe(const struct vfioap_host *host,
				    const void *subject __attribute__((unused)))
{
	return describe_driver(host);
}

static int load(struct vfioap_plan *plan, const void *subject __attribute__((unused)),
		struct vfioap_error **error)
{
	return vfioap_plan_driver_load(plan, error);
}

static int unload(struct vfioap_plan *plan, const void *subject __attribute__((unused)),
		  struct vfioap_error **error)
{
	return vfioap_plan_driver_unload(plan, error);
}

int driver_status_run(struct request *req, struct document *doc)
{
	_cleanup_host_ struct vfioap_host *host = request_host(req, VFIOAP_READ_DEVICES, doc);

	if (!host)
		return -1;
	doc->data = json_object_new_object();
	json_put(doc->data, "driver", describe_driver(host));
	return 0;
}

int driver_load_run(struct request *req, struct document *doc)
{
	const struct change change = { .describe = describe, .add = load };

	return plan_run(req, doc, &change);
}

int driver_unload_run(struct request *req, struct document *doc)
{
	const struct change change = { .describe = describe, .add = unload };

	return plan_run(req, doc, &change);
}
