// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The configuration file as text: JSON, see vfioap.conf(5).
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "configuration.h"
#include "error.h"

#define SCHEMA_VERSION 1
/* How much of a wrong value is quoted. */
#define QUOTE_MAX 80
/* Far more than 256 devices with all their ids one by one. */
#define TEXT_MAX (4 << 20)
/* The file has four levels; more is an attack on the stack. */
#define DEPTH_MAX 8

/**
 * struct reader - reading one file
 * @source: what it is called in messages
 * @configuration: what was read so far
 */
struct reader {
	const char *source;
	struct vfioap_configuration *configuration;
	struct vfioap_error **error;
};

static int refuse(const struct reader *reader, const char *place, struct json_object *value,
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
static int refuse_because(const struct reader *reader, const char *place,
			  struct vfioap_error *why)
{
	int rc = error_fail(reader->error, VFIOAP_INVALID, EINVAL, "%s: %s: %s", reader->source,
			    place, why ? vfioap_error_get_message(why) : "out of memory");

	error_at(reader->error, "parse", reader->source);
	vfioap_error_free(why);
	return rc;
}

/**
 * struct key - a key of an object
 * @read: read its value into @target, which stands at @place in the file
 */
struct key {
	const char *name;
	int (*read)(const struct reader *reader, struct json_object *value, const char *place,
		    void *target);
};

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
static int read_object(const struct reader *reader, struct json_object *object,
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
static int read_item(const struct reader *reader, struct json_object *value, const char *place,
		     struct vfioap_ids *ids)
{
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

static int read_ids(const struct reader *reader, struct json_object *value, const char *place,
		    struct vfioap_ids *ids)
{
	size_t i;
	int rc = 0;

	if (!json_object_is_type(value, json_type_array))
		return refuse(reader, place, value, "a list like [5, \"0x0a-0x0c\"]");
	for (i = 0; i < json_object_array_length(value) && !rc; i++) {
		_cleanup_text_ char *item = NULL;

		if (asprintf(&item, "%s[%zu]", place, i) < 0) {
			item = NULL;
			return error_no_memory(reader->error);
		}
		rc = read_item(reader, json_object_array_get_idx(value, i), item, ids);
	}
	return rc;
}

static int read_text(const struct reader *reader, struct json_object *value, const char *place,
		     const char **text)
{
	if (!json_object_is_type(value, json_type_string) ||
	    strlen(json_object_get_string(value)) != (size_t)json_object_get_string_len(value))
		return refuse(reader, place, value, "a string");
	*text = json_object_get_string(value);
	return 0;
}

/* ---- A device ---- */

struct device_entry {
	const char *uuid;
	const char *name;
	struct vfioap_matrix matrix;
	enum vfioap_start start;
};

static int read_uuid(const struct reader *reader, struct json_object *value, const char *place,
		     void *target)
{
	return read_text(reader, value, place, &((struct device_entry *)target)->uuid);
}

static int read_name(const struct reader *reader, struct json_object *value, const char *place,
		     void *target)
{
	return read_text(reader, value, place, &((struct device_entry *)target)->name);
}

static int read_adapters(const struct reader *reader, struct json_object *value,
			 const char *place, void *target)
{
	return read_ids(reader, value, place, &((struct device_entry *)target)->matrix.adapters);
}

static int read_domains(const struct reader *reader, struct json_object *value,
			const char *place, void *target)
{
	return read_ids(reader, value, place, &((struct device_entry *)target)->matrix.domains);
}

static int read_control_domains(const struct reader *reader, struct json_object *value,
				const char *place, void *target)
{
	return read_ids(reader, value, place,
			&((struct device_entry *)target)->matrix.control_domains);
}

static int read_start(const struct reader *reader, struct json_object *value, const char *place,
		      void *target)
{
	struct device_entry *entry = target;
	const char *text;
	int rc = read_text(reader, value, place, &text);

	if (rc)
		return rc;
	if (!strcmp(text, "auto"))
		entry->start = VFIOAP_START_AUTO;
	else if (!strcmp(text, "manual"))
		entry->start = VFIOAP_START_MANUAL;
	else
		return refuse(reader, place, value, "\"auto\" or \"manual\"");
	return 0;
}

static const struct key device_keys[] = {
	{ "uuid", read_uuid },
	{ "name", read_name },
	{ "adapters", read_adapters },
	{ "domains", read_domains },
	{ "control_domains", read_control_domains },
	{ "start", read_start },
	{ 0 },
};

static int read_device(const struct reader *reader, struct json_object *value, const char *place)
{
	struct device_entry entry = { 0 };
	struct vfioap_error *why = NULL;
	int rc;

	rc = read_object(reader, value, place, device_keys, &entry);
	if (rc)
		return rc;
	rc = vfioap_configuration_add_device(reader->configuration, entry.uuid, entry.name,
					     &entry.matrix, entry.start, &why);
	return rc ? refuse_because(reader, place, why) : 0;
}

/* ---- The file ---- */

static int read_schema_version(const struct reader *reader, struct json_object *value,
			       const char *place, void *target)
{
	if (!json_object_is_type(value, json_type_int) ||
	    json_object_get_int64(value) != SCHEMA_VERSION)
		return refuse(reader, place, value, "1");
	*(bool *)target = true;
	return 0;
}

static int read_pool_adapters(const struct reader *reader, struct json_object *value,
			      const char *place, void *target)
{
	struct vfioap_configuration *configuration = target;

	configuration->pool_parts |= VFIOAP_ADAPTERS;
	return read_ids(reader, value, place, &configuration->pool.adapters);
}

static int read_pool_domains(const struct reader *reader, struct json_object *value,
			     const char *place, void *target)
{
	struct vfioap_configuration *configuration = target;

	configuration->pool_parts |= VFIOAP_DOMAINS;
	return read_ids(reader, value, place, &configuration->pool.domains);
}

static const struct key pool_keys[] = {
	{ "adapters", read_pool_adapters },
	{ "domains", read_pool_domains },
	{ 0 },
};

static int read_pool(const struct reader *reader, struct json_object *value, const char *place,
		     void *target __attribute__((unused)))
{
	return read_object(reader, value, place, pool_keys, reader->configuration);
}

static int read_devices(const struct reader *reader, struct json_object *value,
			const char *place, void *target __attribute__((unused)))
{
	size_t i;
	int rc = 0;

	if (!json_object_is_type(value, json_type_array))
		return refuse(reader, place, value, "a list of devices: [ { ... } ]");
	for (i = 0; i < json_object_array_length(value) && !rc; i++) {
		char item[48];

		snprintf(item, sizeof(item), "devices[%zu]", i);
		rc = read_device(reader, json_object_array_get_idx(value, i), item);
	}
	return rc;
}

static const struct key file_keys[] = {
	{ "schema_version", read_schema_version },
	{ "pool", read_pool },
	{ "devices", read_devices },
	{ 0 },
};

static int read_file(const struct reader *reader, struct json_object *file)
{
	bool has_version = false;
	int rc = read_object(reader, file, "", file_keys, &has_version);

	if (!rc && !has_version) {
		rc = error_fail(reader->error, VFIOAP_INVALID, EINVAL,
				"%s: \"schema_version\": 1 is missing", reader->source);
		error_at(reader->error, "parse", reader->source);
	}
	return rc ? rc : configuration_check(reader->configuration, reader->source, reader->error);
}

/* Where in the text the byte number @offset is. */
static unsigned int line_of(const char *text, size_t offset)
{
	unsigned int line = 1;
	size_t i;

	for (i = 0; i < offset; i++)
		line += text[i] == '\n';
	return line;
}

static void free_tokenerp(struct json_tokener **tokener)
{
	if (*tokener)
		json_tokener_free(*tokener);
}

/* The text as JSON, and nothing but that. */
static int parse_json(const struct reader *reader, const char *text, size_t length,
		      struct json_object **file)
{
	_cleanup_(free_tokenerp) struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MAX);
	enum json_tokener_error failed;
	size_t end;
	int rc;

	if (!tokener)
		return error_no_memory(reader->error);
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	*file = json_tokener_parse_ex(tokener, text, (int)length);
	failed = json_tokener_get_error(tokener);
	end = json_tokener_get_parse_end(tokener);
	while (failed == json_tokener_success && end < length && strchr(" \t\r\n", text[end]) &&
	       text[end])
		end++;
	if (failed == json_tokener_success && end == length && *file)
		return 0;
	json_object_put(*file);
	*file = NULL;
	rc = error_fail(reader->error, VFIOAP_INVALID, EINVAL, "%s: line %u: not JSON: %s",
			reader->source, line_of(text, end),
			failed == json_tokener_continue ? "it ends too early" :
			failed == json_tokener_success	? "there is more after its end" :
							  json_tokener_error_desc(failed));
	error_at(reader->error, "parse", reader->source);
	return rc;
}

static void free_configurationp(struct vfioap_configuration **configuration)
{
	vfioap_configuration_free(*configuration);
}

int vfioap_configuration_parse(const char *text, size_t length, const char *source,
			       struct vfioap_configuration **configuration,
			       struct vfioap_error **error)
{
	_cleanup_(free_configurationp) struct vfioap_configuration *result = NULL;
	struct reader reader = { .source = source, .error = error };
	struct json_object *file = NULL;
	int rc;

	if (length > TEXT_MAX)
		return error_fail(error, VFIOAP_INVALID, EINVAL,
				  "%s: %zu bytes are too many for a configuration: expected at most %d",
				  source, length, TEXT_MAX);
	rc = vfioap_configuration_new(&result, error);
	if (rc)
		return rc;
	reader.configuration = result;
	rc = parse_json(&reader, text, length, &file);
	if (!rc)
		rc = read_file(&reader, file);
	json_object_put(file);
	if (!rc)
		*configuration = take_pointer(result);
	return rc;
}

/* ---- Writing ---- */

/* Short lists of ranges, in the notation that the command line takes. */
static struct json_object *format_ids(const struct vfioap_ids *ids, unsigned int digits)
{
	struct json_object *array = json_object_new_array();
	char text[VFIOAP_IDS_TEXT_SIZE];
	char *rest = text, *item;

	vfioap_ids_format(ids, digits, text);
	while ((item = strsep(&rest, ",")) && *item)
		json_object_array_add(array, json_object_new_string(item));
	return array;
}

static struct json_object *format_pool(const struct vfioap_configuration *configuration)
{
	struct json_object *object = json_object_new_object();

	if (configuration->pool_parts & VFIOAP_ADAPTERS)
		json_object_object_add(object, "adapters",
				       format_ids(&configuration->pool.adapters,
						  VFIOAP_ADAPTER_DIGITS));
	if (configuration->pool_parts & VFIOAP_DOMAINS)
		json_object_object_add(object, "domains",
				       format_ids(&configuration->pool.domains,
						  VFIOAP_DOMAIN_DIGITS));
	return object;
}

static struct json_object *format_device(const struct configured_device *device)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "uuid", json_object_new_string(device->uuid));
	if (device->name)
		json_object_object_add(object, "name", json_object_new_string(device->name));
	json_object_object_add(object, "adapters",
			       format_ids(&device->matrix.adapters, VFIOAP_ADAPTER_DIGITS));
	json_object_object_add(object, "domains",
			       format_ids(&device->matrix.domains, VFIOAP_DOMAIN_DIGITS));
	json_object_object_add(object, "control_domains",
			       format_ids(&device->matrix.control_domains,
					  VFIOAP_DOMAIN_DIGITS));
	if (device->start != VFIOAP_START_ANY)
		json_object_object_add(object, "start",
				       json_object_new_string(device->start == VFIOAP_START_AUTO ?
							      "auto" : "manual"));
	return object;
}

int vfioap_configuration_format(const struct vfioap_configuration *configuration, char **text,
				struct vfioap_error **error)
{
	struct json_object *file = json_object_new_object();
	struct json_object *devices = json_object_new_array();
	const char *formatted;
	int length;
	size_t i;

	json_object_object_add(file, "schema_version", json_object_new_int(SCHEMA_VERSION));
	if (configuration->pool_parts)
		json_object_object_add(file, "pool", format_pool(configuration));
	for (i = 0; i < configuration->num_devices; i++)
		json_object_array_add(devices, format_device(&configuration->devices[i]));
	json_object_object_add(file, "devices", devices);
	formatted = json_object_to_json_string_ext(file, JSON_C_TO_STRING_PRETTY |
						   JSON_C_TO_STRING_SPACED);
	length = asprintf(text, "%s\n", formatted);
	json_object_put(file);
	if (length >= 0)
		return 0;
	*text = NULL;
	return error_no_memory(error);
}
