/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What goes to stderr: messages of one form, and progress on a terminal.
 * Also the one place that knows whether a stream is coloured.
 */
#ifndef VFIOAP_CLI_MESSAGE_H
#define VFIOAP_CLI_MESSAGE_H

#include <stdbool.h>
#include <stdio.h>

struct document;

enum colour {
	COLOUR_NONE,
	COLOUR_BOLD,
	COLOUR_DIM,
	COLOUR_RED,
	COLOUR_GREEN,
	COLOUR_YELLOW,
	COLOUR_BLUE,
	COLOUR_CYAN,
};

/* The escape sequence that starts @colour, "" for none. */
const char *colour_start(enum colour colour);
#define COLOUR_END "\033[0m"

/* True if @stream is a terminal that wants colour. */
bool colour_wanted(FILE *stream, bool refused);

/* Print the document's warnings, unless @quiet, and its error. */
void message_print(const struct document *doc, bool quiet, bool no_color);

/* Replace the progress line; nothing if stderr is no terminal. */
void progress_show(const char *format, ...) __attribute__((format(printf, 1, 2)));
void progress_clear(void);

#endif
