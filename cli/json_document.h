/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one document that a command produces: its JSON output as it stands,
 * and the source that the text output is made from.
 */
#ifndef VFIOAP_CLI_JSON_DOCUMENT_H
#define VFIOAP_CLI_JSON_DOCUMENT_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>

#define DOCUMENT_SCHEMA_VERSION 1

/* Exit statuses; the words of error.code that belong to each are in the .c file. */
enum exit_status {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_PARTIAL = 2,
	EXIT_NOT_FOUND = 3,
	EXIT_BUSY = 4,
	EXIT_CONFLICT = 5,
	EXIT_PERMISSION = 6,
	EXIT_UNSUPPORTED = 7,
	EXIT_INVALID = 8,
	EXIT_TIMEOUT = 9,
	EXIT_DRIFT = 10,
	EXIT_USAGE = 64,
};

/**
 * struct document - what a command did and found
 * @command: its name, NULL if the command line did not get that far
 * @changed: the host is not as it was (with @dry_run: would not be)
 * @dry_run: nothing was written
 * @data: the command's own part, NULL if there is none
 * @warnings: array of {code, message}
 * @error: why it failed, NULL if it did not
 */
struct document {
	const char *command;
	bool changed;
	bool dry_run;
	struct json_object *data;
	struct json_object *warnings;
	struct json_object *error;
};

void document_init(struct document *doc);
void document_release(struct document *doc);

void document_warn(struct document *doc, const char *code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Set the error. @code is one of the words of the exit status table; @hint may
 * be NULL. Always returns -1, so that a caller can return it.
 */
int document_fail(struct document *doc, const char *code, const char *hint,
		  const char *format, ...) __attribute__((format(printf, 4, 5)));

enum exit_status document_status(const struct document *doc);

/*
 * Write the whole document, or all of it in one line; whether that worked is ferror's to
 * say. document_write_record() writes one line of a stream.
 */
void document_write(const struct document *doc, FILE *out);
void document_write_line(const struct document *doc, FILE *out);
void document_write_record(struct json_object *record, FILE *out);

/* Members of objects, for the code that renders text. NULL, 0 or false if absent. */
struct json_object *json_member(struct json_object *object, const char *key);
const char *json_text(struct json_object *object, const char *key);
int json_number(struct json_object *object, const char *key);
bool json_true(struct json_object *object, const char *key);
size_t json_count(struct json_object *object, const char *key);

/* The device of this UUID in a list; NULL if it is not there. */
struct json_object *json_find_device(struct json_object *devices, const char *uuid);

/* Add to an object under a key that is a literal. NULL text becomes null. */
void json_put(struct json_object *object, const char *key, struct json_object *value);
void json_put_text(struct json_object *object, const char *key, const char *text);
void json_put_number(struct json_object *object, const char *key, long long number);
void json_put_bool(struct json_object *object, const char *key, bool value);

#endif
