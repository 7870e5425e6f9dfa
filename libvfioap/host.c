// SPDX-License-Identifier: LGPL-2.1-or-later
#include "host.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bus.h"
#include "card.h"
#include "cleanup.h"
#include "device.h"
#include "driver.h"
#include "error.h"
#include "filter.h"
#include "override.h"
#include "owner.h"
#include "ownership.h"
#include "user.h"

static void free_cards(struct vfioap_host *host)
{
	size_t i;

	for (i = 0; i < host->num_cards; i++) {
		free(host->cards[i].type);
		free(host->cards[i].serial);
	}
	free(host->cards);
}

void vfioap_host_free(struct vfioap_host *host)
{
	size_t i;

	if (!host)
		return;
	for (i = 0; i < host->num_devices; i++)
		device_free(host->devices[i]);
	for (i = 0; i < host->num_drivers; i++) {
		free(host->drivers[i]);
		owner_free(host->as_host[i]);
	}
	owner_free(host->as_free);
	owner_free(host->as_unknown);
	free_cards(host);
	free(host->devices);
	free(host->queues);
	free(host->owners);
	free(host->taken);
	free(host->overrides);
	free_words(host->bus_features);
	free_words(host->driver_features);
	store_release(&host->store);
	free(host);
}

static void host_freep(struct vfioap_host **host)
{
	vfioap_host_free(*host);
}
#define _cleanup_host_ _cleanup_(host_freep)

struct vfioap_host *host_new(void)
{
	_cleanup_host_ struct vfioap_host *host = calloc(1, sizeof(*host));

	if (!host)
		return NULL;
	host->num_drivers = 1;
	host->available_devices = -1;
	host->max_adapter = -1;
	host->max_domain = -1;
	host->default_domain = -1;
	host->bound_queues = -1;
	host->total_queues = -1;
	host->as_host[0] = owner_new(VFIOAP_OWNER_HOST, NULL, NULL);
	host->as_free = owner_new(VFIOAP_OWNER_FREE, NULL, NULL);
	host->as_unknown = owner_new(VFIOAP_OWNER_UNKNOWN, NULL, NULL);
	host->owners = calloc(VFIOAP_IDS * VFIOAP_IDS, sizeof(*host->owners));
	if (!host->as_host[0] || !host->as_free || !host->as_unknown || !host->owners)
		return NULL;
	return take_pointer(host);
}

static bool is_any_removing(const struct vfioap_host *host)
{
	size_t i;

	for (i = 0; i < host->num_devices; i++) {
		if (host->devices[i]->state == VFIOAP_DEVICE_REMOVING)
			return true;
	}
	return false;
}

static int read_devices(struct vfioap_host *host, const struct vfioap_ctx *ctx,
			struct vfioap_error **error)
{
	int rc;

	if (!(host->parts & VFIOAP_READ_DEVICES))
		return 0;
	rc = devices_read(host, ctx, error);
	if (rc || !is_any_removing(host))
		return rc;
	host->taken = calloc(VFIOAP_IDS * VFIOAP_IDS, sizeof(*host->taken));
	return host->taken ? 0 : error_no_memory(error);
}

/* A guest matrix that was not read has to be computed from the queues. */
static bool needs_cards(const struct vfioap_host *host)
{
	size_t i;

	for (i = 0; i < host->num_devices; i++) {
		if (host->devices[i]->guest_unknown)
			return true;
	}
	return host->parts & (VFIOAP_READ_CARDS | VFIOAP_READ_BINDINGS);
}

static void compute_guest_matrices(struct vfioap_host *host)
{
	size_t i;

	for (i = 0; i < host->num_devices; i++) {
		if (host->devices[i]->guest_unknown)
			filter_device(host, host->devices[i]);
	}
}

static int read_users(struct vfioap_host *host, const struct vfioap_ctx *ctx)
{
	int rc = 0;

	if (host->parts & VFIOAP_READ_USERS)
		rc = users_read(host, ctx);
	return rc ? rc : users_find_unseen(host, ctx);
}

static int name_devices(struct vfioap_host *host)
{
	size_t i;

	for (i = 0; i < host->store.names.count; i++) {
		const struct device_name *name = host->store.names.elements[i];
		struct vfioap_device *device = device_find(host, name->uuid);

		if (device && device_set_name(device, name->name))
			return -ENOMEM;
	}
	return 0;
}

static int read_definitions(struct vfioap_host *host, const struct vfioap_ctx *ctx)
{
	if (!(host->parts & VFIOAP_READ_DEFINITIONS))
		return 0;
	return store_read(&host->store, ctx) || name_devices(host) ? -ENOMEM : 0;
}

int vfioap_host_read(struct vfioap_ctx *ctx, unsigned int parts, struct vfioap_host **result,
		     struct vfioap_error **error)
{
	_cleanup_host_ struct vfioap_host *host = host_new();
	int rc;

	if (!host)
		return error_no_memory(error);
	host->parts = parts;
	rc = bus_read(host, ctx, error);
	if (!rc)
		rc = driver_read(host, ctx, error);
	if (!rc)
		rc = read_devices(host, ctx, error);
	if (!rc && host->has_bus && needs_cards(host))
		rc = cards_read(host, ctx, error);
	if (rc)
		return rc;
	if (overrides_read(host, ctx))
		return error_no_memory(error);
	compute_guest_matrices(host);
	if (read_users(host, ctx) || read_definitions(host, ctx))
		return error_no_memory(error);
	ownership_settle(host);
	*result = take_pointer(host);
	return 0;
}

bool vfioap_host_has_bus(const struct vfioap_host *host)
{
	return host->has_bus;
}

bool vfioap_host_is_simulated(const struct vfioap_host *host)
{
	return host->simulated;
}

bool vfioap_host_has_driver(const struct vfioap_host *host)
{
	return host->has_driver;
}

const char *const *vfioap_host_get_bus_features(const struct vfioap_host *host)
{
	return (const char *const *)host->bus_features;
}

const char *const *vfioap_host_get_driver_features(const struct vfioap_host *host)
{
	return (const char *const *)host->driver_features;
}

int vfioap_host_get_available_devices(const struct vfioap_host *host)
{
	return host->available_devices;
}

int vfioap_host_get_max_adapter(const struct vfioap_host *host)
{
	return host->max_adapter;
}

int vfioap_host_get_max_domain(const struct vfioap_host *host)
{
	return host->max_domain;
}

int vfioap_host_get_default_domain(const struct vfioap_host *host)
{
	return host->default_domain;
}

const struct vfioap_matrix *vfioap_host_get_matrix(const struct vfioap_host *host)
{
	return &host->matrix;
}

const struct vfioap_ids *vfioap_host_get_apmask(const struct vfioap_host *host)
{
	return &host->apmask;
}

const struct vfioap_ids *vfioap_host_get_aqmask(const struct vfioap_host *host)
{
	return &host->aqmask;
}

int vfioap_host_get_bound_queues(const struct vfioap_host *host)
{
	return host->bound_queues;
}

int vfioap_host_get_total_queues(const struct vfioap_host *host)
{
	return host->total_queues;
}

size_t vfioap_host_get_num_cards(const struct vfioap_host *host)
{
	return host->num_cards;
}

const struct vfioap_card *vfioap_host_get_card(const struct vfioap_host *host, size_t index)
{
	return index < host->num_cards ? &host->cards[index] : NULL;
}

static int compare_adapter(const void *key, const void *element)
{
	const unsigned int *adapter = key;
	const struct vfioap_card *card = element;

	return (*adapter > card->adapter) - (*adapter < card->adapter);
}

const struct vfioap_card *vfioap_host_find_card(const struct vfioap_host *host,
						unsigned int adapter)
{
	if (!host->num_cards)
		return NULL;
	return bsearch(&adapter, host->cards, host->num_cards, sizeof(*host->cards),
		       compare_adapter);
}

size_t vfioap_host_get_num_queues(const struct vfioap_host *host)
{
	return host->num_queues;
}

const struct vfioap_queue *vfioap_host_get_queue(const struct vfioap_host *host, size_t index)
{
	return index < host->num_queues ? &host->queues[index] : NULL;
}

static int compare_apqn(const void *key, const void *element)
{
	const uint16_t *apqn = key;
	const struct vfioap_queue *queue = element;

	return (*apqn > queue->apqn) - (*apqn < queue->apqn);
}

struct vfioap_queue *host_find_queue(const struct vfioap_host *host, uint16_t apqn)
{
	if (!host->num_queues)
		return NULL;
	return bsearch(&apqn, host->queues, host->num_queues, sizeof(*host->queues),
		       compare_apqn);
}

const struct vfioap_queue *vfioap_host_find_queue(const struct vfioap_host *host, uint16_t apqn)
{
	return host_find_queue(host, apqn);
}

size_t vfioap_host_get_num_devices(const struct vfioap_host *host)
{
	return host->num_devices;
}

const struct vfioap_device *vfioap_host_get_device(const struct vfioap_host *host, size_t index)
{
	return index < host->num_devices ? host->devices[index] : NULL;
}

const struct vfioap_device *vfioap_host_find_device(const struct vfioap_host *host,
						    const char *uuid)
{
	char lower[VFIOAP_UUID_SIZE];

	return vfioap_uuid_parse(uuid, lower, NULL) ? NULL : device_find(host, lower);
}
