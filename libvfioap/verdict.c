// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "bus.h"
#include "explain.h"
#include "filter.h"

const char *vfioap_reason_name(enum vfioap_reason reason)
{
	static const char *const names[] = {
		[VFIOAP_REASON_EFFECTIVE] = "effective",
		[VFIOAP_REASON_IDLE] = "idle",
		[VFIOAP_REASON_REMOVING] = "removing",
		[VFIOAP_REASON_NO_DRIVER] = "no_driver",
		[VFIOAP_REASON_NO_ADAPTER] = "no_adapter",
		[VFIOAP_REASON_NO_DOMAIN] = "no_domain",
		[VFIOAP_REASON_NO_QUEUE] = "no_queue",
		[VFIOAP_REASON_HOST_DRIVER] = "host_driver",
		[VFIOAP_REASON_NOT_BOUND] = "not_bound",
		[VFIOAP_REASON_ADAPTER_FILTERED] = "adapter_filtered",
		[VFIOAP_REASON_DECONFIGURED] = "deconfigured",
		[VFIOAP_REASON_CHECKSTOPPED] = "checkstopped",
		[VFIOAP_REASON_RESETTING] = "resetting",
		[VFIOAP_REASON_HOST] = "host",
		[VFIOAP_REASON_FREE] = "free",
		[VFIOAP_REASON_EMPTY] = "empty",
		[VFIOAP_REASON_UNKNOWN] = "unknown",
	};
	size_t index = (size_t)reason;

	if (index >= sizeof(names) / sizeof(names[0]))
		index = VFIOAP_REASON_UNKNOWN;
	return names[index];
}

static struct verdict verdict(enum vfioap_reason reason, const struct vfioap_owner *owner)
{
	return (struct verdict){ .reason = reason, .culprit = -1, .owner = owner };
}

static struct verdict verdict_about(enum vfioap_reason reason, unsigned int id,
				    const struct vfioap_owner *owner)
{
	return (struct verdict){ .reason = reason, .id = id, .culprit = -1, .owner = owner };
}

/* What a device's state means for everything it has; false if it is the normal one. */
static bool verdict_of_device(const struct vfioap_device *device, struct verdict *result)
{
	const struct vfioap_owner *user = device->num_users ? device->users[0] : NULL;

	if (device->state == VFIOAP_DEVICE_REMOVING)
		*result = verdict(VFIOAP_REASON_REMOVING, user ? user : device->as_device);
	else if (!device->bound)
		*result = verdict(VFIOAP_REASON_NO_DRIVER, device->as_device);
	else
		return false;
	return true;
}

static struct verdict verdict_passed(const struct vfioap_device *device)
{
	if (device->as_guest)
		return verdict(VFIOAP_REASON_EFFECTIVE, device->as_guest);
	return verdict(VFIOAP_REASON_IDLE, device->as_device);
}

/* Unbound or another's: what keeps a queue from vfio_ap. False if vfio_ap has it. */
static bool verdict_of_binding(const struct vfioap_host *host, uint16_t apqn,
			       struct verdict *result)
{
	const struct vfioap_queue *queue = vfioap_host_find_queue(host, apqn);
	const char *driver = queue ? host->drivers[queue->driver] : NULL;

	if (!queue)
		*result = verdict_about(VFIOAP_REASON_NO_QUEUE, vfioap_apqn_domain(apqn), NULL);
	else if (!driver)
		*result = verdict(VFIOAP_REASON_NOT_BOUND, NULL);
	else if (strcmp(driver, DRIVER_NAME))
		*result = verdict(VFIOAP_REASON_HOST_DRIVER, host->as_host[queue->driver]);
	else
		return false;
	return true;
}

static bool verdict_of_card(const struct vfioap_host *host, uint16_t apqn, struct verdict *result)
{
	unsigned int adapter = vfioap_apqn_adapter(apqn);
	const struct vfioap_queue *queue = vfioap_host_find_queue(host, apqn);
	const struct vfioap_card *card = vfioap_host_find_card(host, adapter);

	if (!queue || !card)
		return false;
	if (!card->configured || !queue->configured)
		*result = verdict_about(VFIOAP_REASON_DECONFIGURED, adapter, NULL);
	else if (card->checkstopped || queue->checkstopped)
		*result = verdict_about(VFIOAP_REASON_CHECKSTOPPED, adapter, NULL);
	else
		return false;
	return true;
}

struct verdict verdict_of_adapter(const struct vfioap_host *host,
				  const struct vfioap_device *device, unsigned int adapter)
{
	struct verdict result;
	uint16_t culprit;

	if (verdict_of_device(device, &result))
		return result;
	if (!vfioap_ids_has(&host->matrix.adapters, adapter))
		return verdict_about(VFIOAP_REASON_NO_ADAPTER, adapter, NULL);
	if (vfioap_ids_has(&device->guest_matrix.adapters, adapter))
		return verdict_passed(device);
	if (!filter_find_culprit(host, device, adapter, &culprit))
		return verdict_about(VFIOAP_REASON_RESETTING, adapter, NULL);
	result = verdict_about(VFIOAP_REASON_ADAPTER_FILTERED, adapter, NULL);
	result.culprit = culprit;
	return result;
}

struct verdict verdict_of_queue(const struct vfioap_host *host,
				const struct vfioap_device *device, uint16_t apqn,
				const struct verdict *of_adapter)
{
	unsigned int domain = vfioap_apqn_domain(apqn);
	struct verdict result;

	switch (of_adapter->reason) {
	case VFIOAP_REASON_REMOVING:
	case VFIOAP_REASON_NO_DRIVER:
	case VFIOAP_REASON_NO_ADAPTER:
		return *of_adapter;
	default:
		break;
	}
	if (!vfioap_ids_has(&host->matrix.domains, domain))
		return verdict_about(VFIOAP_REASON_NO_DOMAIN, domain, NULL);
	/* a queue of a deconfigured card is passed through all the same */
	if (verdict_of_card(host, apqn, &result))
		return result;
	if (vfioap_matrix_has_queue(&device->guest_matrix, apqn))
		return verdict_passed(device);
	if (verdict_of_binding(host, apqn, &result))
		return result;
	return *of_adapter;
}

struct verdict verdict_of_control_domain(const struct vfioap_host *host,
					 const struct vfioap_device *device, unsigned int domain)
{
	struct verdict result;

	if (!verdict_of_device(device, &result)) {
		if (vfioap_ids_has(&host->matrix.control_domains, domain))
			result = verdict_passed(device);
		else
			result = verdict_about(VFIOAP_REASON_NO_DOMAIN, domain, NULL);
	}
	result.kind = ABOUT_CONTROL_DOMAIN;
	return result;
}

struct verdict verdict_without_device(const struct vfioap_host *host, uint16_t apqn)
{
	unsigned int adapter = vfioap_apqn_adapter(apqn), domain = vfioap_apqn_domain(apqn);
	const struct vfioap_queue *queue = vfioap_host_find_queue(host, apqn);
	struct verdict result;

	if (!queue && !vfioap_ids_has(&host->matrix.adapters, adapter))
		return verdict_about(VFIOAP_REASON_NO_ADAPTER, adapter, NULL);
	if (!queue && !vfioap_ids_has(&host->matrix.domains, domain))
		return verdict_about(VFIOAP_REASON_NO_DOMAIN, domain, NULL);
	if (!queue)
		return verdict_about(VFIOAP_REASON_NO_QUEUE, domain, NULL);
	if (queue->owner == host->as_unknown)
		return verdict(VFIOAP_REASON_UNKNOWN, queue->owner);
	if (bus_reserves(host, apqn))
		return verdict(VFIOAP_REASON_HOST, queue->owner);
	if (verdict_of_card(host, apqn, &result) || verdict_of_binding(host, apqn, &result))
		return result;
	return verdict(VFIOAP_REASON_FREE, queue->owner);
}
