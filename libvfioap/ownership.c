// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ownership.h"

#include <string.h>

#include "bus.h"

static void settle_device(struct vfioap_device *device, const struct vfioap_owner **owners)
{
	unsigned int adapter, domain;

	vfioap_ids_for_each(adapter, &device->matrix.adapters) {
		vfioap_ids_for_each(domain, &device->matrix.domains) {
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

void ownership_settle(struct vfioap_host *host)
{
	const struct vfioap_device *removing = only_removing(host);
	size_t i;

	memset(host->owners, 0, VFIOAP_IDS * VFIOAP_IDS * sizeof(*host->owners));
	for (i = 0; i < host->num_devices; i++)
		settle_device(host->devices[i], host->owners);
	for (i = 0; i < host->num_queues; i++) {
		struct vfioap_queue *queue = &host->queues[i];

		queue->owner = host->owners[queue->apqn];
		if (!queue->owner && host->taken && host->taken[queue->apqn])
			queue->owner = owner_of_taken(host, removing);
		if (!queue->owner)
			queue->owner = owner_without_device(host, queue);
	}
}
