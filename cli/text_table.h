/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables of text: columns as wide as their widest cell, two blanks apart,
 * nothing after the last one.
 */
#ifndef VFIOAP_CLI_TEXT_TABLE_H
#define VFIOAP_CLI_TEXT_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "message.h"

struct text_table;

/* @headings ends with NULL. */
struct text_table *text_table_new(const char *const *headings);
void text_table_free(struct text_table *table);

/* Start a row, then add its cells from the left; missing ones are empty. */
void text_table_row(struct text_table *table);
void text_table_cell(struct text_table *table, const char *text);
void text_table_cell_in(struct text_table *table, enum colour colour, const char *text);
void text_table_cellf(struct text_table *table, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

void text_table_print(const struct text_table *table, FILE *out, bool coloured);

static inline void text_table_freep(struct text_table **table)
{
	text_table_free(*table);
}
#define _cleanup_table_ __attribute__((cleanup(text_table_freep)))

#endif
