// SPDX-License-Identifier: LGPL-2.1-or-later
#include "filter.h"

#include <string.h>

#include "matrix.h"

static bool is_bound(const struct vfioap_host *host, uint16_t apqn)
{
	const struct vfioap_queue *queue = vfioap_host_find_queue(host, apqn);
	const char *driver = queue ? vfioap_queue_get_driver(queue) : NULL;

	return driver && !strcmp(driver, DRIVER_NAME);
}

bool filter_find_culprit(const struct vfioap_host *host, const struct vfioap_device *device,
			 unsigned int adapter, uint16_t *apqn)
{
	struct vfioap_ids domains = vfioap_ids_and(&device->matrix.domains, &host->matrix.domains);
	unsigned int domain;

	vfioap_ids_for_each(domain, &domains) {
		if (!is_bound(host, vfioap_apqn(adapter, domain))) {
			*apqn = vfioap_apqn(adapter, domain);
			return true;
		}
	}
	return false;
}

void filter_device(const struct vfioap_host *host, struct vfioap_device *device)
{
	struct vfioap_matrix passed = matrix_and(&device->matrix, &host->matrix);
	unsigned int adapter;
	uint16_t culprit;

	vfioap_ids_for_each(adapter, &passed.adapters) {
		if (filter_find_culprit(host, device, adapter, &culprit))
			vfioap_ids_remove(&passed.adapters, adapter);
	}
	device->guest_matrix = passed;
}
