// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text form of the map: a letter for each queue, coloured by owner. Grids
 * wider than the screen are drawn in blocks of domains.
 */
#include <stdlib.h>
#include <string.h>

#include "families.h"
#include "json_document.h"
#include "map_grid.h"
#include "request.h"
#include "wording.h"

/* In 80 columns: 5 and 5 for each domain; or 1 for each, and 1 before each group of 8. */
#define NARROW_COLUMNS 14
#define WIDE_COLUMNS 64
#define GROUP_COLUMNS 8

#define DIGITS 4	/* of a domain */

static void print_letter(uint8_t owner, bool coloured, FILE *out)
{
	enum colour colour = COLOUR_NONE;

	if (owner != NO_QUEUE && coloured)
		colour = word_colour(map_owners[owner].kind);
	fprintf(out, "%s%c%s", colour_start(colour),
		owner == NO_QUEUE ? '.' : map_owners[owner].letter, colour ? COLOUR_END : "");
}

/* Few domains have their numbers in a line; many have them written downwards. */
static bool is_wide(size_t count)
{
	return count > NARROW_COLUMNS;
}

static void print_gap(size_t column, bool wide, FILE *out)
{
	if (!wide)
		fputs("    ", out);
	else if (column % GROUP_COLUMNS == 0)
		fputc(' ', out);
}

static void print_heading(struct json_object *domains, size_t first, size_t end, FILE *out)
{
	bool wide = is_wide(json_object_array_length(domains));
	char digits[8];
	size_t column;
	int line;

	for (line = 0; line < (wide ? DIGITS : 1); line++) {
		fputs("    ", out);
		for (column = first; column < end; column++) {
			snprintf(digits, sizeof(digits), "%04x",
				 (unsigned int)map_id(domains, column));
			if (wide) {
				print_gap(column, wide, out);
				fputc(digits[line], out);
			} else {
				fprintf(out, " %s", digits);
			}
		}
		fputc('\n', out);
	}
}

static void print_block(struct json_object *data, const uint8_t *owners, size_t first,
			size_t end, bool coloured, FILE *out)
{
	struct json_object *adapters = json_member(data, "adapters");
	struct json_object *domains = json_member(data, "domains");
	bool wide = is_wide(json_object_array_length(domains));
	size_t row, column;

	print_heading(domains, first, end, out);
	for (row = 0; row < json_object_array_length(adapters); row++) {
		fprintf(out, "  %02x", (unsigned int)map_id(adapters, row));
		for (column = first; column < end; column++) {
			print_gap(column, wide, out);
			print_letter(owners[map_id(adapters, row) * GRID_IDS + map_id(domains, column)],
				     coloured, out);
		}
		fputc('\n', out);
	}
	fputc('\n', out);
}

static void print_legend(bool coloured, FILE *out)
{
	uint8_t i;

	for (i = 0; i < MAP_OWNERS; i++) {
		fputs("    ", out);
		print_letter(i, coloured, out);
		fprintf(out, "  %s\n", map_owners[i].meaning);
	}
	fputs("    .  there is no such queue\n", out);
}

void map_print(const struct request *req, const struct document *doc, FILE *out)
{
	bool coloured = colour_wanted(out, req->no_color);
	size_t first, count = json_count(doc->data, "domains");
	size_t block = is_wide(count) ? WIDE_COLUMNS : NARROW_COLUMNS;
	uint8_t *owners;

	if (doc->error)
		return;
	if (json_text(doc->data, "svg")) {
		fprintf(out, "The map is in %s.\n", json_text(doc->data, "svg"));
		return;
	}
	if (!json_count(doc->data, "queues")) {
		print_nothing(req, "there are no queues");
		return;
	}
	owners = map_grid(json_member(doc->data, "queues"));
	for (first = 0; first < count; first += block)
		print_block(doc->data, owners, first,
			    first + block < count ? first + block : count, coloured, out);
	free(owners);
	print_legend(coloured, out);
}
