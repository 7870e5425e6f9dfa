// SPDX-License-Identifier: GPL-2.0-or-later
#include "message.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json_document.h"

const char *colour_start(enum colour colour)
{
	static const char *const sequences[] = {
		[COLOUR_NONE] = "",
		[COLOUR_BOLD] = "\033[1m",
		[COLOUR_DIM] = "\033[2m",
		[COLOUR_RED] = "\033[31m",
		[COLOUR_GREEN] = "\033[32m",
		[COLOUR_YELLOW] = "\033[33m",
		[COLOUR_BLUE] = "\033[34m",
		[COLOUR_CYAN] = "\033[36m",
	};

	return sequences[colour];
}

bool colour_wanted(FILE *stream, bool refused)
{
	const char *no_color = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");

	if (refused || (no_color && *no_color))
		return false;
	if (terminal && !strcmp(terminal, "dumb"))
		return false;
	return isatty(fileno(stream));
}

/* One line, whatever a file is called, and nothing that a terminal would obey. */
static void print_text(const char *text)
{
	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;

		if (byte < ' ' || byte == 127)
			fprintf(stderr, "\\x%02x", byte);
		else
			fputc(byte, stderr);
	}
}

static void print_line(const struct document *doc, const char *kind, enum colour colour,
		       const char *text, const char *hint, bool no_color)
{
	bool coloured = colour_wanted(stderr, no_color);

	fprintf(stderr, "vfioap-ctl: ");
	if (doc->command)
		fprintf(stderr, "%s: ", doc->command);
	if (kind)
		fprintf(stderr, "%s%s%s: ", coloured ? colour_start(colour) : "", kind,
			coloured ? COLOUR_END : "");
	print_text(text);
	if (hint) {
		fprintf(stderr, "; %s", coloured ? colour_start(COLOUR_BOLD) : "");
		print_text(hint);
		fputs(coloured ? COLOUR_END : "", stderr);
	}
	fputc('\n', stderr);
}

void message_print(const struct document *doc, bool quiet, bool no_color)
{
	size_t i, count = json_object_array_length(doc->warnings);

	progress_clear();
	for (i = 0; i < count && !quiet; i++) {
		struct json_object *warning = json_object_array_get_idx(doc->warnings, i);

		print_line(doc, "warning", COLOUR_YELLOW, json_text(warning, "message"), NULL,
			   no_color);
	}
	if (doc->error)
		print_line(doc, NULL, COLOUR_NONE, json_text(doc->error, "message"),
			   json_text(doc->error, "hint"), no_color);
}

static bool progress_shown;

void progress_show(const char *format, ...)
{
	va_list args;

	if (!isatty(STDERR_FILENO))
		return;
	fputs("\r\033[K", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fflush(stderr);
	progress_shown = true;
}

void progress_clear(void)
{
	if (!progress_shown)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	progress_shown = false;
}
