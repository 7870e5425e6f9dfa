/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef VFIOAP_BUS_H
#define VFIOAP_BUS_H

#include "ctx.h"
#include "host.h"

/**
 * struct bindings - which driver each card and queue has, as index in host->drivers
 */
struct bindings {
	uint8_t cards[VFIOAP_IDS];
	uint8_t queues[VFIOAP_IDS * VFIOAP_IDS];
};

/* Masks, limits and features of the bus. */
int bus_read(struct vfioap_host *host, const struct vfioap_ctx *ctx, struct vfioap_error **error);

/* One directory per driver tells more cheaply than one link per queue. */
int bus_read_bindings(struct vfioap_host *host, const struct vfioap_ctx *ctx,
		      struct bindings *bindings, struct vfioap_error **error);

/* The index of a driver's name, which is added if it is new; -ENOMEM, -E2BIG. */
int bus_driver_index(struct vfioap_host *host, const char *name);

/* "a b c" as an array ended by NULL; NULL if there is no memory. */
char **split_words(const char *line);
void free_words(char **words);

/* True if apmask and aqmask reserve the queue for the host's drivers. */
bool bus_reserves(const struct vfioap_host *host, uint16_t apqn);

/* "card05" and "05.0004"; -1 if it is something else. */
int bus_card_of_name(const char *name);
int bus_queue_of_name(const char *name);

#endif
