// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text form of the map: a letter for each queue, coloured by owner. Grids
 * wider than the screen are drawn in blocks of domains.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "families.h"
#include "json_document.h"
#include "request.h"
#include "wording.h"

#define DOMAINS_IN_A_BLOCK 14	/* 80 columns: 5 and 5 for each */

#define IDS 256

static const struct {
	const char *kind;
	char letter;
	const char *meaning;
} legend[] = {
	{ "host", 'H', "the host's drivers" },
	{ "free", 'f', "free for devices" },
	{ "device", 'D', "a device that no guest uses" },
	{ "guest", 'G', "a guest" },
	{ "unknown", '?', "unknown" },
};

#define LEGEND_COUNT (sizeof(legend) / sizeof(legend[0]))

static int id_at(struct json_object *ids, size_t i)
{
	return json_object_get_int(json_object_array_get_idx(ids, i));
}

/* The owner kind of each queue, by adapter and domain; the caller frees it. */
static const char **kinds_by_place(struct json_object *queues)
{
	const char **kinds = calloc(IDS * IDS, sizeof(*kinds));
	size_t i;

	for (i = 0; kinds && i < json_object_array_length(queues); i++) {
		struct json_object *queue = json_object_array_get_idx(queues, i);

		kinds[json_number(queue, "adapter") * IDS + json_number(queue, "domain")] =
			json_text(json_member(queue, "owner"), "kind");
	}
	if (!kinds)
		errx(EXIT_FAILURE, "out of memory");
	return kinds;
}

static void print_letter(const char *kind, bool coloured, FILE *out)
{
	enum colour colour = coloured ? word_colour(kind) : COLOUR_NONE;
	char letter = kind ? '?' : '.';
	size_t i;

	for (i = 0; kind && i < LEGEND_COUNT; i++) {
		if (!strcmp(legend[i].kind, kind))
			letter = legend[i].letter;
	}
	fprintf(out, "    %s%c%s", colour_start(colour), letter, colour ? COLOUR_END : "");
}

static void print_block(struct json_object *data, const char **kinds, size_t first, size_t end,
			bool coloured, FILE *out)
{
	struct json_object *adapters = json_member(data, "adapters");
	struct json_object *domains = json_member(data, "domains");
	size_t row, column;

	fputs("    ", out);
	for (column = first; column < end; column++)
		fprintf(out, " %04x", (unsigned int)id_at(domains, column));
	fputc('\n', out);
	for (row = 0; row < json_object_array_length(adapters); row++) {
		fprintf(out, "  %02x", (unsigned int)id_at(adapters, row));
		for (column = first; column < end; column++)
			print_letter(kinds[id_at(adapters, row) * IDS + id_at(domains, column)],
				     coloured, out);
		fputc('\n', out);
	}
	fputc('\n', out);
}

void map_print(const struct request *req, const struct document *doc, FILE *out)
{
	bool coloured = colour_wanted(out, req->no_color);
	size_t first, count = json_count(doc->data, "domains");
	const char **kinds;
	size_t i;

	if (!json_count(doc->data, "queues")) {
		print_nothing(req, "there are no queues");
		return;
	}
	kinds = kinds_by_place(json_member(doc->data, "queues"));
	for (first = 0; first < count; first += DOMAINS_IN_A_BLOCK) {
		size_t end = first + DOMAINS_IN_A_BLOCK;

		print_block(doc->data, kinds, first, end < count ? end : count, coloured, out);
	}
	free(kinds);
	for (i = 0; i < LEGEND_COUNT; i++) {
		print_letter(legend[i].kind, coloured, out);
		fprintf(out, "  %s\n", legend[i].meaning);
	}
}
