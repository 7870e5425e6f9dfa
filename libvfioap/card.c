// SPDX-License-Identifier: LGPL-2.1-or-later
#include "card.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus.h"
#include "cleanup.h"
#include "error.h"
#include "sysfs.h"

const char *vfioap_mode_name(enum vfioap_mode mode)
{
	switch (mode) {
	case VFIOAP_MODE_ACCEL:
		return "accel";
	case VFIOAP_MODE_CCA:
		return "cca";
	case VFIOAP_MODE_EP11:
		return "ep11";
	case VFIOAP_MODE_UNKNOWN:
		break;
	}
	return NULL;
}

static char *read_word(int dir, const char *name)
{
	char line[SYSFS_LINE_SIZE];

	return !sysfs_read_line(dir, name, line) && line[0] ? strdup(line) : NULL;
}

static bool read_bool(int dir, const char *name, bool absent)
{
	int value;

	return sysfs_read_number(dir, name, &value) ? absent : value != 0;
}

static void card_read(struct vfioap_card *card, int dir)
{
	card->type = read_word(dir, "type");
	card->serial = read_word(dir, "serialnr");
	sysfs_read_number(dir, "hwtype", &card->hwtype);
	sysfs_read_number(dir, "online", &card->online);
	card->configured = read_bool(dir, "config", true);
	card->checkstopped = read_bool(dir, "chkstop", false);
}

static int list_cards(const struct vfioap_ctx *ctx, struct vfioap_ids *adapters)
{
	_cleanup_dir_ DIR *dir = sysfs_open_dir(ctx, PATH_CARDS);
	struct dirent *entry;

	if (!dir)
		return -errno;
	while ((entry = readdir(dir))) {
		int adapter = bus_card_of_name(entry->d_name);

		if (adapter >= 0)
			vfioap_ids_add(adapters, (unsigned int)adapter);
	}
	return 0;
}

static int card_and_queues_read(struct vfioap_host *host, const struct vfioap_ctx *ctx,
				unsigned int adapter, const struct bindings *bindings)
{
	struct vfioap_card *card = &host->cards[host->num_cards];
	_cleanup_dir_ DIR *dir = NULL;
	char path[SYSFS_LINE_SIZE];

	snprintf(path, sizeof(path), PATH_CARDS "/card%02x", adapter);
	dir = sysfs_open_dir(ctx, path);
	if (!dir)
		return errno == ENOENT ? 0 : -errno;
	card->adapter = adapter;
	card->host = host;
	card->driver = bindings->cards[adapter];
	card->hwtype = -1;
	card->online = -1;
	card->configured = true;
	if (host->parts & VFIOAP_READ_CARDS)
		card_read(card, dirfd(dir));
	host->num_cards++;
	return queues_read(host, card, dir, bindings);
}

static void free_bindingsp(struct bindings **bindings)
{
	free(*bindings);
}

int cards_read(struct vfioap_host *host, const struct vfioap_ctx *ctx,
	       struct vfioap_error **error)
{
	_cleanup_(free_bindingsp) struct bindings *bindings = NULL;
	struct vfioap_ids adapters = { 0 };
	unsigned int adapter;
	int rc;

	bindings = calloc(1, sizeof(*bindings));
	host->cards = calloc(VFIOAP_IDS, sizeof(*host->cards));
	if (!bindings || !host->cards)
		return error_no_memory(error);
	rc = bus_read_bindings(host, ctx, bindings, error);
	if (rc)
		return rc;
	rc = list_cards(ctx, &adapters);
	vfioap_ids_for_each(adapter, &adapters) {
		if (!rc)
			rc = card_and_queues_read(host, ctx, adapter, bindings);
	}
	if (!rc)
		return 0;
	rc = error_from_errno(error, -rc, "cannot read %s", PATH_CARDS);
	error_at(error, "read", PATH_CARDS);
	return rc;
}

unsigned int vfioap_card_get_adapter(const struct vfioap_card *card)
{
	return card->adapter;
}

const char *vfioap_card_get_type(const struct vfioap_card *card)
{
	return card->type;
}

int vfioap_card_get_hwtype(const struct vfioap_card *card)
{
	return card->hwtype;
}

enum vfioap_mode vfioap_card_get_mode(const struct vfioap_card *card)
{
	switch (card->type && card->type[0] ? card->type[strlen(card->type) - 1] : '\0') {
	case 'A':
		return VFIOAP_MODE_ACCEL;
	case 'C':
		return VFIOAP_MODE_CCA;
	case 'P':
		return VFIOAP_MODE_EP11;
	default:
		return VFIOAP_MODE_UNKNOWN;
	}
}

const char *vfioap_card_get_serial(const struct vfioap_card *card)
{
	return card->serial;
}

const char *vfioap_card_get_driver(const struct vfioap_card *card)
{
	return card->host->drivers[card->driver];
}

int vfioap_card_get_online(const struct vfioap_card *card)
{
	return card->online;
}

bool vfioap_card_is_configured(const struct vfioap_card *card)
{
	return card->configured;
}

bool vfioap_card_is_checkstopped(const struct vfioap_card *card)
{
	return card->checkstopped;
}
