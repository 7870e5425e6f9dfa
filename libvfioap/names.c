// SPDX-License-Identifier: LGPL-2.1-or-later
#include "names.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "error.h"
#include "json.h"
#include "quote.h"
#include "store.h"

#define LABEL_MAX_LENGTH 256

char *device_name_path(const char *uuid, bool running)
{
	const char *directory = running ? PATH_RUNNING_NAMES : PATH_NAMES;
	char *path;

	return asprintf(&path, "%s/%s" NAME_FILE_SUFFIX, directory, uuid) < 0 ? NULL : path;
}

struct device_name *device_name_new(const char *uuid, const char *name, const char *label)
{
	struct device_name *result = calloc(1, sizeof(*result));

	if (!result)
		return NULL;
	memcpy(result->uuid, uuid, sizeof(result->uuid));
	result->name = name ? strdup(name) : NULL;
	result->label = label ? strdup(label) : NULL;
	if ((name && !result->name) || (label && !result->label)) {
		device_name_free(result);
		return NULL;
	}
	return result;
}

void device_name_free(struct device_name *name)
{
	if (!name)
		return;
	free(name->name);
	free(name->label);
	free(name);
}

static bool is_utf8(const char *text)
{
	_cleanup_json_ struct json_object *string = json_object_new_string(text);
	_cleanup_json_ struct json_object *read = NULL;
	const char *json = string ? json_object_to_json_string(string) : NULL;

	return json && !json_parse(json, strlen(json), &read, NULL);
}

int device_label_check(const char *label, struct vfioap_error **error)
{
	char quoted[QUOTE_SIZE];
	const char *p;

	quote(label, quoted);
	for (p = label; *p; p++) {
		if ((unsigned char)*p < ' ' || *p == 127)
			return error_fail(error, VFIOAP_INVALID, EINVAL,
					  "label '%s': expected one line of text without control "
					  "characters", quoted);
	}
	if (!is_utf8(label))
		return error_fail(error, VFIOAP_INVALID, EINVAL,
				  "label '%s' is not UTF-8: nobody could read its file again",
				  quoted);
	if (p - label > LABEL_MAX_LENGTH)
		return error_fail(error, VFIOAP_INVALID, EINVAL,
				  "the label has %zu bytes: expected at most %d", strlen(label),
				  LABEL_MAX_LENGTH);
	return 0;
}

/* The text of a member; *text is left NULL if it is absent or null. */
static int take_text(struct json_object *value, const char *key, const char **text,
		     struct vfioap_error **error)
{
	char quoted[QUOTE_SIZE];

	if (!value)
		return 0;
	if (json_object_is_type(value, json_type_string)) {
		*text = json_object_get_string(value);
		return 0;
	}
	quote(json_quote(value), quoted);
	return error_fail(error, VFIOAP_INVALID, EINVAL, "%s '%s' makes no sense: expected a string",
			  key, quoted);
}

int device_name_parse(const char *uuid, const char *text, size_t length,
		      struct device_name **result, struct vfioap_error **error)
{
	_cleanup_json_ struct json_object *root = NULL;
	const char *name = NULL, *label = NULL;
	char unused[VFIOAP_UUID_SIZE];
	int rc;

	rc = json_parse(text, length, &root, error);
	if (!rc && !json_object_is_type(root, json_type_object))
		rc = error_fail(error, VFIOAP_INVALID, EINVAL, "not an object with name and label");
	if (!rc)
		rc = take_text(json_object_object_get(root, "name"), "name", &name, error);
	if (!rc)
		rc = take_text(json_object_object_get(root, "label"), "label", &label, error);
	if (!rc && name)
		rc = vfioap_uuid_from_name(name, unused, error);
	if (!rc && label)
		rc = device_label_check(label, error);
	if (rc)
		return rc;
	*result = device_name_new(uuid, name, label);
	return *result ? 0 : error_no_memory(error);
}

static int add_text(struct json_object *object, const char *key, const char *text)
{
	struct json_object *value = text ? json_object_new_string(text) : NULL;

	if (text && !value)
		return -ENOMEM;
	return json_object_object_add(object, key, value) ? -ENOMEM : 0;
}

char *device_name_format(const char *name, const char *label)
{
	const int flags = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
			  JSON_C_TO_STRING_NOSLASHESCAPE;
	_cleanup_json_ struct json_object *object = json_object_new_object();
	const char *json;
	char *text;

	if (!object || add_text(object, "name", name) || add_text(object, "label", label))
		return NULL;
	json = json_object_to_json_string_ext(object, flags);
	return json && asprintf(&text, "%s\n", json) >= 0 ? text : NULL;
}
