// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text form of what changing commands did, or with --dry-run would do.
 */
#include "change_text.h"

#include <stdlib.h>
#include <string.h>

#include "families.h"
#include "json_document.h"
#include "long_array.h"
#include "wording.h"

#define QUEUES_IN_A_LINE 8

/* A text of several lines is shown as they are written. */
static void print_write(const char *value, const char *path, FILE *out)
{
	size_t length = strcspn(value, "\n");

	if (!value[length] || !value[length + 1]) {
		fprintf(out, "would write %.*s to %s\n", (int)length, value, path);
		return;
	}
	fprintf(out, "would write to %s:\n", path);
	for (; *value; value += length + (value[length] == '\n')) {
		length = strcspn(value, "\n");
		fprintf(out, "%s%.*s\n", length ? "  " : "", (int)length, value);
	}
}

void print_steps(struct json_object *data, FILE *out)
{
	struct json_object *steps = json_member(data, "steps");
	size_t i, count = json_count(data, "steps");

	for (i = 0; i < count; i++) {
		struct json_object *step = json_object_array_get_idx(steps, i);
		const char *path = json_text(step, "path");
		const char *value = json_text(step, "value");

		if (path && !*value)
			fprintf(out, "would delete %s\n", path);
		else if (path)
			print_write(value, path, out);
		else
			fprintf(out, "would %s %s\n", json_text(step, "operation"), value);
	}
	if (!count)
		fputs("nothing would change\n", out);
}

static bool has_id(struct json_object *ids, int id)
{
	size_t i, count = ids ? json_object_array_length(ids) : 0;

	for (i = 0; i < count; i++) {
		if (json_object_get_int(json_object_array_get_idx(ids, i)) == id)
			return true;
	}
	return false;
}

static bool has_queue(struct json_object *device, struct json_object *queue)
{
	return has_id(json_member(device, "adapters"), json_number(queue, "adapter")) &&
	       has_id(json_member(device, "domains"), json_number(queue, "domain"));
}

/* The queues that @device has and @other has not; a definition does not tell queues. */
static void print_queue_difference(struct json_object *device, struct json_object *other,
				   const char *sign, FILE *out)
{
	struct json_object *difference = json_object_new_array();
	struct json_object *queues = json_member(device, "queues");
	size_t i, count = json_count(device, "queues");
	_cleanup_text_ char *text = NULL;

	if (other && !json_member(other, "queues"))
		count = 0;
	for (i = 0; i < count; i++) {
		_cleanup_member_ struct json_object *queue = array_member(queues, i);

		if (!has_queue(other, queue))
			json_object_array_add(difference,
					      json_object_get(json_member(queue, "apqn")));
	}
	text = word_queues(difference, QUEUES_IN_A_LINE);
	if (json_object_array_length(difference))
		fprintf(out, "  %s %s\n", sign, text);
	json_object_put(difference);
}

static void print_id_difference(struct json_object *device, struct json_object *other,
				const char *key, const char *noun, enum id_width width,
				const char *sign, FILE *out)
{
	struct json_object *difference = json_object_new_array();
	struct json_object *ids = json_member(device, key);
	size_t i, count = json_count(device, key);
	_cleanup_text_ char *text = NULL;

	for (i = 0; i < count; i++) {
		struct json_object *id = json_object_array_get_idx(ids, i);

		if (!has_id(json_member(other, key), json_object_get_int(id)))
			json_object_array_add(difference, json_object_get(id));
	}
	text = word_ids(difference, width);
	if (json_object_array_length(difference))
		fprintf(out, "  %s %s%s %s\n", sign, noun,
			json_object_array_length(difference) == 1 ? "" : "s", text);
	json_object_put(difference);
}

static void print_difference(struct json_object *device, struct json_object *other,
			     const char *sign, FILE *out)
{
	print_id_difference(device, other, "adapters", "adapter", ADAPTER_DIGITS, sign, out);
	print_id_difference(device, other, "domains", "domain", DOMAIN_DIGITS, sign, out);
	print_id_difference(device, other, "control_domains", "control domain", DOMAIN_DIGITS,
			    sign, out);
	print_queue_difference(device, other, sign, out);
}

void print_contents_difference(struct json_object *before, struct json_object *after, FILE *out)
{
	print_difference(before, after, "-", out);
	print_difference(after, before, "+", out);
}

static void print_not_effective(struct json_object *device, FILE *out)
{
	struct json_object *missing = json_object_new_array();
	struct json_object *queues = json_member(device, "queues");
	size_t i, count = json_count(device, "queues");
	_cleanup_text_ char *text = NULL;

	for (i = 0; i < count; i++) {
		_cleanup_member_ struct json_object *queue = array_member(queues, i);

		if (!json_true(queue, "effective"))
			json_object_array_add(missing,
					      json_object_get(json_member(queue, "apqn")));
	}
	text = word_queues(missing, QUEUES_IN_A_LINE);
	if (json_object_array_length(missing))
		fprintf(out, "  not effective: %s (why: vfioap-ctl explain %s)\n", text,
			word_device(device));
	json_object_put(missing);
}

/* The device itself is left as it is: what is told is what is stored. */
static void print_definition(struct json_object *before, struct json_object *after, FILE *out)
{
	struct json_object *old = json_member(before, "definition");
	struct json_object *new = json_member(after, "definition");

	fprintf(out, "%s %s: %s, in %s\n", old ? "changed the definition of" : "defined",
		word_device(after), word_start(json_text(new, "start")), json_text(new, "path"));
	print_contents_difference(old, new, out);
}

static void print_active(struct json_object *before, struct json_object *after, FILE *out)
{
	_cleanup_text_ char *count = word_count(json_count(after, "queues"), "queue");

	fprintf(out, "%s %s: %s\n", json_true(before, "active") ? "changed" : "created",
		word_device(after), count);
	print_contents_difference(before, after, out);
	print_not_effective(after, out);
}

/* True if the device itself is as it was, be it active or not. */
static bool same_contents(struct json_object *before, struct json_object *after)
{
	static const char *const keys[] = { "adapters", "domains", "control_domains" };
	size_t i;

	if (json_true(before, "active") != json_true(after, "active"))
		return false;
	for (i = 0; before && i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (!json_object_equal(json_member(before, keys[i]), json_member(after, keys[i])))
			return false;
	}
	return true;
}

void change_print(const struct request *req __attribute__((unused)), const struct document *doc,
		  FILE *out)
{
	struct json_object *before = json_member(doc->data, "before");
	struct json_object *after = json_member(doc->data, "after");

	if (doc->error)
		return;
	if (doc->dry_run) {
		print_steps(doc->data, out);
		return;
	}
	if (!doc->changed) {
		_cleanup_text_ char *count = word_count(json_count(after, "queues"), "queue");

		fprintf(out, "unchanged %s: %s\n", word_device(after), count);
		return;
	}
	if (!same_contents(before, after))
		print_active(before, after, out);
	if (!json_object_equal(json_member(before, "definition"),
			       json_member(after, "definition")) || same_contents(before, after))
		print_definition(before, after, out);
}
