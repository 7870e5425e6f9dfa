// SPDX-License-Identifier: GPL-2.0-or-later
#include "wording.h"

#include <err.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "json_document.h"

#define LINE_WIDTH 80

/* A string that grows; open_memstream does the growing. */
struct text {
	FILE *stream;
	char *buffer;
	size_t size;
};

static void text_start(struct text *text)
{
	text->buffer = NULL;
	text->stream = open_memstream(&text->buffer, &text->size);
	if (!text->stream)
		err(EXIT_FAILURE, "open_memstream");
}

static char *text_end(struct text *text)
{
	if (fclose(text->stream) == EOF)
		err(EXIT_FAILURE, "fclose");
	return text->buffer;
}

static int id_at(struct json_object *ids, size_t i)
{
	return json_object_get_int(json_object_array_get_idx(ids, i));
}

char *word_ids(struct json_object *ids, enum id_width width)
{
	size_t count = ids ? json_object_array_length(ids) : 0;
	struct text text;
	size_t i, last;

	text_start(&text);
	for (i = 0; i < count; i = last + 1) {
		last = i;
		while (last + 1 < count && id_at(ids, last + 1) == id_at(ids, last) + 1)
			last++;
		if (last == i + 1)
			last = i;
		fprintf(text.stream, "%s0x%0*x", i ? "," : "", width, id_at(ids, i));
		if (last > i)
			fprintf(text.stream, "-0x%0*x", width, id_at(ids, last));
	}
	if (!count)
		fputc('-', text.stream);
	return text_end(&text);
}

char *word_queues(struct json_object *apqns, size_t limit)
{
	size_t count = apqns ? json_object_array_length(apqns) : 0;
	struct text text;
	size_t i;

	if (!limit || count <= limit + 1)
		limit = count;
	text_start(&text);
	for (i = 0; i < limit; i++)
		fprintf(text.stream, "%s%s", i ? ", " : "",
			json_object_get_string(json_object_array_get_idx(apqns, i)));
	if (limit < count)
		fprintf(text.stream, " and %zu more", count - limit);
	return text_end(&text);
}

const char *word_start(const char *start)
{
	return strcmp(start, "auto") ? "started by hand" : "started at boot";
}

const char *word_device(struct json_object *device)
{
	const char *name = json_text(device, "name");

	return name ? name : json_text(device, "uuid");
}

static void write_user(FILE *stream, struct json_object *owner)
{
	const char *guest = json_text(owner, "guest");
	const char *process = json_text(owner, "process");
	struct json_object *pid = json_member(owner, "pid");

	if (guest)
		fprintf(stream, "%s%s", guest, pid ? " " : "");
	if (pid)
		fprintf(stream, "(%s%spid %d)", process ? process : "", process ? ", " : "",
			json_object_get_int(pid));
	if (!guest && !pid)
		fputs("unknown", stream);
}

char *word_user(struct json_object *owner)
{
	const char *kind = json_text(owner, "kind");
	struct text text;

	text_start(&text);
	if (kind && (!strcmp(kind, "guest") || !strcmp(kind, "unknown")))
		write_user(text.stream, owner);
	return text_end(&text);
}

char *word_users(struct json_object *users)
{
	size_t i, count = json_object_array_length(users);
	struct text text;

	text_start(&text);
	for (i = 0; i < count; i++) {
		if (i)
			fputs(", ", text.stream);
		write_user(text.stream, json_object_array_get_idx(users, i));
	}
	return text_end(&text);
}

enum colour word_colour(const char *kind_or_state)
{
	static const struct {
		const char *word;
		enum colour colour;
	} colours[] = {
		{ "host", COLOUR_BLUE },    { "free", COLOUR_GREEN },  { "device", COLOUR_YELLOW },
		{ "guest", COLOUR_RED },    { "in_use", COLOUR_RED },  { "idle", COLOUR_GREEN },
		{ "removing", COLOUR_CYAN },
	};
	size_t i;

	for (i = 0; kind_or_state && i < sizeof(colours) / sizeof(colours[0]); i++) {
		if (!strcmp(colours[i].word, kind_or_state))
			return colours[i].colour;
	}
	return COLOUR_NONE;
}

char *word_text(const char *format, ...)
{
	char *text;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		err(EXIT_FAILURE, "vasprintf");
	va_end(args);
	return text;
}

char *word_count(size_t count, const char *noun)
{
	return word_text("%zu %s%s", count, noun, count == 1 ? "" : "s");
}

void print_wrapped(FILE *out, int indent, const char *text)
{
	int column = indent;

	while (*text) {
		int length = (int)strcspn(text, " ");

		if (column > indent && column + 1 + length > LINE_WIDTH) {
			fprintf(out, "\n%*s", indent, "");
			column = indent;
		} else if (column > indent) {
			fputc(' ', out);
			column++;
		}
		fprintf(out, "%.*s", length, text);
		column += length;
		text += length + strspn(text + length, " ");
	}
	fputc('\n', out);
}
