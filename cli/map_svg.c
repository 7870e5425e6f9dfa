// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The map as an SVG: for tickets and documents. Each queue is a square with its owner's
 * letter, or the number that its device has in the legend; its title names the queue and
 * the owner, for who points at it or has it read aloud.
 */
#include "map_svg.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "json_document.h"
#include "long_array.h"
#include "map_grid.h"
#include "wording.h"

/* Squares are smaller where there are many, and then have no letters. */
#define LARGE_CELL 22
#define SMALL_CELL 9
#define MANY_COLUMNS 48

#define LEFT 60
#define TOP 120
#define LINE 22
#define LEGEND_WIDTH 800	/* at least that wide, for the words */

struct drawing {
	FILE *out;
	struct json_object *data;
	int cell;
	int width;
	int height;
	struct json_object *devices;	/* their UUIDs: number 1 is the first */
};

/* What a program calls its guest may be anything in UTF-8; XML takes less. */
static void put_escaped(FILE *out, const char *text)
{
	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;

		if (*text == '&')
			fputs("&amp;", out);
		else if (*text == '<')
			fputs("&lt;", out);
		else if (*text == '>')
			fputs("&gt;", out);
		else if (*text == '"')
			fputs("&quot;", out);
		else
			fputc(byte < ' ' || byte == 0x7f ? '?' : byte, out);
	}
}

static size_t device_number(struct drawing *drawing, struct json_object *owner)
{
	const char *uuid = json_text(owner, "uuid");
	size_t i, count = json_object_array_length(drawing->devices);

	if (!uuid)
		return 0;
	for (i = 0; i < count; i++) {
		if (!strcmp(json_text(json_object_array_get_idx(drawing->devices, i), "uuid"),
			    uuid))
			return i + 1;
	}
	json_object_array_add(drawing->devices, json_object_get(owner));
	return count + 1;
}

static size_t place_of(struct json_object *ids, int id)
{
	size_t i = 0;

	while (map_id(ids, i) != id)
		i++;
	return i;
}

static int column_x(const struct drawing *drawing, size_t column)
{
	return LEFT + (int)column * drawing->cell;
}

static int row_y(const struct drawing *drawing, size_t row)
{
	return TOP + (int)row * drawing->cell;
}

static void put_label(const struct drawing *drawing, size_t number, char letter, int x, int y)
{
	fprintf(drawing->out, "<text class=\"in\" x=\"%d\" y=\"%d\">", x + drawing->cell / 2,
		y + drawing->cell / 2 + 4);
	if (number)
		fprintf(drawing->out, "%zu</text>\n", number);
	else
		fprintf(drawing->out, "%c</text>\n", letter);
}

static void put_owner(FILE *out, struct json_object *owner, const struct map_owner *entry)
{
	_cleanup_text_ char *user = word_user(owner);

	fputs(entry->meaning, out);
	if (json_text(owner, "uuid")) {
		fputs(", device ", out);
		put_escaped(out, word_device(owner));
	}
	if (*user) {
		fputs(", ", out);
		put_escaped(out, user);
	}
}

static void draw_queue(struct drawing *drawing, struct json_object *queue)
{
	struct json_object *owner = json_member(queue, "owner");
	const struct map_owner *entry = &map_owners[map_owner_of(owner)];
	size_t number = device_number(drawing, owner);
	int x = column_x(drawing, place_of(json_member(drawing->data, "domains"),
					   json_number(queue, "domain")));
	int y = row_y(drawing, place_of(json_member(drawing->data, "adapters"),
					json_number(queue, "adapter")));

	fprintf(drawing->out, "<g><title>%s: ", json_text(queue, "apqn"));
	put_owner(drawing->out, owner, entry);
	fprintf(drawing->out,
		"</title><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>", x, y,
		drawing->cell, drawing->cell, entry->fill);
	if (drawing->cell == LARGE_CELL)
		put_label(drawing, number, entry->letter, x, y);
	fputs("</g>\n", drawing->out);
}

static void draw_queues(struct drawing *drawing)
{
	struct json_object *queues = json_member(drawing->data, "queues");
	size_t i;

	fputs("<g stroke=\"#666\" stroke-width=\"0.5\">\n", drawing->out);
	for (i = 0; i < array_length(queues); i++) {
		_cleanup_member_ struct json_object *queue = array_member(queues, i);

		draw_queue(drawing, queue);
	}
	fputs("</g>\n", drawing->out);
}

static void draw_ids(const struct drawing *drawing)
{
	struct json_object *adapters = json_member(drawing->data, "adapters");
	struct json_object *domains = json_member(drawing->data, "domains");
	int half = drawing->cell / 2 + (drawing->cell == LARGE_CELL ? 4 : 3);
	size_t i;

	fprintf(drawing->out, "<text class=\"axis\" x=\"%d\" y=\"%d\">domain</text>\n", LEFT,
		TOP - 44);
	fprintf(drawing->out, "<text class=\"axis\" x=\"8\" y=\"%d\">adapter</text>\n", TOP - 6);
	for (i = 0; i < json_object_array_length(domains); i++)
		fprintf(drawing->out,
			"<text class=\"id\" transform=\"translate(%d %d) rotate(-90)\">%04x</text>\n",
			column_x(drawing, i) + half, TOP - 5, (unsigned int)map_id(domains, i));
	for (i = 0; i < json_object_array_length(adapters); i++)
		fprintf(drawing->out,
			"<text class=\"id\" text-anchor=\"end\" x=\"%d\" y=\"%d\">%02x</text>\n",
			LEFT - 6, row_y(drawing, i) + half, (unsigned int)map_id(adapters, i));
}

static int draw_legend_line(const struct drawing *drawing, const struct map_owner *entry,
			    size_t number, int y)
{
	fprintf(drawing->out,
		"<rect x=\"%d\" y=\"%d\" width=\"16\" height=\"16\" fill=\"%s\" stroke=\"#666\" "
		"stroke-width=\"0.5\"/><text class=\"in\" x=\"%d\" y=\"%d\">",
		LEFT, y, entry->fill, LEFT + 8, y + 12);
	if (number)
		fprintf(drawing->out, "%zu", number);
	else
		fputc(entry->letter, drawing->out);
	fprintf(drawing->out, "</text><text x=\"%d\" y=\"%d\">", LEFT + 26, y + 13);
	return y + LINE;
}

/* Kinds of owners without a device, then the devices. */
static void draw_legend(struct drawing *drawing, int y)
{
	size_t i;

	for (i = 0; i < MAP_OWNERS; i++) {
		const struct map_owner *entry = &map_owners[i];

		if (!strcmp(entry->kind, "device") || !strcmp(entry->kind, "guest"))
			continue;
		y = draw_legend_line(drawing, entry, 0, y);
		fprintf(drawing->out, "%s</text>\n", entry->meaning);
	}
	for (i = 0; i < json_object_array_length(drawing->devices); i++) {
		struct json_object *owner = json_object_array_get_idx(drawing->devices, i);
		const struct map_owner *entry = &map_owners[map_owner_of(owner)];

		y = draw_legend_line(drawing, entry, i + 1, y);
		put_owner(drawing->out, owner, entry);
		fputs("</text>\n", drawing->out);
	}
}

/* The legend names each device: how many there are has to be known for the height. */
static void measure(struct drawing *drawing)
{
	struct json_object *queues = json_member(drawing->data, "queues");
	size_t i, columns = json_count(drawing->data, "domains");
	int grid;

	for (i = 0; i < array_length(queues); i++) {
		_cleanup_member_ struct json_object *queue = array_member(queues, i);

		device_number(drawing, json_member(queue, "owner"));
	}
	drawing->cell = columns > MANY_COLUMNS ? SMALL_CELL : LARGE_CELL;
	grid = (int)columns * drawing->cell;
	drawing->width = LEFT + (grid > LEGEND_WIDTH ? grid : LEGEND_WIDTH) + 20;
	drawing->height = row_y(drawing, json_count(drawing->data, "adapters")) +
			  LINE * (int)(MAP_OWNERS - 2 + json_object_array_length(drawing->devices)) + 40;
}

static void draw_head(const struct drawing *drawing)
{
	char when[32] = "", name[256] = "";
	time_t now = time(NULL);
	struct tm local;

	if (localtime_r(&now, &local))
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M", &local);
	gethostname(name, sizeof(name) - 1);
	fprintf(drawing->out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
		"height=\"%d\" role=\"img\" aria-labelledby=\"title desc\">\n"
		"<title id=\"title\">AP queues and their owners</title>\n"
		"<desc id=\"desc\">%zu queues of %zu adapters (rows) and %zu domains (columns); each "
		"square is a queue, its title names the owner.</desc>\n"
		"<style>text { font: 13px sans-serif; fill: #222 } .id { font: %dpx monospace } "
		".axis { font-size: 11px; fill: #555 } "
		".in { font-size: 11px; text-anchor: middle; stroke: none } "
		".name { font-size: 18px; font-weight: bold }</style>\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n"
		"<text class=\"name\" x=\"%d\" y=\"32\">AP queues and their owners</text>\n"
		"<text class=\"axis\" x=\"%d\" y=\"52\">",
		drawing->width, drawing->height, drawing->width, drawing->height,
		json_count(drawing->data, "queues"), json_count(drawing->data, "adapters"),
		json_count(drawing->data, "domains"), drawing->cell == LARGE_CELL ? 11 : 8, LEFT,
		LEFT);
	put_escaped(drawing->out, name);
	fprintf(drawing->out, ", %s</text>\n", when);
}

int map_write_svg(struct json_object *data, const char *path)
{
	struct drawing drawing = { .data = data, .out = fopen(path, "we") };
	int rc;

	if (!drawing.out)
		return -errno;
	drawing.devices = json_object_new_array();
	measure(&drawing);
	draw_head(&drawing);
	draw_ids(&drawing);
	draw_queues(&drawing);
	draw_legend(&drawing, row_y(&drawing, json_count(data, "adapters")) + 24);
	fputs("</svg>\n", drawing.out);
	json_object_put(drawing.devices);
	rc = ferror(drawing.out) ? -EIO : 0;
	if (fclose(drawing.out) == EOF)
		rc = -errno;
	return rc;
}
