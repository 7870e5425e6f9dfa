/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef VFIOAP_CARD_H
#define VFIOAP_CARD_H

#include <dirent.h>

#include "ctx.h"
#include "host.h"

/* All cards, and their queues. */
int cards_read(struct vfioap_host *host, const struct vfioap_ctx *ctx,
	       struct vfioap_error **error);

/* The queues of a card, from its directory. */
struct bindings;
int queues_read(struct vfioap_host *host, const struct vfioap_card *card, DIR *dir,
		const struct bindings *bindings);

#endif
