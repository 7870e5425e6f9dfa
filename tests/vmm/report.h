/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the program says: one JSON object a line on standard output.
 */
#ifndef VMM_REPORT_H
#define VMM_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include <json-c/json.h>

#include "failure.h"

/* {"KIND":"NAME"}, to be filled in and given to report_print(). */
struct json_object *report_new(const char *kind, const char *name);

void report_string(struct json_object *report, const char *key, const char *value);
void report_number(struct json_object *report, const char *key, int64_t value);
void report_bool(struct json_object *report, const char *key, bool value);
/* A response code or a number in hexadecimal, @digits wide. */
void report_hex(struct json_object *report, const char *key, uint64_t value, int digits);

/* Add "ok":false and the failure as "error". */
void report_failure(struct json_object *report, const struct failure *failure);
/* The same for something the user did wrong; no errno. */
void report_misuse(struct json_object *report, const char *message);

/* Print it as one line, whatever other threads print, and free it. */
void report_print(struct json_object *report);

#endif
