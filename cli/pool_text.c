// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text form of the pool commands.
 */
#include <stdlib.h>
#include <string.h>

#include "change_text.h"
#include "families.h"
#include "json_document.h"
#include "request.h"
#include "wording.h"

static void print_line(FILE *out, const char *label, struct json_object *apqns, bool coloured,
		       enum colour colour)
{
	_cleanup_text_ char *count = word_count(json_object_array_length(apqns), "queue");
	_cleanup_text_ char *queues = word_queues(apqns, 0);

	fprintf(out, "%s%s%s, %s\n", coloured ? colour_start(colour) : "", label,
		coloured ? COLOUR_END : "", count);
	if (*queues) {
		fputs("  ", out);
		print_wrapped(out, 2, queues);
	}
}

void pool_show_print(const struct request *req, const struct document *doc, FILE *out)
{
	struct json_object *pool = json_member(doc->data, "pool");
	_cleanup_text_ char *adapters = word_ids(json_member(pool, "adapters"), ADAPTER_DIGITS);
	_cleanup_text_ char *domains = word_ids(json_member(pool, "domains"), DOMAIN_DIGITS);
	bool coloured = colour_wanted(out, req->no_color);

	fprintf(out, "apmask  %s\naqmask  %s\n", json_text(pool, "apmask"),
		json_text(pool, "aqmask"));
	fprintf(out, "vfio_ap has the queues of adapters %s, and those of domains %s.\n\n",
		json_count(pool, "adapters") ? adapters : "none",
		json_count(pool, "domains") ? domains : "none");
	print_line(out, "The host's drivers", json_member(pool, "host"), coloured, COLOUR_BLUE);
	print_line(out, "vfio_ap", json_member(pool, "vfio_ap"), coloured, COLOUR_GREEN);
}

static void print_moved(struct json_object *moved, bool asked_for, const char *label, FILE *out)
{
	struct json_object *apqns = json_object_new_array();
	_cleanup_text_ char *text = NULL;
	size_t i;

	for (i = 0; i < json_object_array_length(moved); i++) {
		struct json_object *queue = json_object_array_get_idx(moved, i);

		if (json_true(queue, "asked_for") == asked_for)
			json_object_array_add(apqns, json_object_get(json_member(queue, "apqn")));
	}
	text = word_queues(apqns, 0);
	if (json_object_array_length(apqns)) {
		fprintf(out, "%s:\n  ", label);
		print_wrapped(out, 2, text);
	}
	json_object_put(apqns);
}

void pool_change_print(const struct request *req __attribute__((unused)),
		       const struct document *doc, FILE *out)
{
	struct json_object *moved = json_member(doc->data, "moved");
	const char *receiver = !strcmp(doc->command, "pool reserve") ? "the host" : "vfio_ap";
	_cleanup_text_ char *asked_for = NULL;

	if (doc->error)
		return;
	if (doc->dry_run)
		print_steps(doc->data, out);
	else if (!doc->changed)
		fprintf(out, "unchanged: %s has these queues already\n", receiver);
	asked_for = doc->dry_run ? word_text("would go to %s", receiver) :
				   word_text("given to %s", receiver);
	print_moved(moved, true, asked_for, out);
	print_moved(moved, false, doc->dry_run ?
		    "would go along, because the masks divide by adapter and domain" :
		    "went along, because the masks divide by adapter and domain", out);
}
