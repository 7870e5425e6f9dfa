// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * import: store the definitions of a file, in the formats that mdevctl prints.
 */
#include <stdlib.h>
#include <string.h>

#include "change_text.h"
#include "describe.h"
#include "families.h"
#include "input.h"
#include "json_document.h"
#include "plan.h"
#include "request.h"

/**
 * struct import - what comes in
 * @source: what the file is called
 * @definitions: @count of them
 */
struct import {
	const char *source;
	struct vfioap_definition **definitions;
	size_t count;
};

static void release(struct import *import)
{
	while (import->count)
		vfioap_definition_free(import->definitions[--import->count]);
	free(import->definitions);
}
#define _cleanup_import_ __attribute__((cleanup(release)))

static struct json_object *describe(const struct vfioap_host *host, const void *data)
{
	const struct import *import = data;
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < import->count; i++) {
		const char *uuid = vfioap_definition_get_uuid(import->definitions[i]);
		struct json_object *device = describe_known_device(host, uuid, NULL);

		if (device)
			json_object_array_add(array, device);
	}
	return array;
}

static int add(struct vfioap_plan *plan, const void *data, struct vfioap_error **error)
{
	const struct import *import = data;
	size_t i;
	int rc = 0;

	for (i = 0; !rc && i < import->count; i++) {
		const struct vfioap_definition *definition = import->definitions[i];

		rc = vfioap_plan_define(plan, vfioap_definition_get_uuid(definition),
					vfioap_definition_get_matrix(definition),
					vfioap_definition_get_start(definition), 0, error);
	}
	return rc;
}

static int makes_no_sense(const struct import *import, struct document *doc, const char *what)
{
	return document_fail(doc, "invalid", NULL,
			     "%s: %s: expected what 'mdevctl list --dumpjson' prints",
			     import->source, what);
}

/* @text is the definition of @uuid, which is as the file has it. */
static int take_definition(struct import *import, const char *uuid, const char *text,
			   size_t length, struct document *doc)
{
	struct vfioap_definition **larger;
	struct vfioap_error *error = NULL;

	larger = realloc(import->definitions, (import->count + 1) * sizeof(*larger));
	if (!larger)
		return document_fail(doc, "failed", NULL, "out of memory");
	import->definitions = larger;
	if (!vfioap_definition_parse(uuid, text, length, &larger[import->count], &error)) {
		import->count++;
		return 0;
	}
	document_fail(doc, "invalid", NULL, "%s: device %.40s: %s", import->source, uuid,
		      error ? vfioap_error_get_message(error) : "out of memory");
	vfioap_error_free(error);
	return -1;
}

/* {"UUID": {...}} */
static int take_entry(struct import *import, struct json_object *entry, struct document *doc)
{
	if (!json_object_is_type(entry, json_type_object))
		return makes_no_sense(import, doc, "a device is no object");
	json_object_object_foreach(entry, uuid, value) {
		const char *text = json_object_to_json_string(value);

		if (take_definition(import, uuid, text, strlen(text), doc))
			return -1;
	}
	return 0;
}

static int take_entries(struct import *import, struct json_object *entries, struct document *doc)
{
	size_t i;

	if (!json_object_is_type(entries, json_type_array))
		return makes_no_sense(import, doc, "the devices of 'matrix' are no list");
	for (i = 0; i < json_object_array_length(entries); i++) {
		if (take_entry(import, json_object_array_get_idx(entries, i), doc))
			return -1;
	}
	return 0;
}

/* [{"matrix": [...], "another parent": [...]}]; mdevctl prints [] when there are none. */
static int take_dump(struct import *import, struct json_object *dump, struct document *doc)
{
	struct json_object *parents = json_object_array_get_idx(dump, 0);

	if (!json_object_array_length(dump))
		return 0;
	if (json_object_array_length(dump) != 1 ||
	    !json_object_is_type(parents, json_type_object))
		return makes_no_sense(import, doc, "not a list with one object");
	json_object_object_foreach(parents, parent, entries) {
		if (strcmp(parent, "matrix"))
			document_warn(doc, "other_parent",
				      "devices that are not crypto devices are left out");
		else if (take_entries(import, entries, doc))
			return -1;
	}
	return 0;
}

static struct json_object *parse(const char *text, size_t length)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *root;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	/* a null byte would end the text */
	root = memchr(text, '\0', length) ? NULL :
					    json_tokener_parse_ex(tokener, text, (int)length);
	if (json_tokener_get_error(tokener) != json_tokener_success) {
		json_object_put(root);
		root = NULL;
	}
	json_tokener_free(tokener);
	return root;
}

static int take_text(struct import *import, struct request *req, const char *text, size_t length,
		     struct document *doc)
{
	struct device_reference reference;
	struct json_object *root;
	int rc;

	if (req->argument_count > 1) {
		if (request_device(req, req->arguments[1], &reference, doc))
			return -1;
		return take_definition(import, reference.uuid, text, length, doc);
	}
	while (length && text[length - 1] && strchr(" \t\r\n", text[length - 1]))
		length--;
	root = parse(text, length);
	if (json_object_is_type(root, json_type_array))
		rc = take_dump(import, root, doc);
	else if (json_object_is_type(root, json_type_object))
		rc = document_fail(doc, "usage", NULL,
				   "%s has one definition: name its DEVICE, too", import->source);
	else
		rc = makes_no_sense(import, doc, "not JSON");
	json_object_put(root);
	return rc;
}

int import_run(struct request *req, struct document *doc)
{
	_cleanup_import_ struct import import = { .source = input_name(req->arguments[0]) };
	const struct change change = { describe, add, NULL, &import };
	size_t length;
	char *text;
	int rc;

	if (input_read(req->arguments[0], &text, &length, doc))
		return -1;
	rc = take_text(&import, req, text, length, doc);
	free(text);
	return rc ? -1 : plan_run(req, doc, &change);
}

void import_print(const struct request *req __attribute__((unused)), const struct document *doc,
		  FILE *out)
{
	struct json_object *before = json_member(doc->data, "before");
	struct json_object *after = json_member(doc->data, "after");

	if (doc->error)
		return;
	if (doc->dry_run)
		print_steps(doc->data, out);
	else if (!doc->changed)
		fputs("unchanged: all of it is stored already\n", out);
	else
		fprintf(out, "stored %zu definitions, %zu of them of devices that were known\n",
			json_object_array_length(after), json_object_array_length(before));
}
