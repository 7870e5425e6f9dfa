// SPDX-License-Identifier: GPL-2.0-or-later
#include "text_table.h"

#include <err.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct cell {
	char *text;
	enum colour colour;
};

struct text_table {
	size_t columns;
	size_t cells_in_row;
	size_t used;
	size_t size;
	struct cell *cells;
};

static void add_cell(struct text_table *table, enum colour colour, char *text)
{
	if (!text)
		errx(EXIT_FAILURE, "out of memory");
	if (table->used == table->size) {
		table->size = table->size ? 2 * table->size : 64;
		table->cells = reallocarray(table->cells, table->size, sizeof(*table->cells));
		if (!table->cells)
			errx(EXIT_FAILURE, "out of memory");
	}
	table->cells[table->used++] = (struct cell){ text, colour };
	table->cells_in_row++;
}

struct text_table *text_table_new(const char *const *headings)
{
	struct text_table *table = calloc(1, sizeof(*table));

	if (!table)
		errx(EXIT_FAILURE, "out of memory");
	while (headings[table->columns]) {
		add_cell(table, COLOUR_BOLD, strdup(headings[table->columns]));
		table->columns++;
	}
	return table;
}

void text_table_free(struct text_table *table)
{
	size_t i;

	if (!table)
		return;
	for (i = 0; i < table->used; i++)
		free(table->cells[i].text);
	free(table->cells);
	free(table);
}

void text_table_row(struct text_table *table)
{
	while (table->cells_in_row < table->columns)
		add_cell(table, COLOUR_NONE, strdup(""));
	table->cells_in_row = 0;
}

void text_table_cell_in(struct text_table *table, enum colour colour, const char *text)
{
	add_cell(table, colour, strdup(text && *text ? text : "-"));
}

void text_table_cell(struct text_table *table, const char *text)
{
	text_table_cell_in(table, COLOUR_NONE, text);
}

void text_table_cellf(struct text_table *table, const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	add_cell(table, COLOUR_NONE, text);
}

static size_t column_width(const struct text_table *table, size_t column)
{
	size_t i, width = 0;

	for (i = column; i < table->used; i += table->columns) {
		size_t length = strlen(table->cells[i].text);

		if (length > width)
			width = length;
	}
	return width;
}

static void print_cell(const struct cell *cell, FILE *out, bool coloured)
{
	bool colour = coloured && cell->colour != COLOUR_NONE;

	fprintf(out, "%s%s%s", colour ? colour_start(cell->colour) : "", cell->text,
		colour ? COLOUR_END : "");
}

/* One row; blanks are only printed before something. */
static void print_row(const struct cell *cells, size_t count, const size_t *widths, FILE *out,
		      bool coloured)
{
	size_t i, blanks = 0;

	for (i = 0; i < count; i++) {
		size_t length = strlen(cells[i].text);

		if (length) {
			fprintf(out, "%*s", (int)blanks, "");
			print_cell(&cells[i], out, coloured);
			blanks = 0;
		}
		blanks += widths[i] - length;
	}
	fputc('\n', out);
}

void text_table_print(const struct text_table *table, FILE *out, bool coloured)
{
	size_t *widths = calloc(table->columns, sizeof(*widths));
	size_t i, left;

	if (!widths)
		errx(EXIT_FAILURE, "out of memory");
	for (i = 0; i < table->columns; i++)
		widths[i] = column_width(table, i) + 2;
	for (i = 0; i < table->used; i += table->columns) {
		left = table->used - i;
		print_row(&table->cells[i], left < table->columns ? left : table->columns, widths,
			  out, coloured);
	}
	free(widths);
}
