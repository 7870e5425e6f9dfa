/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that the command line names; "-" is standard input.
 */
#ifndef VFIOAP_CLI_INPUT_H
#define VFIOAP_CLI_INPUT_H

#include <stddef.h>

struct document;

/* What the file is called in messages. */
const char *input_name(const char *path);

/* All of it, to be freed; 0, or -1 with the document's error set. */
int input_read(const char *path, char **text, size_t *length, struct document *doc);

#endif
