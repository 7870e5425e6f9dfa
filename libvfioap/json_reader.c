// SPDX-License-Identifier: LGPL-2.1-or-later
#include "json_reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "error.h"
#include "json.h"

#define SCHEMA_VERSION 1
/* How much of a wrong value is quoted. */
#define QUOTE_MAX 80
/* Far more than 256 devices with all their ids one by one. */
#define TEXT_MAX (4 << 20)

int refuse(const struct reader *reader, const char *place, struct json_object *value,
		  const char *expected)
{
	const char *text = json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN);
	int rc = error_fail(reader->error, VFIOAP_INVALID, EINVAL, "%s: %s: %.*s%s: expected %s",
			    reader->source, place, QUOTE_MAX, text,
			    strlen(text) > QUOTE_MAX ? "..." : "", expected);

	error_at(reader->error, "parse", reader->source);
	return rc;
}

/* Say where in the file an error is that another function found. Takes @why over. */
int refuse_because(const struct reader *reader, const char *place,
			  struct vfioap_error *why)
{
	int rc = error_fail(reader->error, VFIOAP_INVALID, EINVAL, "%s: %s: %s", reader->source,
			    place, why ? vfioap_error_get_message(why) : "out of memory");

	error_at(reader->error, "parse", reader->source);
	vfioap_error_free(why);
	return rc;
}

static int unknown_key(const struct reader *reader, const char *place, const char *name,
		       const struct key *keys)
{
	struct json_object *quoted = json_object_new_string(name);
	char expected[160] = "one of";
	const struct key *key;
	int rc;

	for (key = keys; key->name; key++)
		snprintf(expected + strlen(expected), sizeof(expected) - strlen(expected),
			 "%s %s", key == keys ? "" : ",", key->name);
	rc = error_fail(reader->error, VFIOAP_INVALID, EINVAL,
			"%s: %s%sunknown key %.*s: expected %s", reader->source, place,
			*place ? ": " : "", QUOTE_MAX, json_object_to_json_string(quoted),
			expected);
	error_at(reader->error, "parse", reader->source);
	json_object_put(quoted);
	return rc;
}

/* @place is "" for the whole file. */
int read_object(const struct reader *reader, struct json_object *object,
		       const char *place, const struct key *keys, void *target)
{
	if (!json_object_is_type(object, json_type_object))
		return refuse(reader, *place ? place : "the file", object, "an object: { ... }");
	json_object_object_foreach(object, name, value) {
		_cleanup_text_ char *below = NULL;
		const struct key *key;
		int rc;

		for (key = keys; key->name && strcmp(key->name, name); key++)
			;
		if (!key->name)
			return unknown_key(reader, place, name, keys);
		if (asprintf(&below, "%s%s%s", place, *place ? "." : "", name) < 0) {
			below = NULL;
			return error_no_memory(reader->error);
		}
		rc = key->read(reader, value, below, target);
		if (rc)
			return rc;
	}
	return 0;
}

/* A number, or a string with a list as on the command line. */
static int read_id(const struct reader *reader, struct json_object *value, const char *place,
		   void *target)
{
	struct vfioap_ids *ids = target;
	struct vfioap_error *why = NULL;
	struct vfioap_ids some;
	int64_t number;

	if (json_object_is_type(value, json_type_int)) {
		number = json_object_get_int64(value);
		if (number < 0 || number >= VFIOAP_IDS)
			return refuse(reader, place, value, "a number from 0 to 255");
		vfioap_ids_add(ids, (unsigned int)number);
		return 0;
	}
	if (!json_object_is_type(value, json_type_string))
		return refuse(reader, place, value, "a number, or a range like \"3-5\"");
	if (strlen(json_object_get_string(value)) != (size_t)json_object_get_string_len(value))
		return refuse(reader, place, value, "a number, or a range like \"3-5\"");
	if (vfioap_ids_parse(json_object_get_string(value), &some, &why))
		return refuse_because(reader, place, why);
	*ids = vfioap_ids_or(ids, &some);
	return 0;
}

int read_list(const struct reader *reader, struct json_object *value, const char *place,
	      const char *expected,
	      int (*read)(const struct reader *reader, struct json_object *value,
			  const char *place, void *target),
	      void *target)
{
	size_t i;
	int rc = 0;

	if (!json_object_is_type(value, json_type_array))
		return refuse(reader, place, value, expected);
	for (i = 0; i < json_object_array_length(value) && !rc; i++) {
		_cleanup_text_ char *item = NULL;

		if (asprintf(&item, "%s[%zu]", place, i) < 0) {
			item = NULL;
			return error_no_memory(reader->error);
		}
		rc = read(reader, json_object_array_get_idx(value, i), item, target);
	}
	return rc;
}

int read_ids(const struct reader *reader, struct json_object *value, const char *place,
	     struct vfioap_ids *ids)
{
	return read_list(reader, value, place, "a list like [5, \"0x0a-0x0c\"]", read_id, ids);
}

int read_text(const struct reader *reader, struct json_object *value, const char *place,
		     const char **text)
{
	if (!json_object_is_type(value, json_type_string) ||
	    strlen(json_object_get_string(value)) != (size_t)json_object_get_string_len(value))
		return refuse(reader, place, value, "a string");
	*text = json_object_get_string(value);
	return 0;
}

/* The text as JSON, and nothing but that. */
static int parse_json(const struct reader *reader, const char *text, size_t length,
		      struct json_object **file)
{
	struct vfioap_error *why = NULL;
	int rc = json_parse_strict(text, length, file, &why);

	if (!rc)
		return 0;
	rc = error_fail(reader->error, VFIOAP_INVALID, EINVAL, "%s: %s", reader->source,
			why ? vfioap_error_get_message(why) : "out of memory");
	error_at(reader->error, "parse", reader->source);
	vfioap_error_free(why);
	return rc;
}

int read_schema_version(const struct reader *reader, struct json_object *value,
			const char *place, void *target __attribute__((unused)))
{
	if (!json_object_is_type(value, json_type_int) ||
	    json_object_get_int64(value) != SCHEMA_VERSION)
		return refuse(reader, place, value, "1");
	return 0;
}

static int read_keys(const struct reader *reader, struct json_object *file,
		     const struct key *keys)
{
	int rc = read_object(reader, file, "", keys, NULL);

	if (rc || json_object_object_get_ex(file, "schema_version", NULL))
		return rc;
	rc = error_fail(reader->error, VFIOAP_INVALID, EINVAL,
			"%s: \"schema_version\": 1 is missing", reader->source);
	error_at(reader->error, "parse", reader->source);
	return rc;
}

int read_file(const struct reader *reader, const char *text, size_t length,
	      const struct key *keys)
{
	struct json_object *file = NULL;
	int rc;

	if (length > TEXT_MAX)
		return error_fail(reader->error, VFIOAP_INVALID, EINVAL,
				  "%s: %zu bytes are too many: expected at most %d",
				  reader->source, length, TEXT_MAX);
	rc = parse_json(reader, text, length, &file);
	if (!rc)
		rc = read_keys(reader, file, keys);
	json_object_put(file);
	return rc;
}
