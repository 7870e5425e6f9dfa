/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running a plan of the library for a command. The document's data gets what
 * was before, what is after, and the steps between.
 */
#ifndef VFIOAP_CLI_PLAN_H
#define VFIOAP_CLI_PLAN_H

#include <json-c/json.h>
#include <vfioap.h>

struct document;
struct request;

/**
 * struct change - what a command changes
 * @describe: the part of the host that it changes, as JSON
 * @add: add the change to a plan
 * @add_data: add more to the document's data when the plan is made; may be NULL
 * @subject: what the functions work on, their last parameter but for the error
 */
struct change {
	struct json_object *(*describe)(const struct vfioap_host *host, const void *subject);
	int (*add)(struct vfioap_plan *plan, const void *subject, struct vfioap_error **error);
	void (*add_data)(struct json_object *data, const struct vfioap_plan *plan);
	const void *subject;
};

/*
 * Plan the change and execute it, or with --dry-run only plan it; 0, or -1
 * with the document's error set.
 */
int plan_run(struct request *req, struct document *doc, const struct change *change);

#endif
