// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "matrix.h"
#include "pool.h"
#include "queue_id.h"

/* Up to that many queues are named one by one; beyond, by adapter or domain. */
#define NAME_MAX_QUEUES 8

static void split(const uint16_t *queues, size_t count, struct vfioap_ids *adapters,
		  struct vfioap_ids *domains)
{
	size_t i;

	*adapters = (struct vfioap_ids){ 0 };
	*domains = (struct vfioap_ids){ 0 };
	for (i = 0; i < count; i++) {
		vfioap_ids_add(adapters, vfioap_apqn_adapter(queues[i]));
		vfioap_ids_add(domains, vfioap_apqn_domain(queues[i]));
	}
}

/* The text that was written to a memory stream; NULL if there was no memory. */
static char *end_text(FILE *out, char **text)
{
	if (!fclose(out))
		return *text;
	free(*text);
	return NULL;
}

static char *free_all_of(const struct vfioap_ids *ids, bool adapters)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);
	unsigned int id;

	if (!stream)
		return NULL;
	fputs("vfioap-ctl pool free", stream);
	vfioap_ids_for_each(id, ids)
		fprintf(stream, adapters ? " '%02x.*'" : " '*.%04x'", id);
	return end_text(stream, &text);
}

char *hint_bind(const uint16_t *queues, size_t count)
{
	_cleanup_text_ char *words = queue_list_words(queues, count);
	char *hint = NULL;

	if (!words || asprintf(&hint, "vfioap-ctl pool free %s", words) < 0)
		return NULL;
	return hint;
}

char *hint_pool_free(const uint16_t *queues, size_t count)
{
	struct vfioap_ids adapters, domains;

	if (count > NAME_MAX_QUEUES) {
		split(queues, count, &adapters, &domains);
		if (vfioap_ids_count(&adapters) <= vfioap_ids_count(&domains))
			return free_all_of(&adapters, true);
		return free_all_of(&domains, false);
	}
	return hint_bind(queues, count);
}

char *hint_unassign(const char *uuid, char option, const struct vfioap_ids *ids)
{
	char list[VFIOAP_IDS_TEXT_SIZE];
	char *hint = NULL;

	vfioap_ids_format(ids, option == 'a' ? VFIOAP_ADAPTER_DIGITS : VFIOAP_DOMAIN_DIGITS, list);
	if (asprintf(&hint, "vfioap-ctl unassign %s -%c %s", uuid, option, list) < 0)
		return NULL;
	return hint;
}

static void print_option(FILE *out, char option, const struct vfioap_ids *ids, unsigned int digits)
{
	char list[VFIOAP_IDS_TEXT_SIZE];

	vfioap_ids_format(ids, digits, list);
	fprintf(out, " -%c %s", option, *list ? list : "none");
}

char *hint_set(const char *uuid, const struct vfioap_matrix *matrix)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fprintf(out, "vfioap-ctl set %s", uuid);
	print_option(out, 'a', &matrix->adapters, VFIOAP_ADAPTER_DIGITS);
	print_option(out, 'd', &matrix->domains, VFIOAP_DOMAIN_DIGITS);
	print_option(out, 'c', &matrix->control_domains, VFIOAP_DOMAIN_DIGITS);
	return end_text(out, &text);
}

/* True if vfio_ap has all queues of both, and no device has one. */
static bool all_free(const struct vfioap_host *host, const struct vfioap_ids *adapters,
		     const struct vfioap_ids *domains)
{
	unsigned int adapter, domain;

	vfioap_ids_for_each(adapter, adapters) {
		vfioap_ids_for_each(domain, domains) {
			const struct vfioap_queue *queue =
				vfioap_host_find_queue(host, vfioap_apqn(adapter, domain));

			if (!queue || queue->owner != host->as_free || !queue->driver)
				return false;
		}
	}
	return true;
}

/* What the device lacks is taken from the first free queue that fits. */
static bool find_filling(const struct vfioap_host *host, struct vfioap_matrix *matrix)
{
	const bool no_adapter = vfioap_ids_empty(&matrix->adapters);
	const bool no_domain = vfioap_ids_empty(&matrix->domains);
	size_t i;

	for (i = 0; i < host->num_queues; i++) {
		const uint16_t apqn = host->queues[i].apqn;
		struct vfioap_matrix wanted = *matrix;

		if (no_adapter)
			vfioap_ids_add(&wanted.adapters, vfioap_apqn_adapter(apqn));
		if (no_domain)
			vfioap_ids_add(&wanted.domains, vfioap_apqn_domain(apqn));
		if (!all_free(host, &wanted.adapters, &wanted.domains))
			continue;
		*matrix = wanted;
		return true;
	}
	return false;
}

char *hint_fill(const struct vfioap_host *host, const struct vfioap_device *device)
{
	struct vfioap_matrix matrix = device->matrix;
	char *text = NULL;
	size_t size = 0;
	FILE *out;

	if (!find_filling(host, &matrix))
		return strdup("");
	out = open_memstream(&text, &size);
	if (!out)
		return NULL;
	fprintf(out, "vfioap-ctl assign %s", device->uuid);
	if (vfioap_ids_empty(&device->matrix.adapters))
		print_option(out, 'a', &matrix.adapters, VFIOAP_ADAPTER_DIGITS);
	if (vfioap_ids_empty(&device->matrix.domains))
		print_option(out, 'd', &matrix.domains, VFIOAP_DOMAIN_DIGITS);
	return end_text(out, &text);
}

char *hint_make_room(const struct vfioap_host *host)
{
	const struct vfioap_device *found = NULL;
	char *hint = NULL;
	size_t i;

	for (i = 0; i < host->num_devices; i++) {
		const struct vfioap_device *device = host->devices[i];
		bool empty = !vfioap_matrix_count_queues(&device->matrix);

		if (device->state == VFIOAP_DEVICE_IDLE && (!found || empty))
			found = device;
		if (found == device && empty)
			break;
	}
	if (!found)
		return strdup("");
	return asprintf(&hint, "vfioap-ctl remove %s", found->uuid) < 0 ? NULL : hint;
}

char *hint_keep_masks(const struct vfioap_host *host)
{
	const struct vfioap_matrix pool = pool_of_host(host);
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fputs("vfioap-ctl pool set", out);
	print_option(out, 'a', &pool.adapters, VFIOAP_ADAPTER_DIGITS);
	print_option(out, 'd', &pool.domains, VFIOAP_DOMAIN_DIGITS);
	fputs(" --persist", out);
	return end_text(out, &text);
}

char *hint_release(const struct vfioap_device *device, const uint16_t *queues, size_t count)
{
	const struct vfioap_matrix *matrix = &device->matrix;
	struct vfioap_ids adapters, domains;
	unsigned int with_adapters, with_domains;

	split(queues, count, &adapters, &domains);
	with_adapters = vfioap_ids_count(&adapters) * vfioap_ids_count(&matrix->domains);
	with_domains = vfioap_ids_count(&domains) * vfioap_ids_count(&matrix->adapters);
	if (with_adapters <= with_domains)
		return hint_unassign(device->uuid, 'a', &adapters);
	return hint_unassign(device->uuid, 'd', &domains);
}
