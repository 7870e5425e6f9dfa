// SPDX-License-Identifier: LGPL-2.1-or-later
#include "conflict.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bus.h"
#include "cleanup.h"
#include "device.h"
#include "error.h"
#include "hint.h"
#include "matrix.h"
#include "owner.h"
#include "queue_id.h"

static int above(const char *what, unsigned int digits, unsigned int id, int highest,
		 struct vfioap_error **error)
{
	return error_fail(error, VFIOAP_NOT_FOUND, ENODEV,
			  "there cannot be %s 0x%0*x: the highest on this machine is 0x%0*x", what,
			  (int)digits, id, (int)digits, (unsigned int)highest);
}

int conflict_of_range(const struct vfioap_host *host, const struct vfioap_ids *adapters,
		      const struct vfioap_ids *domains, struct vfioap_error **error)
{
	unsigned int id;

	if (host->max_adapter >= 0) {
		id = vfioap_ids_next(adapters, (unsigned int)host->max_adapter + 1);
		if (id < VFIOAP_IDS)
			return above("adapter", VFIOAP_ADAPTER_DIGITS, id, host->max_adapter,
				     error);
	}
	if (host->max_domain >= 0) {
		id = vfioap_ids_next(domains, (unsigned int)host->max_domain + 1);
		if (id < VFIOAP_IDS)
			return above("domain", VFIOAP_DOMAIN_DIGITS, id, host->max_domain, error);
	}
	return 0;
}

/* The queues that both have; their number is 0 if there are none. */
static int shared_queues(const struct vfioap_matrix *a, const struct vfioap_matrix *b,
			 uint16_t **queues, size_t *count)
{
	struct vfioap_matrix both = matrix_and(a, b);

	return matrix_list_queues(&both, queues, count);
}

static int reserved(const struct vfioap_host *host, const uint16_t *queues, size_t count,
		    struct vfioap_error **error)
{
	const struct vfioap_queue *first = vfioap_host_find_queue(host, queues[0]);
	_cleanup_text_ char *which = queue_list_describe(queues, count);
	_cleanup_text_ char *hint = hint_pool_free(queues, count);
	int rc;

	if (!which || !hint)
		return error_no_memory(error);
	rc = error_fail(error, VFIOAP_RESERVED, EADDRNOTAVAIL,
			"%s: reserved for the host's drivers by apmask and aqmask", which);
	error_which(error, queues, count);
	error_whose(error, first ? first->owner : host->as_host[0]);
	error_hint(error, "%s", hint);
	return rc;
}

/* Of these queues, the ones that are the host's, or that are not. */
static size_t keep(const struct vfioap_host *host, uint16_t *queues, size_t count, bool of_host)
{
	size_t kept = 0, i;

	for (i = 0; i < count; i++) {
		if (bus_reserves(host, queues[i]) == of_host)
			queues[kept++] = queues[i];
	}
	return kept;
}

static int check_reserved(const struct vfioap_host *host, const struct vfioap_matrix *matrix,
			  struct vfioap_error **error)
{
	const struct vfioap_matrix of_host = { .adapters = host->apmask, .domains = host->aqmask };
	_cleanup_queues_ uint16_t *queues = NULL;
	size_t count;

	if (shared_queues(matrix, &of_host, &queues, &count))
		return error_no_memory(error);
	if (host->overrides)
		count = keep(host, queues, count, true);
	return count ? reserved(host, queues, count, error) : 0;
}

/* Who has a queue of the device: its guest, if that gets it. */
static const struct vfioap_owner *owner_of_queue(const struct vfioap_device *device, uint16_t apqn)
{
	if (device->as_guest && vfioap_matrix_has_queue(&device->guest_matrix, apqn))
		return device->as_guest;
	return device->as_device;
}

/* A device has the queues: fail with @code and @number, and say @what of them. */
static int device_has(const struct vfioap_device *device, const uint16_t *queues, size_t count,
		      enum vfioap_error_code code, int number, const char *what,
		      struct vfioap_error **error)
{
	const struct vfioap_owner *owner = owner_of_queue(device, queues[0]);
	_cleanup_text_ char *which = queue_list_describe(queues, count);
	_cleanup_text_ char *hint = hint_release(device, queues, count);
	char who[OWNER_TEXT_SIZE] = "";
	int rc;

	if (!which || !hint)
		return error_no_memory(error);
	if (owner == device->as_guest)
		owner_describe(owner, who);
	rc = error_fail(error, code, number, "%s: %s device %s%s%s", which, what,
			device->uuid, *who ? ", used by " : "", who);
	error_which(error, queues, count);
	error_whose(error, owner);
	error_hint(error, "%s", hint);
	return rc;
}

static int check_devices(const struct vfioap_host *host, const char *uuid,
			 const struct vfioap_matrix *matrix, struct vfioap_error **error)
{
	size_t i;

	for (i = 0; i < host->num_devices; i++) {
		const struct vfioap_device *device = host->devices[i];
		_cleanup_queues_ uint16_t *queues = NULL;
		size_t count;

		if (!strcmp(device->uuid, uuid) || !matrix_shares_queue(&device->matrix, matrix))
			continue;
		if (shared_queues(&device->matrix, matrix, &queues, &count))
			return error_no_memory(error);
		return device_has(device, queues, count, VFIOAP_CONFLICT, EADDRINUSE,
				  "assigned to", error);
	}
	return 0;
}

static int taken(const struct vfioap_host *host, const struct vfioap_queue *queue,
		 struct vfioap_error **error)
{
	const char *uuid = queue->owner->uuid;
	char name[VFIOAP_APQN_TEXT_SIZE];
	int rc;

	vfioap_apqn_format(queue->apqn, name);
	if (uuid)
		rc = error_fail(error, VFIOAP_CONFLICT, EADDRINUSE,
				"queue %s: still held by device %s, which is being removed", name,
				uuid);
	else
		rc = error_fail(error, VFIOAP_CONFLICT, EADDRINUSE,
				"queue %s: still held by a device that is being removed", name);
	error_which(error, &queue->apqn, 1);
	error_whose(error, queue->owner);
	if (uuid && device_find(host, uuid))
		error_hint(error, "vfioap-ctl remove %s --wait", uuid);
	return rc;
}

/* Devices that are being removed do not tell their queues: the queues tell. */
static int check_taken(const struct vfioap_host *host, const struct vfioap_matrix *matrix,
		       struct vfioap_error **error)
{
	size_t i;

	for (i = 0; host->taken && i < host->num_queues; i++) {
		const struct vfioap_queue *queue = &host->queues[i];
		const struct vfioap_device *device;

		if (!host->taken[queue->apqn] || !vfioap_matrix_has_queue(matrix, queue->apqn))
			continue;
		device = queue->owner->uuid ? device_find(host, queue->owner->uuid) : NULL;
		if (!device || device->state == VFIOAP_DEVICE_REMOVING)
			return taken(host, queue, error);
	}
	return 0;
}

int conflict_of_matrix(const struct vfioap_host *host, const char *uuid,
		       const struct vfioap_matrix *matrix, struct vfioap_error **error)
{
	struct vfioap_ids domains = vfioap_ids_or(&matrix->domains, &matrix->control_domains);
	int rc;

	rc = conflict_of_range(host, &matrix->adapters, &domains, error);
	if (!rc)
		rc = check_reserved(host, matrix, error);
	if (!rc)
		rc = check_devices(host, uuid, matrix, error);
	if (!rc)
		rc = check_taken(host, matrix, error);
	return rc;
}

int conflict_of_masks(const struct vfioap_host *host, const struct vfioap_ids *apmask,
		      const struct vfioap_ids *aqmask, struct vfioap_error **error)
{
	const struct vfioap_matrix of_host = { .adapters = *apmask, .domains = *aqmask };
	size_t i;

	for (i = 0; i < host->num_devices; i++) {
		const struct vfioap_device *device = host->devices[i];
		_cleanup_queues_ uint16_t *queues = NULL;
		size_t count;

		if (shared_queues(&device->matrix, &of_host, &queues, &count))
			return error_no_memory(error);
		count = keep(host, queues, count, false);
		if (count)
			return device_has(device, queues, count, VFIOAP_BUSY, EBUSY,
					  "would be taken from", error);
	}
	return 0;
}

int conflict_of_queues(const struct vfioap_host *host, const bool *wanted,
		       struct vfioap_error **error)
{
	size_t i, k;

	for (i = 0; i < host->num_devices; i++) {
		const struct vfioap_device *device = host->devices[i];
		_cleanup_queues_ uint16_t *queues = NULL;
		size_t count, kept = 0;

		if (matrix_list_queues(&device->matrix, &queues, &count))
			return error_no_memory(error);
		for (k = 0; k < count; k++) {
			if (wanted[queues[k]])
				queues[kept++] = queues[k];
		}
		if (kept)
			return device_has(device, queues, kept, VFIOAP_BUSY, EBUSY,
					  "would be taken from", error);
	}
	return 0;
}
