// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text form of plan, apply, assert and diff.
 */
#include <string.h>

#include "change_text.h"
#include "families.h"
#include "json_document.h"
#include "request.h"
#include "wording.h"

/* Of what is one word, in the one and in the other. */
static void print_word_difference(struct json_object *before, struct json_object *after,
				  const char *key, FILE *out)
{
	const char *old = json_text(before, key);
	const char *new = json_text(after, key);

	if (old && new && !strcmp(old, new))
		return;
	if (old)
		fprintf(out, "  - %s %s\n", key, old);
	if (new)
		fprintf(out, "  + %s %s\n", key, new);
}

/* Devices of the first list with what became of them in the second. */
static void print_devices(struct json_object *before, struct json_object *after, FILE *out)
{
	size_t i;

	for (i = 0; i < json_object_array_length(before); i++) {
		struct json_object *device = json_object_array_get_idx(before, i);
		struct json_object *now = json_find_device(after, json_text(device, "uuid"));

		if (!now)
			fprintf(out, "removed %s\n", word_device(device));
		else if (!json_object_equal(device, now))
			fprintf(out, "changed %s\n", word_device(device));
		else
			continue;
		print_word_difference(device, now, "name", out);
		print_contents_difference(device, now, out);
	}
	for (i = 0; i < json_object_array_length(after); i++) {
		struct json_object *device = json_object_array_get_idx(after, i);

		if (json_find_device(before, json_text(device, "uuid")))
			continue;
		fprintf(out, "created %s\n", word_device(device));
		print_contents_difference(NULL, device, out);
	}
}

static void print_changes(struct json_object *before, struct json_object *after, FILE *out)
{
	struct json_object *pool = json_member(before, "pool");
	struct json_object *pool_after = json_member(after, "pool");

	if (!json_object_equal(pool, pool_after)) {
		fputs("changed the pool\n", out);
		print_contents_difference(pool, pool_after, out);
	}
	print_devices(json_member(before, "devices"), json_member(after, "devices"), out);
}

void apply_print(const struct request *req __attribute__((unused)), const struct document *doc,
		 FILE *out)
{
	if (doc->error)
		return;
	if (doc->dry_run)
		print_steps(doc->data, out);
	else if (!doc->changed)
		fputs("unchanged: the host is as the file says\n", out);
	else
		print_changes(json_member(doc->data, "before"), json_member(doc->data, "after"),
			      out);
}

static void print_headline(struct json_object *difference, FILE *out)
{
	const char *kind = json_text(difference, "kind");

	if (!strcmp(kind, "pool"))
		fputs("the pool differs\n", out);
	else if (!strcmp(kind, "missing"))
		fprintf(out, "%s does not exist\n", word_device(difference));
	else if (!strcmp(kind, "name"))
		fprintf(out, "%s has another name\n", json_text(difference, "uuid"));
	else if (!strcmp(kind, "stored"))
		fprintf(out, "%s is not stored like this\n", word_device(difference));
	else if (!strcmp(kind, "extra"))
		fprintf(out, "%s is not in the file\n", word_device(difference));
	else
		fprintf(out, "%s differs\n", word_device(difference));
}

static void print_difference(struct json_object *difference, FILE *out)
{
	const char *kind = json_text(difference, "kind");
	struct json_object *before = json_member(difference, "before");
	struct json_object *after = json_member(difference, "after");

	print_headline(difference, out);
	if (!strcmp(kind, "name")) {
		print_word_difference(before, after, "name", out);
		return;
	}
	if (!strcmp(kind, "stored"))
		print_word_difference(before, after, "start", out);
	print_contents_difference(before, after, out);
}

/* "-" is what the host has, "+" what the file says. */
void diff_print(const struct request *req __attribute__((unused)), const struct document *doc,
		FILE *out)
{
	struct json_object *differences = json_member(doc->data, "differences");
	size_t i, count = json_count(doc->data, "differences");

	for (i = 0; i < count; i++)
		print_difference(json_object_array_get_idx(differences, i), out);
}

/* Exit status and message tell all. */
void assert_print(const struct request *req __attribute__((unused)),
		  const struct document *doc __attribute__((unused)),
		  FILE *out __attribute__((unused)))
{
}
