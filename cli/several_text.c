// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text form of commands on several devices: a line for each device.
 */
#include <string.h>

#include "change_text.h"
#include "families.h"
#include "json_document.h"
#include "request.h"
#include "wording.h"

/* What is said of a device that was changed, and of one that needed no change. */
static const struct wording {
	const char *command;
	const char *done;
	const char *unchanged;
} wordings[] = {
	{ "remove", "removed", "there is no such device" },
	{ "stop", "stopped", "it is not active" },
	{ "start", "started", "it is active already" },
	{ "undefine", "undefined", "it is not defined" },
	{ "enable", "enabled", "it is enabled already" },
	{ "disable", "disabled", "it is not enabled" },
};

static const struct wording *find_wording(const char *command)
{
	size_t i = 0;

	while (strcmp(wordings[i].command, command))
		i++;
	return &wordings[i];
}

/* start leaves a device alone that is active: it may have other contents than those stored. */
static void print_drift(struct json_object *device, FILE *out)
{
	struct json_object *definition = json_member(device, "definition");

	if (!json_true(definition, "drift"))
		return;
	fputs("  what is stored differs from it:\n", out);
	print_contents_difference(device, definition, out);
}

static void print_result(struct json_object *result, struct json_object *devices,
			 const struct wording *wording, FILE *out)
{
	struct json_object *error = json_member(result, "error");

	if (error)
		fprintf(out, "not %s %s: %s\n", wording->done, word_device(result),
			json_text(error, "message"));
	else if (json_true(result, "changed"))
		fprintf(out, "%s %s\n", wording->done, word_device(result));
	else
		fprintf(out, "unchanged %s: %s\n", word_device(result), wording->unchanged);
	if (!error && !strcmp(wording->command, "start"))
		print_drift(json_find_device(devices, json_text(result, "uuid")), out);
}

void several_print(const struct request *req, const struct document *doc, FILE *out)
{
	const struct wording *wording = find_wording(doc->command);
	struct json_object *results = json_member(doc->data, "results");
	size_t i, count = json_count(doc->data, "results");

	if (doc->dry_run) {
		print_steps(doc->data, out);
		return;
	}
	/* A single failure is told on stderr; whose it is, must be told when nobody named it. */
	if (count == 1 && doc->error && !req->automatic)
		return;
	for (i = 0; i < count; i++)
		print_result(json_object_array_get_idx(results, i),
			     json_member(doc->data, "after"), wording, out);
	if (!count && !doc->error)
		print_nothing(req, "there are no devices");
}
