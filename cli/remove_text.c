// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text form of remove: a line for each device.
 */
#include "change_text.h"
#include "families.h"
#include "json_document.h"
#include "request.h"
#include "wording.h"

static void print_result(struct json_object *result, FILE *out)
{
	struct json_object *error = json_member(result, "error");

	if (error)
		fprintf(out, "not removed %s: %s\n", word_device(result),
			json_text(error, "message"));
	else if (json_true(result, "changed"))
		fprintf(out, "removed %s\n", word_device(result));
	else
		fprintf(out, "unchanged %s: there is no such device\n", word_device(result));
}

void remove_print(const struct request *req, const struct document *doc, FILE *out)
{
	struct json_object *results = json_member(doc->data, "results");
	size_t i, count = json_count(doc->data, "results");

	if (doc->dry_run) {
		print_steps(doc->data, out);
		return;
	}
	/* A single failure is told on stderr. */
	if (count == 1 && doc->error)
		return;
	for (i = 0; i < count; i++)
		print_result(json_object_array_get_idx(results, i), out);
	if (!count && !doc->error)
		print_nothing(req, "there are no devices");
}
