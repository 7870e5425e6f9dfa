/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the words of the command line to a request.
 */
#ifndef VFIOAP_CLI_OPTIONS_H
#define VFIOAP_CLI_OPTIONS_H

#include <stdio.h>

struct document;
struct request;

/*
 * Read the command line. 0 with the request filled in, or -1 with the
 * document's error set; req->json is right in both cases.
 */
int options_parse(int argc, char **argv, struct request *req, struct document *doc);

/*
 * Help for the command of this name, or for those of which it is the first
 * word, or an overview if it is "".
 */
void options_print_help(const char *name, FILE *out);

#endif
