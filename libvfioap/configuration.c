// SPDX-License-Identifier: LGPL-2.1-or-later
#include "configuration.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "error.h"
#include "matrix.h"
#include "queue_id.h"

void vfioap_configuration_free(struct vfioap_configuration *configuration)
{
	size_t i;

	if (!configuration)
		return;
	for (i = 0; i < configuration->num_devices; i++)
		free(configuration->devices[i].name);
	free(configuration->devices);
	free(configuration);
}

int vfioap_configuration_new(struct vfioap_configuration **configuration,
			     struct vfioap_error **error)
{
	*configuration = calloc(1, sizeof(**configuration));
	return *configuration ? 0 : error_no_memory(error);
}

void vfioap_configuration_set_pool(struct vfioap_configuration *configuration,
				   const struct vfioap_ids *adapters,
				   const struct vfioap_ids *domains)
{
	configuration->pool_parts = 0;
	if (adapters) {
		configuration->pool.adapters = *adapters;
		configuration->pool_parts |= VFIOAP_ADAPTERS;
	}
	if (domains) {
		configuration->pool.domains = *domains;
		configuration->pool_parts |= VFIOAP_DOMAINS;
	}
}

const struct configured_device *
configuration_find(const struct vfioap_configuration *configuration, const char *uuid)
{
	size_t i;

	for (i = 0; i < configuration->num_devices; i++) {
		if (!strcmp(configuration->devices[i].uuid, uuid))
			return &configuration->devices[i];
	}
	return NULL;
}

static int same_device(const struct vfioap_configuration *configuration, const char *uuid,
		       const char *name, struct vfioap_error **error)
{
	size_t i;

	for (i = 0; i < configuration->num_devices; i++) {
		const struct configured_device *other = &configuration->devices[i];

		if (!strcmp(other->uuid, uuid))
			return error_fail(error, VFIOAP_INVALID, EINVAL,
					  "the same device as devices[%zu], %s", i,
					  other->name ? other->name : other->uuid);
		if (name && other->name && !strcmp(other->name, name))
			return error_fail(error, VFIOAP_INVALID, EINVAL,
					  "the name '%s' is that of devices[%zu], too", name, i);
	}
	return 0;
}

/* The UUID that a UUID or a name, or both, stand for. */
static int identify(const char *uuid, const char *name, char result[VFIOAP_UUID_SIZE],
		    struct vfioap_error **error)
{
	int rc = 0;

	if (!uuid && !name)
		return error_fail(error, VFIOAP_INVALID, EINVAL,
				  "neither \"uuid\" nor \"name\" says which device this is");
	if (name)
		rc = vfioap_uuid_from_name(name, result, error);
	if (!rc && uuid)
		rc = vfioap_uuid_parse(uuid, result, error);
	return rc;
}

int vfioap_configuration_add_device(struct vfioap_configuration *configuration, const char *uuid,
				    const char *name, const struct vfioap_matrix *matrix,
				    enum vfioap_start start, struct vfioap_error **error)
{
	struct configured_device device = { .matrix = *matrix, .start = start };
	struct configured_device *larger;
	int rc;

	rc = identify(uuid, name, device.uuid, error);
	if (!rc)
		rc = same_device(configuration, device.uuid, name, error);
	if (rc)
		return rc;
	larger = realloc(configuration->devices,
			 (configuration->num_devices + 1) * sizeof(*larger));
	if (!larger)
		return error_no_memory(error);
	configuration->devices = larger;
	device.name = name ? strdup(name) : NULL;
	if (name && !device.name)
		return error_no_memory(error);
	configuration->devices[configuration->num_devices++] = device;
	return 0;
}

/* Queues that two parts of the file want: the text of an error, after @source and place. */
static int claimed_twice(const char *source, size_t index, const struct vfioap_matrix *matrix,
			 const struct vfioap_matrix *other, const char *whose,
			 struct vfioap_error **error)
{
	const struct vfioap_matrix both = matrix_and(matrix, other);
	_cleanup_queues_ uint16_t *queues = NULL;
	_cleanup_text_ char *which = NULL;
	size_t count;
	int rc;

	if (!matrix_list_queues(&both, &queues, &count))
		which = queue_list_describe(queues, count);
	if (!which)
		return error_no_memory(error);
	rc = error_fail(error, VFIOAP_INVALID, EINVAL, "%s: devices[%zu]: %s: %s", source, index,
			which, whose);
	error_which(error, queues, count);
	return rc;
}

static int check_pairs(const struct vfioap_configuration *configuration, const char *source,
		       size_t index, struct vfioap_error **error)
{
	const struct vfioap_matrix *matrix = &configuration->devices[index].matrix;
	_cleanup_text_ char *whose = NULL;
	size_t i;

	for (i = 0; i < index; i++) {
		if (!matrix_shares_queue(matrix, &configuration->devices[i].matrix))
			continue;
		if (asprintf(&whose, "wanted by devices[%zu], too", i) < 0) {
			whose = NULL;
			return error_no_memory(error);
		}
		return claimed_twice(source, index, matrix, &configuration->devices[i].matrix,
				     whose, error);
	}
	return 0;
}

/* What the host keeps according to the file, if it tells that. */
static struct vfioap_matrix host_keeps(const struct vfioap_configuration *configuration)
{
	const struct vfioap_ids all = { { UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX } };
	struct vfioap_matrix kept = { 0 };

	if (configuration->pool_parts == (VFIOAP_ADAPTERS | VFIOAP_DOMAINS)) {
		kept.adapters = vfioap_ids_minus(&all, &configuration->pool.adapters);
		kept.domains = vfioap_ids_minus(&all, &configuration->pool.domains);
	}
	return kept;
}

int configuration_check(const struct vfioap_configuration *configuration, const char *source,
			struct vfioap_error **error)
{
	const struct vfioap_matrix kept = host_keeps(configuration);
	size_t i;
	int rc;

	for (i = 0; i < configuration->num_devices; i++) {
		const struct vfioap_matrix *matrix = &configuration->devices[i].matrix;

		rc = check_pairs(configuration, source, i, error);
		if (!rc && matrix_shares_queue(matrix, &kept))
			rc = claimed_twice(source, i, matrix, &kept,
					   "\"pool\" leaves it to the host's drivers", error);
		if (rc)
			return rc;
	}
	return 0;
}

unsigned int vfioap_configuration_get_pool(const struct vfioap_configuration *configuration,
					   struct vfioap_ids *adapters, struct vfioap_ids *domains)
{
	if (configuration->pool_parts & VFIOAP_ADAPTERS)
		*adapters = configuration->pool.adapters;
	if (configuration->pool_parts & VFIOAP_DOMAINS)
		*domains = configuration->pool.domains;
	return configuration->pool_parts;
}

size_t vfioap_configuration_get_num_devices(const struct vfioap_configuration *configuration)
{
	return configuration->num_devices;
}

const char *vfioap_configuration_get_uuid(const struct vfioap_configuration *configuration,
					  size_t index)
{
	return index < configuration->num_devices ? configuration->devices[index].uuid : NULL;
}

const char *vfioap_configuration_get_name(const struct vfioap_configuration *configuration,
					  size_t index)
{
	return index < configuration->num_devices ? configuration->devices[index].name : NULL;
}

const struct vfioap_matrix *
vfioap_configuration_get_matrix(const struct vfioap_configuration *configuration, size_t index)
{
	return index < configuration->num_devices ? &configuration->devices[index].matrix : NULL;
}

enum vfioap_start vfioap_configuration_get_start(const struct vfioap_configuration *configuration,
						 size_t index)
{
	return index < configuration->num_devices ? configuration->devices[index].start :
						    VFIOAP_START_ANY;
}
