// SPDX-License-Identifier: LGPL-2.1-or-later
#include "predict.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bus.h"
#include "cleanup.h"
#include "device.h"
#include "filter.h"
#include "ownership.h"

#define HOST_QUEUE_DRIVER "cex4queue"

static char **copy_words(char **words)
{
	size_t count = 0, i;
	char **copy;

	while (words[count])
		count++;
	copy = calloc(count + 1, sizeof(*copy));
	for (i = 0; copy && i < count; i++) {
		copy[i] = strdup(words[i]);
		if (!copy[i]) {
			free_words(copy);
			return NULL;
		}
	}
	return copy;
}

static int copy_drivers(struct vfioap_host *to, const struct vfioap_host *from)
{
	size_t i;

	for (i = 1; i < from->num_drivers; i++) {
		if (bus_driver_index(to, from->drivers[i]) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int copy_cards(struct vfioap_host *to, const struct vfioap_host *from)
{
	size_t i;

	to->cards = calloc(from->num_cards + 1, sizeof(*to->cards));
	if (!to->cards)
		return -ENOMEM;
	for (i = 0; i < from->num_cards; i++) {
		const struct vfioap_card *card = &from->cards[i];
		struct vfioap_card *copy = &to->cards[to->num_cards++];

		*copy = *card;
		copy->host = to;
		copy->type = card->type ? strdup(card->type) : NULL;
		copy->serial = card->serial ? strdup(card->serial) : NULL;
		if ((card->type && !copy->type) || (card->serial && !copy->serial))
			return -ENOMEM;
	}
	return 0;
}

/* A byte for each APQN, if there are any. */
static int copy_bytes(uint8_t **to, const uint8_t *from)
{
	if (!from)
		return 0;
	*to = malloc(VFIOAP_IDS * VFIOAP_IDS);
	if (!*to)
		return -ENOMEM;
	memcpy(*to, from, VFIOAP_IDS * VFIOAP_IDS);
	return 0;
}

static int copy_queues(struct vfioap_host *to, const struct vfioap_host *from)
{
	size_t i;

	to->queues = calloc(from->num_queues + 1, sizeof(*to->queues));
	if (!to->queues)
		return -ENOMEM;
	for (i = 0; i < from->num_queues; i++) {
		to->queues[i] = from->queues[i];
		to->queues[i].host = to;
		to->queues[i].owner = NULL;
	}
	to->num_queues = from->num_queues;
	to->queues_size = from->num_queues + 1;
	return copy_bytes(&to->taken, from->taken) || copy_bytes(&to->overrides, from->overrides) ?
		-ENOMEM : 0;
}

static int copy_devices(struct vfioap_host *to, const struct vfioap_host *from)
{
	size_t i;

	to->devices = calloc(from->num_devices + 1, sizeof(*to->devices));
	if (!to->devices)
		return -ENOMEM;
	to->devices_size = from->num_devices + 1;
	for (i = 0; i < from->num_devices; i++) {
		to->devices[i] = device_copy(from->devices[i]);
		if (!to->devices[i])
			return -ENOMEM;
		to->num_devices++;
	}
	return 0;
}

static void copy_values(struct vfioap_host *to, const struct vfioap_host *from)
{
	to->parts = from->parts;
	to->has_bus = from->has_bus;
	to->simulated = from->simulated;
	to->has_driver = from->has_driver;
	to->module_loaded = from->module_loaded;
	to->has_config = from->has_config;
	to->has_cdevs = from->has_cdevs;
	to->available_devices = from->available_devices;
	to->max_adapter = from->max_adapter;
	to->max_domain = from->max_domain;
	to->default_domain = from->default_domain;
	to->bound_queues = from->bound_queues;
	to->total_queues = from->total_queues;
	to->matrix = from->matrix;
	to->apmask = from->apmask;
	to->aqmask = from->aqmask;
}

static void host_freep(struct vfioap_host **host)
{
	vfioap_host_free(*host);
}

struct vfioap_host *host_copy(const struct vfioap_host *host)
{
	_cleanup_(host_freep) struct vfioap_host *copy = host_new();

	if (!copy)
		return NULL;
	copy_values(copy, host);
	copy->bus_features = copy_words(host->bus_features);
	copy->driver_features = copy_words(host->driver_features);
	if (!copy->bus_features || !copy->driver_features || copy_drivers(copy, host) ||
	    copy_cards(copy, host) || copy_queues(copy, host) || copy_devices(copy, host) ||
	    store_copy(&copy->store, &host->store))
		return NULL;
	ownership_settle(copy);
	return take_pointer(copy);
}

void predict_matrix(struct vfioap_host *host, struct vfioap_device *device,
		    const struct vfioap_matrix *matrix)
{
	struct vfioap_matrix before = device->matrix;

	device->matrix = *matrix;
	filter_device(host, device);
	ownership_settle_within(host, &before);
	ownership_settle_within(host, matrix);
}

int predict_create(struct vfioap_host *host, const char *uuid,
		   const struct vfioap_matrix *matrix)
{
	struct vfioap_device *device = device_new(uuid);

	if (!device)
		return -ENOMEM;
	device->has_config = host->has_config;
	if (devices_insert(host, device)) {
		device_free(device);
		return -ENOMEM;
	}
	host->available_devices--;
	predict_matrix(host, device, matrix);
	return 0;
}

void predict_remove(struct vfioap_host *host, struct vfioap_device *device)
{
	struct vfioap_matrix area = device->matrix;

	devices_remove(host, device);
	host->available_devices++;
	/* queues of which only their status tells that they are taken may be its own */
	if (host->taken)
		ownership_settle(host);
	else
		ownership_settle_within(host, &area);
}

/**
 * struct choice - the drivers that the bus offers queues to, as index in host->drivers
 */
struct choice {
	int of_host;
	int vfio_ap;
};

static int find_choice(struct vfioap_host *host, struct choice *choice)
{
	choice->of_host = bus_driver_index(host, HOST_QUEUE_DRIVER);
	choice->vfio_ap = bus_driver_index(host, DRIVER_NAME);
	return choice->of_host < 0 || choice->vfio_ap < 0 ? -ENOMEM : 0;
}

/* The bus offers a queue to a driver if the one it has is not right any more. */
static void rebind(struct vfioap_host *host, const struct choice *choice)
{
	size_t i;

	for (i = 0; i < host->num_queues; i++) {
		struct vfioap_queue *queue = &host->queues[i];
		bool is_vfio_ap = queue->driver == choice->vfio_ap;

		if (bus_reserves(host, queue->apqn)) {
			if (queue->driver && !is_vfio_ap)
				continue;
			queue->driver = (uint8_t)choice->of_host;
			queue->online = 1;
		} else {
			queue->driver = host->has_driver ? (uint8_t)choice->vfio_ap : 0;
			queue->online = -1;
		}
	}
	for (i = 0; i < host->num_devices; i++)
		filter_device(host, host->devices[i]);
	ownership_settle(host);
}

int predict_masks(struct vfioap_host *host, const struct vfioap_ids *apmask,
		  const struct vfioap_ids *aqmask)
{
	struct choice choice;

	if (find_choice(host, &choice))
		return -ENOMEM;
	host->apmask = *apmask;
	host->aqmask = *aqmask;
	rebind(host, &choice);
	return 0;
}

int predict_bindings(struct vfioap_host *host)
{
	struct choice choice;

	if (find_choice(host, &choice))
		return -ENOMEM;
	rebind(host, &choice);
	return 0;
}

int predict_driver(struct vfioap_host *host, bool loaded)
{
	struct choice choice;

	if (find_choice(host, &choice))
		return -ENOMEM;
	host->has_driver = loaded;
	host->module_loaded = loaded;
	if (!loaded)
		host->available_devices = -1;
	rebind(host, &choice);
	return 0;
}
