// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ownership.h"

#include <string.h>

#include "bus.h"
#include "matrix.h"

/* Those of the device's queues that are in @area. */
static void settle_device(struct vfioap_device *device, const struct vfioap_matrix *area,
			  const struct vfioap_owner **owners)
{
	struct vfioap_matrix part;
	unsigned int adapter, domain;

	if (!matrix_shares_queue(&device->matrix, area))
		return;
	part = matrix_and(&device->matrix, area);
	vfioap_ids_for_each(adapter, &part.adapters) {
		vfioap_ids_for_each(domain, &part.domains) {
			uint16_t apqn = vfioap_apqn(adapter, domain);
			bool effective = vfioap_matrix_has_queue(&device->guest_matrix, apqn);

			owners[apqn] = effective && device->as_guest ? device->as_guest :
								       device->as_device;
		}
	}
}

/* The one device that is being removed; NULL if there are several. */
static const struct vfioap_device *only_removing(const struct vfioap_host *host)
{
	const struct vfioap_device *found = NULL;
	size_t i;

	for (i = 0; i < host->num_devices; i++) {
		if (host->devices[i]->state != VFIOAP_DEVICE_REMOVING)
			continue;
		if (found)
			return NULL;
		found = host->devices[i];
	}
	return found;
}

/*
 * A device that is being removed does not tell its queues any more, but their status
 * still says that a device has them.
 */
static const struct vfioap_owner *owner_of_taken(const struct vfioap_host *host,
						 const struct vfioap_device *removing)
{
	if (!removing)
		return host->as_unknown;
	return removing->as_guest ? removing->as_guest : removing->as_device;
}

static const struct vfioap_owner *owner_without_device(const struct vfioap_host *host,
						       const struct vfioap_queue *queue)
{
	const char *driver = host->drivers[queue->driver];

	if (bus_reserves(host, queue->apqn) || (driver && strcmp(driver, DRIVER_NAME)))
		return host->as_host[queue->driver];
	return host->as_free;
}

static void settle_queue(struct vfioap_host *host, struct vfioap_queue *queue,
			 const struct vfioap_device *removing)
{
	queue->owner = host->owners[queue->apqn];
	if (!queue->owner && host->taken && host->taken[queue->apqn])
		queue->owner = owner_of_taken(host, removing);
	if (!queue->owner)
		queue->owner = owner_without_device(host, queue);
}

void ownership_settle(struct vfioap_host *host)
{
	const struct vfioap_device *removing = only_removing(host);
	size_t i;

	memset(host->owners, 0, VFIOAP_IDS * VFIOAP_IDS * sizeof(*host->owners));
	for (i = 0; i < host->num_devices; i++)
		settle_device(host->devices[i], &host->devices[i]->matrix, host->owners);
	for (i = 0; i < host->num_queues; i++)
		settle_queue(host, &host->queues[i], removing);
}

static void forget_owners(struct vfioap_host *host, const struct vfioap_matrix *area)
{
	unsigned int adapter, domain;

	vfioap_ids_for_each(adapter, &area->adapters) {
		vfioap_ids_for_each(domain, &area->domains)
			host->owners[vfioap_apqn(adapter, domain)] = NULL;
	}
}

static void settle_queues(struct vfioap_host *host, const struct vfioap_matrix *area)
{
	const struct vfioap_device *removing = only_removing(host);
	unsigned int adapter, domain;

	vfioap_ids_for_each(adapter, &area->adapters) {
		vfioap_ids_for_each(domain, &area->domains) {
			struct vfioap_queue *queue =
				host_find_queue(host, vfioap_apqn(adapter, domain));

			if (queue)
				settle_queue(host, queue, removing);
		}
	}
}

void ownership_settle_within(struct vfioap_host *host, const struct vfioap_matrix *area)
{
	size_t i;

	forget_owners(host, area);
	for (i = 0; i < host->num_devices; i++)
		settle_device(host->devices[i], area, host->owners);
	settle_queues(host, area);
}
