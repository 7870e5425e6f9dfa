// SPDX-License-Identifier: LGPL-2.1-or-later
#include "definition.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "error.h"
#include "json.h"
#include "matrix.h"
#include "quote.h"
#include "store.h"

static const char *const start_names[] = {
	[VFIOAP_START_MANUAL] = "manual",
	[VFIOAP_START_AUTO] = "auto",
};

const char *vfioap_start_name(enum vfioap_start start)
{
	size_t index = (size_t)start;

	return index < sizeof(start_names) / sizeof(start_names[0]) ? start_names[index] : NULL;
}

char *definition_path(const char *uuid)
{
	char *path;

	return asprintf(&path, PATH_DEFINITIONS "/%s", uuid) < 0 ? NULL : path;
}

struct vfioap_definition *definition_new(const char *uuid, const struct vfioap_matrix *matrix,
					 enum vfioap_start start)
{
	struct vfioap_definition *definition = calloc(1, sizeof(*definition));

	if (!definition)
		return NULL;
	memcpy(definition->uuid, uuid, sizeof(definition->uuid));
	definition->matrix = *matrix;
	definition->start = start;
	definition->path = definition_path(uuid);
	if (!definition->path) {
		free(definition);
		return NULL;
	}
	return definition;
}

struct vfioap_definition *definition_copy(const struct vfioap_definition *definition)
{
	return definition_new(definition->uuid, &definition->matrix, definition->start);
}

void vfioap_definition_free(struct vfioap_definition *definition)
{
	if (!definition)
		return;
	free(definition->path);
	free(definition);
}

static int refuse(struct vfioap_error **error, const char *what, const char *found,
		  const char *expected)
{
	char quoted_what[QUOTE_SIZE], quoted[QUOTE_SIZE];

	quote(what, quoted_what);
	quote(found, quoted);
	return error_fail(error, VFIOAP_INVALID, EINVAL, "%s '%s' makes no sense: expected %s",
			  quoted_what, quoted, expected);
}

/* A number as the kernel's kstrtoul() reads it with base 0: also octal. */
static int parse_id(const char *name, const char *text, unsigned int *id,
		    struct vfioap_error **error)
{
	unsigned long number;
	char *end;

	errno = 0;
	number = strtoul(text, &end, 0);
	if (*text < '0' || *text > '9' || *end || errno || number >= VFIOAP_IDS)
		return refuse(error, name, text, "one number from 0 to 255");
	*id = (unsigned int)number;
	return 0;
}

/* What an attribute does with the matrix: the kernel's files that mdevctl writes to. */
static const struct attribute {
	const char *name;
	size_t part;
	bool assign;
} attributes[] = {
	{ "assign_adapter", offsetof(struct vfioap_matrix, adapters), true },
	{ "unassign_adapter", offsetof(struct vfioap_matrix, adapters), false },
	{ "assign_domain", offsetof(struct vfioap_matrix, domains), true },
	{ "unassign_domain", offsetof(struct vfioap_matrix, domains), false },
	{ "assign_control_domain", offsetof(struct vfioap_matrix, control_domains), true },
	{ "unassign_control_domain", offsetof(struct vfioap_matrix, control_domains), false },
};

static const struct attribute *find_attribute(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
		if (!strcmp(attributes[i].name, name))
			return &attributes[i];
	}
	return NULL;
}

static int apply_config(struct vfioap_matrix *matrix, const char *text,
			struct vfioap_error **error)
{
	struct vfioap_matrix config;

	if (matrix_parse_config(text, &config))
		return refuse(error, "ap_config", text, "three masks with commas between them");
	*matrix = config;
	return 0;
}

static int apply_attribute(struct vfioap_matrix *matrix, const char *name, const char *value,
			   struct vfioap_error **error)
{
	const struct attribute *attribute = find_attribute(name);
	struct vfioap_ids *ids;
	unsigned int id = 0;
	int rc;

	if (!strcmp(name, "ap_config"))
		return apply_config(matrix, value, error);
	if (!attribute)
		return refuse(error, "attribute", name,
			      "assign_adapter, assign_domain, assign_control_domain, the same "
			      "with unassign_, or ap_config");
	rc = parse_id(name, value, &id, error);
	if (rc)
		return rc;
	ids = (struct vfioap_ids *)((char *)matrix + attribute->part);
	if (attribute->assign)
		vfioap_ids_add(ids, id);
	else
		vfioap_ids_remove(ids, id);
	return 0;
}

/* Each attribute is an object of its own with one member, so that the order is kept. */
static int parse_attribute(struct json_object *entry, struct vfioap_matrix *matrix,
			   struct vfioap_error **error)
{
	if (!json_object_is_type(entry, json_type_object) || json_object_object_length(entry) != 1)
		return refuse(error, "attrs entry", json_quote(entry),
			      "an object with one attribute");
	json_object_object_foreach(entry, name, value) {
		if (!json_object_is_type(value, json_type_string))
			return refuse(error, name, json_quote(value), "a string");
		if (strlen(json_object_get_string(value)) !=
		    (size_t)json_object_get_string_len(value))
			return refuse(error, name, json_quote(value), "no null byte");
		return apply_attribute(matrix, name, json_object_get_string(value), error);
	}
	return 0;
}

static int parse_attributes(struct json_object *attrs, struct vfioap_matrix *matrix,
			    struct vfioap_error **error)
{
	size_t i;
	int rc = 0;

	if (!attrs)
		return 0;
	if (!json_object_is_type(attrs, json_type_array))
		return refuse(error, "attrs", json_quote(attrs), "an array");
	for (i = 0; !rc && i < json_object_array_length(attrs); i++)
		rc = parse_attribute(json_object_array_get_idx(attrs, i), matrix, error);
	return rc;
}

/* mdevctl takes any other text than "auto" for manual: a typing error, more likely. */
static int parse_start(struct json_object *value, enum vfioap_start *start,
		       struct vfioap_error **error)
{
	const char *text;

	if (!json_object_is_type(value, json_type_string))
		return refuse(error, "start", json_quote(value), "\"auto\" or \"manual\"");
	text = json_object_get_string(value);
	if (strcmp(text, "auto") && strcmp(text, "manual"))
		return refuse(error, "start", text, "\"auto\" or \"manual\"");
	*start = strcmp(text, "auto") ? VFIOAP_START_MANUAL : VFIOAP_START_AUTO;
	return 0;
}

static int parse_type(struct json_object *value, struct vfioap_error **error)
{
	if (!json_object_is_type(value, json_type_string) ||
	    strcmp(json_object_get_string(value), MDEV_TYPE))
		return refuse(error, "mdev_type", json_quote(value), "\"" MDEV_TYPE "\"");
	return 0;
}

/* Keys that are not known are left to mdevctl, which ignores them, too. */
static int parse_members(struct json_object *root, struct vfioap_definition *definition,
			 struct vfioap_error **error)
{
	int rc;

	if (!json_object_is_type(root, json_type_object))
		return refuse(error, "definition", json_quote(root), "an object");
	rc = parse_type(json_object_object_get(root, "mdev_type"), error);
	if (!rc)
		rc = parse_start(json_object_object_get(root, "start"), &definition->start, error);
	if (!rc)
		rc = parse_attributes(json_object_object_get(root, "attrs"), &definition->matrix,
				      error);
	return rc;
}

int vfioap_definition_parse(const char *uuid_text, const char *text, size_t length,
			    struct vfioap_definition **result, struct vfioap_error **error)
{
	_cleanup_definition_ struct vfioap_definition *definition = NULL;
	const struct vfioap_matrix nothing = { 0 };
	_cleanup_json_ struct json_object *root = NULL;
	char uuid[VFIOAP_UUID_SIZE];
	int rc;

	rc = vfioap_uuid_parse(uuid_text, uuid, error);
	if (!rc)
		rc = json_parse(text, length, &root, error);
	if (rc)
		return rc;
	definition = definition_new(uuid, &nothing, VFIOAP_START_MANUAL);
	if (!definition)
		return error_no_memory(error);
	rc = parse_members(root, definition, error);
	if (!rc)
		*result = take_pointer(definition);
	return rc;
}

static void format_ids(FILE *out, const char *name, const struct vfioap_ids *ids, bool *any)
{
	unsigned int id = 0;

	vfioap_ids_for_each(id, ids) {
		fprintf(out, "%s\n    {\n      \"%s\": \"%u\"\n    }", *any ? "," : "", name, id);
		*any = true;
	}
}

int vfioap_definition_format(const struct vfioap_matrix *matrix, enum vfioap_start start,
			     char **result, struct vfioap_error **error)
{
	char *text = NULL;
	bool any = false;
	size_t size;
	FILE *out;

	out = open_memstream(&text, &size);
	if (!out)
		return error_no_memory(error);
	fprintf(out, "{\n  \"mdev_type\": \"" MDEV_TYPE "\",\n  \"start\": \"%s\",\n  \"attrs\": [",
		vfioap_start_name(start));
	format_ids(out, "assign_adapter", &matrix->adapters, &any);
	format_ids(out, "assign_domain", &matrix->domains, &any);
	format_ids(out, "assign_control_domain", &matrix->control_domains, &any);
	fprintf(out, "%s]\n}", any ? "\n  " : "");
	if (fclose(out)) {
		free(text);
		return error_no_memory(error);
	}
	*result = text;
	return 0;
}

const char *vfioap_definition_get_uuid(const struct vfioap_definition *definition)
{
	return definition->uuid;
}

const char *vfioap_definition_get_path(const struct vfioap_definition *definition)
{
	return definition->path;
}

const struct vfioap_matrix *
vfioap_definition_get_matrix(const struct vfioap_definition *definition)
{
	return &definition->matrix;
}

enum vfioap_start vfioap_definition_get_start(const struct vfioap_definition *definition)
{
	return definition->start;
}
