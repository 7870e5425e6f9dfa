// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "report.h"

static pthread_mutex_t output = PTHREAD_MUTEX_INITIALIZER;

struct json_object *report_new(const char *kind, const char *name)
{
	struct json_object *report = json_object_new_object();

	report_string(report, kind, name);
	return report;
}

void report_string(struct json_object *report, const char *key, const char *value)
{
	json_object_object_add(report, key, json_object_new_string(value));
}

void report_number(struct json_object *report, const char *key, int64_t value)
{
	json_object_object_add(report, key, json_object_new_int64(value));
}

void report_bool(struct json_object *report, const char *key, bool value)
{
	json_object_object_add(report, key, json_object_new_boolean(value));
}

void report_hex(struct json_object *report, const char *key, uint64_t value, int digits)
{
	char text[24];

	snprintf(text, sizeof(text), "%0*" PRIx64, digits, value);
	report_string(report, key, text);
}

void report_failure(struct json_object *report, const struct failure *failure)
{
	struct json_object *error = json_object_new_object();

	report_string(error, "operation", failure->operation);
	report_string(error, "path", failure->path);
	report_string(error, "errno", strerrorname_np(failure->error));
	report_string(error, "message", strerrordesc_np(failure->error));
	report_bool(report, "ok", false);
	json_object_object_add(report, "error", error);
}

void report_misuse(struct json_object *report, const char *message)
{
	struct json_object *error = json_object_new_object();

	report_string(error, "message", message);
	report_bool(report, "ok", false);
	json_object_object_add(report, "error", error);
}

void report_print(struct json_object *report)
{
	pthread_mutex_lock(&output);
	puts(json_object_to_json_string_ext(report, JSON_C_TO_STRING_PLAIN |
						    JSON_C_TO_STRING_NOSLASHESCAPE));
	fflush(stdout);
	pthread_mutex_unlock(&output);
	json_object_put(report);
}
