/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How numbers, owners and states read in text output. All of it is made from
 * the document, so that text and JSON cannot say different things.
 */
#ifndef VFIOAP_CLI_WORDING_H
#define VFIOAP_CLI_WORDING_H

#include <json-c/json.h>
#include <stdio.h>

#include "message.h"

/* Digits after 0x that an id of this kind has. */
enum id_width {
	ADAPTER_DIGITS = 2,
	DOMAIN_DIGITS = 4,
};

/*
 * Results are strings that the caller frees; they end the program if there is
 * no memory for them.
 */

/* "0x05,0x0a-0x0c"; "-" for an empty list. */
char *word_ids(struct json_object *ids, enum id_width width);
/* "05.0004, 05.0005"; @limit > 0 ends a long list with "and 12 more". */
char *word_queues(struct json_object *apqns, size_t limit);
/* Who uses a device: "fedora (qemu-system-s39, pid 4711)"; "" if it is no user. */
char *word_user(struct json_object *owner);
/* The same for a list of them. */
char *word_users(struct json_object *users);
/* How a definition is started: "started at boot". */
const char *word_start(const char *start);
/* Name if there is one, else UUID. */
const char *word_device(struct json_object *device);

/* The colour of an owner kind, or of a device state. */
enum colour word_colour(const char *kind_or_state);

/* sprintf into new memory. */
char *word_text(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* "1 queue", "2 queues". */
char *word_count(size_t count, const char *noun);

/* Text in paragraphs: broken at blanks, lines after the first indented. */
void print_wrapped(FILE *out, int indent, const char *text);

static inline void free_textp(char **text)
{
	free(*text);
}
#define _cleanup_text_ __attribute__((cleanup(free_textp)))

#endif
