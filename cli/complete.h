/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shell completion. The scripts in completions/ hand over the words typed so
 * far; what may come next is decided here, from the command table.
 */
#ifndef VFIOAP_CLI_COMPLETE_H
#define VFIOAP_CLI_COMPLETE_H

#include "command.h"

/*
 * vfioap-ctl --complete N WORD...: print the words that may stand at place N
 * of the command line WORD..., one a line, each with a tab and a description
 * if it has one. Returns the exit status.
 */
int complete(int argc, char **argv);

/*
 * Print the candidates of @kind that start with @typed, which may be a comma
 * list of which only the last part is incomplete; @prefix goes before each.
 * They are looked for below @root, NULL for /.
 */
void complete_value(enum completion kind, const char *root, const char *prefix,
		    const char *typed);

/* The settings that the queue or adapter @pattern can be given, each with a "=". */
void complete_setting(const char *pattern, const char *typed);

/* Print @word if it starts with @typed. */
void complete_offer(const char *prefix, const char *typed, const char *word,
		    const char *description);

#endif
