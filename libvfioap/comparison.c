// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * In what a host differs from a configuration.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "configuration.h"
#include "device.h"
#include "error.h"
#include "host.h"
#include "pool.h"

/**
 * struct vfioap_difference - one of them
 * @uuid: of the device; "" for the pool
 */
struct vfioap_difference {
	enum vfioap_difference_kind kind;
	char uuid[VFIOAP_UUID_SIZE];
};

struct vfioap_comparison {
	struct vfioap_difference *differences;
	size_t count;
};

void vfioap_comparison_free(struct vfioap_comparison *comparison)
{
	if (!comparison)
		return;
	free(comparison->differences);
	free(comparison);
}

static void add(struct vfioap_comparison *comparison, enum vfioap_difference_kind kind,
		const char *uuid)
{
	struct vfioap_difference *difference = &comparison->differences[comparison->count++];

	difference->kind = kind;
	memcpy(difference->uuid, uuid, strlen(uuid) + 1);
}

static void compare_pool(struct vfioap_comparison *comparison, const struct vfioap_host *host,
			 const struct vfioap_configuration *configuration)
{
	const struct vfioap_matrix now = pool_of_host(host);
	unsigned int parts = configuration->pool_parts;

	if ((parts & VFIOAP_ADAPTERS &&
	     !vfioap_ids_equal(&now.adapters, &configuration->pool.adapters)) ||
	    (parts & VFIOAP_DOMAINS &&
	     !vfioap_ids_equal(&now.domains, &configuration->pool.domains)))
		add(comparison, VFIOAP_DIFFERENCE_POOL, "");
}

static void compare_device(struct vfioap_comparison *comparison, const struct vfioap_host *host,
			   const struct configured_device *wanted)
{
	const struct vfioap_device *device = device_find(host, wanted->uuid);

	if (!device || device->state == VFIOAP_DEVICE_REMOVING)
		add(comparison, VFIOAP_DIFFERENCE_MISSING, wanted->uuid);
	else if (!vfioap_matrix_equal(&device->matrix, &wanted->matrix))
		add(comparison, VFIOAP_DIFFERENCE_CONTENTS, wanted->uuid);
}

/* A name that the file does not tell is whatever the host has. */
static void compare_name(struct vfioap_comparison *comparison, const struct vfioap_host *host,
			 const struct configured_device *wanted)
{
	const char *name = vfioap_host_get_name(host, wanted->uuid);

	if (!wanted->name || !(host->parts & VFIOAP_READ_DEFINITIONS) ||
	    !device_find(host, wanted->uuid))
		return;
	if (!name || strcmp(name, wanted->name))
		add(comparison, VFIOAP_DIFFERENCE_NAME, wanted->uuid);
}

static void compare_definition(struct vfioap_comparison *comparison,
			       const struct vfioap_host *host,
			       const struct configured_device *wanted)
{
	const struct vfioap_definition *stored = store_find(&host->store, wanted->uuid);

	if (wanted->start == VFIOAP_START_ANY || !(host->parts & VFIOAP_READ_DEFINITIONS))
		return;
	if (!stored || stored->start != wanted->start ||
	    !vfioap_matrix_equal(&stored->matrix, &wanted->matrix))
		add(comparison, VFIOAP_DIFFERENCE_STORED, wanted->uuid);
}

int vfioap_configuration_compare(const struct vfioap_configuration *configuration,
				 const struct vfioap_host *host, unsigned int flags,
				 struct vfioap_comparison **comparison,
				 struct vfioap_error **error)
{
	struct vfioap_comparison *result = calloc(1, sizeof(*result));
	size_t i;

	if (result)
		result->differences = calloc(1 + 3 * configuration->num_devices + host->num_devices,
					     sizeof(*result->differences));
	if (!result || !result->differences) {
		free(result);
		return error_no_memory(error);
	}
	compare_pool(result, host, configuration);
	for (i = 0; i < configuration->num_devices; i++) {
		compare_device(result, host, &configuration->devices[i]);
		compare_name(result, host, &configuration->devices[i]);
	}
	for (i = 0; i < configuration->num_devices; i++)
		compare_definition(result, host, &configuration->devices[i]);
	for (i = 0; flags & VFIOAP_APPLY_PRUNE && i < host->num_devices; i++) {
		if (!configuration_find(configuration, host->devices[i]->uuid))
			add(result, VFIOAP_DIFFERENCE_EXTRA, host->devices[i]->uuid);
	}
	*comparison = result;
	return 0;
}

size_t vfioap_comparison_get_num_differences(const struct vfioap_comparison *comparison)
{
	return comparison->count;
}

enum vfioap_difference_kind
vfioap_comparison_get_kind(const struct vfioap_comparison *comparison, size_t index)
{
	return comparison->differences[index].kind;
}

const char *vfioap_comparison_get_uuid(const struct vfioap_comparison *comparison, size_t index)
{
	const char *uuid = comparison->differences[index].uuid;

	return *uuid ? uuid : NULL;
}

const char *vfioap_difference_kind_name(enum vfioap_difference_kind kind)
{
	static const char *const names[] = {
		[VFIOAP_DIFFERENCE_POOL] = "pool",
		[VFIOAP_DIFFERENCE_MISSING] = "missing",
		[VFIOAP_DIFFERENCE_CONTENTS] = "contents",
		[VFIOAP_DIFFERENCE_NAME] = "name",
		[VFIOAP_DIFFERENCE_STORED] = "stored",
		[VFIOAP_DIFFERENCE_EXTRA] = "extra",
	};

	return kind < sizeof(names) / sizeof(names[0]) ? names[kind] : "pool";
}

/* Nothing is said of a definition that differs: it is another device's, so to speak. */
static enum vfioap_start stored_start(const struct vfioap_host *host,
				      const struct vfioap_device *device)
{
	const struct vfioap_definition *definition =
		vfioap_host_find_definition(host, device->uuid);

	if (!definition || !vfioap_matrix_equal(vfioap_definition_get_matrix(definition),
						&device->matrix))
		return VFIOAP_START_ANY;
	return vfioap_definition_get_start(definition);
}

int vfioap_configuration_from_host(const struct vfioap_host *host,
				   struct vfioap_configuration **configuration,
				   struct vfioap_error **error)
{
	const struct vfioap_matrix pool = pool_of_host(host);
	struct vfioap_configuration *result;
	size_t i;
	int rc;

	rc = vfioap_configuration_new(&result, error);
	if (rc)
		return rc;
	if (host->has_bus)
		vfioap_configuration_set_pool(result, &pool.adapters, &pool.domains);
	for (i = 0; i < host->num_devices && !rc; i++) {
		const struct vfioap_device *device = host->devices[i];

		if (device->state != VFIOAP_DEVICE_REMOVING)
			rc = vfioap_configuration_add_device(
				result, device->uuid, vfioap_host_get_name(host, device->uuid),
				&device->matrix, stored_start(host, device), error);
	}
	if (rc)
		vfioap_configuration_free(result);
	else
		*configuration = result;
	return rc;
}
