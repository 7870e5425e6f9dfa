// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The values that a completion offers: from the host as it is.
 */
#include <glob.h>
#include <limits.h>
#include <string.h>
#include <vfioap.h>

#include "complete.h"
#include "export.h"
#include "request.h"

static struct vfioap_host *read_host(const char *root)
{
	_cleanup_ctx_ struct vfioap_ctx *ctx = NULL;
	struct vfioap_host *host = NULL;

	if (!vfioap_ctx_new(&ctx, NULL) && (!root || !vfioap_ctx_set_root(ctx, root, NULL)))
		vfioap_host_read(ctx, VFIOAP_READ_CARDS | VFIOAP_READ_DEVICES |
						    VFIOAP_READ_DEFINITIONS, &host, NULL);
	return host;
}

/* By name, if it has one, and by UUID. */
static void offer_device(const struct vfioap_host *host, const char *prefix, const char *typed,
			 const char *uuid, const char *help)
{
	const char *name = vfioap_host_get_name(host, uuid);

	if (name)
		complete_offer(prefix, typed, name, help);
	complete_offer(prefix, typed, uuid, help);
}

static void offer_devices(const struct vfioap_host *host, const char *prefix, const char *typed)
{
	size_t i;

	for (i = 0; i < vfioap_host_get_num_devices(host); i++) {
		const struct vfioap_device *device = vfioap_host_get_device(host, i);
		enum vfioap_device_state state = vfioap_device_get_state(device);

		offer_device(host, prefix, typed, vfioap_device_get_uuid(device),
			     vfioap_device_state_name(state));
	}
}

static void offer_definitions(const struct vfioap_host *host, const char *prefix,
			      const char *typed)
{
	size_t i;

	for (i = 0; i < vfioap_host_get_num_definitions(host); i++) {
		const struct vfioap_definition *definition = vfioap_host_get_definition(host, i);
		enum vfioap_start start = vfioap_definition_get_start(definition);

		offer_device(host, prefix, typed, vfioap_definition_get_uuid(definition),
			     vfioap_start_name(start));
	}
}

static bool is_offered(enum completion kind, enum vfioap_owner_kind owner)
{
	switch (kind) {
	case COMPLETE_FREE_QUEUE:
		return owner == VFIOAP_OWNER_FREE;
	case COMPLETE_HOST_QUEUE:
		return owner == VFIOAP_OWNER_HOST;
	case COMPLETE_DEVICE_OR_QUEUE:
	case COMPLETE_FAULT:
	case COMPLETE_QUEUE:
		return true;
	default:
		return false;
	}
}

static void offer_queues(const struct vfioap_host *host, enum completion kind, const char *prefix,
			 const char *typed)
{
	char name[VFIOAP_APQN_TEXT_SIZE];
	size_t i;

	for (i = 0; i < vfioap_host_get_num_queues(host); i++) {
		const struct vfioap_queue *queue = vfioap_host_get_queue(host, i);
		const struct vfioap_owner *owner = vfioap_queue_get_owner(queue);

		if (!is_offered(kind, vfioap_owner_get_kind(owner)))
			continue;
		vfioap_apqn_format(vfioap_queue_get_apqn(queue), name);
		complete_offer(prefix, typed, name,
			       vfioap_owner_kind_name(vfioap_owner_get_kind(owner)));
	}
}

/* Only what follows the last comma is incomplete; what is before it stays. */
static void offer_ids(const struct vfioap_ids *ids, unsigned int digits, const char *prefix,
		      const char *typed)
{
	const char *comma = strrchr(typed, ',');
	const char *last = comma ? comma + 1 : typed;
	char before[256];
	char word[8];
	unsigned int id;

	snprintf(before, sizeof(before), "%s%.*s", prefix, (int)(last - typed), typed);
	vfioap_ids_for_each(id, ids) {
		snprintf(word, sizeof(word), "0x%0*x", (int)digits, id);
		complete_offer(before, last, word, NULL);
	}
}

static void offer_formats(const char *prefix, const char *typed)
{
	size_t i;

	for (i = 0; export_format_name(i); i++)
		complete_offer(prefix, typed, export_format_name(i), NULL);
}

static void offer_owners(const char *prefix, const char *typed)
{
	static const char *const kinds[] = { "host", "free", "device", "guest", "unknown" };
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		complete_offer(prefix, typed, kinds[i], NULL);
}

static void offer_conditions(const char *prefix, const char *typed)
{
	const char *name;
	int i;

	for (i = 0; (name = vfioap_condition_name((enum vfioap_condition)i)); i++)
		complete_offer(prefix, typed, name, NULL);
}

static void offer_from_host(enum completion kind, const char *root, const char *prefix,
			    const char *typed)
{
	_cleanup_host_ struct vfioap_host *host = read_host(root);
	const struct vfioap_matrix *matrix;

	if (!host)
		return;
	matrix = vfioap_host_get_matrix(host);
	if (kind == COMPLETE_DEVICE || kind == COMPLETE_DEVICE_OR_QUEUE)
		offer_devices(host, prefix, typed);
	if (kind == COMPLETE_DEFINED)
		offer_definitions(host, prefix, typed);
	offer_queues(host, kind, prefix, typed);
	if (kind == COMPLETE_ADAPTER)
		offer_ids(&matrix->adapters, VFIOAP_ADAPTER_DIGITS, prefix, typed);
	if (kind == COMPLETE_DOMAIN)
		offer_ids(&matrix->domains, VFIOAP_DOMAIN_DIGITS, prefix, typed);
}

void complete_setting(const char *text, const char *typed)
{
	struct vfioap_queue_pattern pattern;
	const char *name;
	char word[32];
	size_t i;

	if (vfioap_queue_pattern_parse(text, &pattern, NULL))
		return;
	for (i = 0; (name = vfioap_sim_knob_name(pattern.adapter, pattern.domain, i)); i++) {
		snprintf(word, sizeof(word), "%s=", name);
		complete_offer("", typed, word, NULL);
	}
}

/* As the shell would, for directories with a slash at the end. */
static void offer_files(const char *prefix, const char *typed)
{
	char pattern[2 * PATH_MAX + 2];
	size_t used = 0, i;
	glob_t found;

	for (i = 0; typed[i] && used < 2 * PATH_MAX - 2; i++) {
		if (strchr("*?[\\", typed[i]))
			pattern[used++] = '\\';
		pattern[used++] = typed[i];
	}
	strcpy(pattern + used, "*");
	if (glob(pattern, GLOB_MARK, NULL, &found))
		return;
	for (i = 0; i < found.gl_pathc; i++)
		complete_offer(prefix, typed, found.gl_pathv[i], NULL);
	globfree(&found);
}

void complete_value(enum completion kind, const char *root, const char *prefix,
		    const char *typed)
{
	switch (kind) {
	case COMPLETE_NOTHING:
	case COMPLETE_COMMAND:
	case COMPLETE_DIRECTORY:
		break;
	case COMPLETE_FILE:
		offer_files(prefix, typed);
		break;
	case COMPLETE_FORMAT:
		offer_formats(prefix, typed);
		break;
	case COMPLETE_OWNER:
		offer_owners(prefix, typed);
		break;
	case COMPLETE_CONDITION:
		offer_conditions(prefix, typed);
		break;
	default:
		offer_from_host(kind, root, prefix, typed);
	}
}
