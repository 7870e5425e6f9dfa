// SPDX-License-Identifier: GPL-2.0-or-later
#include "map_grid.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "json_document.h"
#include "long_array.h"

const struct map_owner map_owners[MAP_OWNERS] = {
	{ "host", 'H', "the host's drivers", "#9dc3e6" },
	{ "free", 'f', "free for devices", "#ffffff" },
	{ "device", 'D', "a device that no guest uses", "#f0e442" },
	{ "guest", 'G', "a guest", "#e69f00" },
	{ "unknown", '?', "unknown", "#bbbbbb" },
};

int map_id(struct json_object *ids, size_t i)
{
	return json_object_get_int(json_object_array_get_idx(ids, i));
}

uint8_t map_owner_of(struct json_object *owner)
{
	const char *kind = json_text(owner, "kind");
	uint8_t i;

	for (i = 0; i < MAP_OWNERS - 1; i++) {
		if (!strcmp(map_owners[i].kind, kind))
			break;
	}
	return i;
}

uint8_t *map_grid(struct json_object *queues)
{
	uint8_t *grid = malloc(GRID_IDS * GRID_IDS);
	size_t i;

	if (!grid)
		errx(EXIT_FAILURE, "out of memory");
	memset(grid, NO_QUEUE, GRID_IDS * GRID_IDS);
	for (i = 0; i < array_length(queues); i++) {
		_cleanup_member_ struct json_object *queue = array_member(queues, i);

		grid[json_number(queue, "adapter") * GRID_IDS + json_number(queue, "domain")] =
			map_owner_of(json_member(queue, "owner"));
	}
	return grid;
}
