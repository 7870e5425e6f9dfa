// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pool show, free and reserve: which queues are the host's and which vfio_ap's.
 */
#include "describe.h"
#include "families.h"
#include "json_document.h"
#include "plan.h"
#include "request.h"

struct queue_list {
	struct vfioap_queue_pattern *patterns;
	size_t count;
	bool persist;
};

static struct json_object *describe(const struct vfioap_host *host,
				    const void *subject __attribute__((unused)))
{
	return describe_pool(host);
}

/* With --persist, add that to a plan to which a change was added with the result @rc. */
static int keep(struct vfioap_plan *plan, bool persist, int rc, struct vfioap_error **error)
{
	return rc || !persist ? rc : vfioap_plan_pool_persist(plan, error);
}

static int free_queues(struct vfioap_plan *plan, const void *subject, struct vfioap_error **error)
{
	const struct queue_list *list = subject;

	return keep(plan, list->persist,
		    vfioap_plan_pool_free(plan, list->patterns, list->count, error), error);
}

static int reserve_queues(struct vfioap_plan *plan, const void *subject,
			  struct vfioap_error **error)
{
	const struct queue_list *list = subject;

	return keep(plan, list->persist,
		    vfioap_plan_pool_reserve(plan, list->patterns, list->count, error), error);
}

int pool_show_run(struct request *req, struct document *doc)
{
	_cleanup_host_ struct vfioap_host *host = request_host(req, VFIOAP_READ_CARDS, doc);

	if (!host || need_bus(host, doc))
		return -1;
	doc->data = json_object_new_object();
	json_put(doc->data, "pool", describe_pool(host));
	return 0;
}

static int move_queues(struct request *req, struct document *doc,
		       int (*add)(struct vfioap_plan *plan, const void *subject,
				  struct vfioap_error **error))
{
	_cleanup_patterns_ struct vfioap_queue_pattern *patterns = NULL;
	struct queue_list list = { .count = req->argument_count, .persist = req->persist };
	const struct change change = { describe, add, describe_moved, &list };

	if (request_patterns(req, &patterns, doc))
		return -1;
	list.patterns = patterns;
	return plan_run(req, doc, &change);
}

int pool_free_run(struct request *req, struct document *doc)
{
	return move_queues(req, doc, free_queues);
}

int pool_reserve_run(struct request *req, struct document *doc)
{
	return move_queues(req, doc, reserve_queues);
}

static int set_pool(struct vfioap_plan *plan, const void *subject, struct vfioap_error **error)
{
	const struct request *req = subject;

	const struct vfioap_matrix *matrix = &req->matrix;
	int rc;

	rc = vfioap_plan_pool_set(plan, req->parts & VFIOAP_ADAPTERS ? &matrix->adapters : NULL,
				  req->parts & VFIOAP_DOMAINS ? &matrix->domains : NULL, error);
	return keep(plan, req->persist, rc, error);
}

int pool_set_run(struct request *req, struct document *doc)
{
	const struct change change = { describe, set_pool, describe_moved, req };

	if (!req->parts)
		return document_fail(doc, "usage", NULL,
				     "nothing to set: give --adapters or --domains");
	return plan_run(req, doc, &change);
}
