// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hint.h"

#include <stdio.h>
#include <stdlib.h>

#include "cleanup.h"
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
	if (!fclose(stream))
		return text;
	free(text);
	return NULL;
}

char *hint_pool_free(const uint16_t *queues, size_t count)
{
	_cleanup_text_ char *words = NULL;
	struct vfioap_ids adapters, domains;
	char *hint = NULL;

	if (count > NAME_MAX_QUEUES) {
		split(queues, count, &adapters, &domains);
		if (vfioap_ids_count(&adapters) <= vfioap_ids_count(&domains))
			return free_all_of(&adapters, true);
		return free_all_of(&domains, false);
	}
	words = queue_list_words(queues, count);
	if (!words || asprintf(&hint, "vfioap-ctl pool free %s", words) < 0)
		return NULL;
	return hint;
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
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
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
