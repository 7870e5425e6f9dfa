/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The grid of adapters and domains, as the document has it, for the two forms in which it
 * is drawn.
 */
#ifndef VFIOAP_CLI_MAP_GRID_H
#define VFIOAP_CLI_MAP_GRID_H

#include <json-c/json.h>
#include <stdint.h>

#define GRID_IDS 256

/**
 * struct map_owner - one entry of the legend
 * @kind: of an owner
 * @letter: for those who do not see the colour
 * @fill: colour in a drawing; told apart also by those who are colour-blind
 */
struct map_owner {
	const char *kind;
	char letter;
	const char *meaning;
	const char *fill;
};

/* The last is "unknown". */
#define MAP_OWNERS 5
extern const struct map_owner map_owners[MAP_OWNERS];

/* An owner's place there. */
uint8_t map_owner_of(struct json_object *owner);

/* In a grid: there is no such queue. */
#define NO_QUEUE 0xff

/* For each queue, by adapter and domain, its owner's place in map_owners; to be freed. */
uint8_t *map_grid(struct json_object *queues);

/* Number @i of the ids that are the rows or columns. */
int map_id(struct json_object *ids, size_t i);

#endif
