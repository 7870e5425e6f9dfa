// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * doctor: what will hurt later.
 */
#include "describe.h"
#include "families.h"
#include "json_document.h"
#include "message.h"
#include "request.h"
#include "wording.h"

static struct json_object *describe_problem(const struct vfioap_problem *problem)
{
	struct json_object *object = json_object_new_object();
	struct json_object *queues = json_object_new_array();
	size_t i;

	for (i = 0; i < vfioap_problem_get_num_queues(problem); i++)
		json_object_array_add(queues, describe_apqn(vfioap_problem_get_queue(problem, i)));
	json_put_text(object, "code", vfioap_problem_get_code(problem));
	json_put_text(object, "message", vfioap_problem_get_message(problem));
	json_put_text(object, "hint", vfioap_problem_get_hint(problem));
	json_put_text(object, "path", vfioap_problem_get_path(problem));
	json_put_text(object, "uuid", vfioap_problem_get_uuid(problem));
	json_put(object, "queues", queues);
	return object;
}

int doctor_run(struct request *req, struct document *doc)
{
	struct vfioap_ctx *ctx = request_context(req, doc);
	struct vfioap_diagnosis *diagnosis;
	struct vfioap_error *error = NULL;
	struct json_object *findings;
	size_t i;

	if (!ctx)
		return -1;
	if (vfioap_diagnose(ctx, &diagnosis, &error))
		return document_fail_with(doc, error);
	findings = json_object_new_array();
	for (i = 0; i < vfioap_diagnosis_get_num_problems(diagnosis); i++)
		json_object_array_add(findings, describe_problem(
					vfioap_diagnosis_get_problem(diagnosis, i)));
	vfioap_diagnosis_free(diagnosis);
	doc->data = json_object_new_object();
	json_put(doc->data, "findings", findings);
	return 0;
}

static void print_problem(struct json_object *problem, bool coloured, FILE *out)
{
	const char *hint = json_text(problem, "hint");

	fputs("* ", out);
	print_wrapped(out, 2, json_text(problem, "message"));
	if (hint)
		fprintf(out, "  mend it: %s%s%s\n", coloured ? colour_start(COLOUR_BOLD) : "", hint,
			coloured ? COLOUR_END : "");
}

void doctor_print(const struct request *req, const struct document *doc, FILE *out)
{
	struct json_object *findings = json_member(doc->data, "findings");
	size_t i, count = json_count(doc->data, "findings");

	if (!count)
		fputs("Nothing found.\n", out);
	for (i = 0; i < count; i++)
		print_problem(json_object_array_get_idx(findings, i),
			      colour_wanted(out, req->no_color), out);
}
