/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFIOAP_CLI_CHANGE_TEXT_H
#define VFIOAP_CLI_CHANGE_TEXT_H

#include <json-c/json.h>
#include <stdio.h>

/* The steps that a dry run would have taken. */
void print_steps(struct json_object *data, FILE *out);

/* What went (-) and what came (+) in the contents of a device; either may be NULL. */
void print_contents_difference(struct json_object *before, struct json_object *after, FILE *out);

#endif
