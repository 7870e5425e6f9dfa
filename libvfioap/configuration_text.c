// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The configuration file as text: JSON, see vfioap.conf(5).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "configuration.h"
#include "error.h"
#include "json_reader.h"


static struct vfioap_configuration *result_of(const struct reader *reader)
{
	return reader->result;
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

static int read_device(const struct reader *reader, struct json_object *value,
		       const char *place, void *target __attribute__((unused)))
{
	struct device_entry entry = { 0 };
	struct vfioap_error *why = NULL;
	int rc;

	rc = read_object(reader, value, place, device_keys, &entry);
	if (rc)
		return rc;
	rc = vfioap_configuration_add_device(result_of(reader), entry.uuid, entry.name,
					     &entry.matrix, entry.start, &why);
	return rc ? refuse_because(reader, place, why) : 0;
}

/* ---- The file ---- */

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
	return read_object(reader, value, place, pool_keys, result_of(reader));
}

static int read_devices(const struct reader *reader, struct json_object *value,
			const char *place, void *target)
{
	return read_list(reader, value, place, "a list of devices: [ { ... } ]", read_device,
			 target);
}

static const struct key file_keys[] = {
	SCHEMA_VERSION_KEY,
	{ "pool", read_pool },
	{ "devices", read_devices },
	{ 0 },
};

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
	int rc;

	rc = vfioap_configuration_new(&result, error);
	if (rc)
		return rc;
	reader.result = result;
	rc = read_file(&reader, text, length, file_keys);
	if (!rc)
		rc = configuration_check(result, source, error);
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

	json_object_object_add(file, "schema_version", json_object_new_int(1));
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
