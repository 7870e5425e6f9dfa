// SPDX-License-Identifier: GPL-2.0-or-later
#include "json_document.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "long_array.h"
#include "utf8.h"

static const struct {
	const char *code;
	enum exit_status status;
} exit_statuses[] = {
	{ "failed", EXIT_FAILED },
	{ "io", EXIT_FAILED },
	{ "partial", EXIT_PARTIAL },
	{ "not_found", EXIT_NOT_FOUND },
	{ "busy", EXIT_BUSY },
	{ "conflict", EXIT_CONFLICT },
	{ "reserved", EXIT_CONFLICT },
	{ "permission", EXIT_PERMISSION },
	{ "unsupported", EXIT_UNSUPPORTED },
	{ "invalid", EXIT_INVALID },
	{ "timeout", EXIT_TIMEOUT },
	{ "drift", EXIT_DRIFT },
	{ "usage", EXIT_USAGE },
};

void document_init(struct document *doc)
{
	*doc = (struct document){ .warnings = json_object_new_array() };
}

void document_release(struct document *doc)
{
	json_object_put(doc->data);
	json_object_put(doc->warnings);
	json_object_put(doc->error);
}

void json_put(struct json_object *object, const char *key, struct json_object *value)
{
	json_object_object_add_ex(object, key, value,
				  JSON_C_OBJECT_ADD_KEY_IS_NEW | JSON_C_OBJECT_ADD_CONSTANT_KEY);
}

void json_put_text(struct json_object *object, const char *key, const char *text)
{
	char *repaired = text ? utf8_repair(text) : NULL;

	if (repaired)
		text = repaired;
	json_put(object, key, text ? json_object_new_string(text) : NULL);
	free(repaired);
}

void json_put_number(struct json_object *object, const char *key, long long number)
{
	json_put(object, key, json_object_new_int64(number));
}

void json_put_bool(struct json_object *object, const char *key, bool value)
{
	json_put(object, key, json_object_new_boolean(value));
}

struct json_object *json_member(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	if (json_object_is_type(object, json_type_object))
		json_object_object_get_ex(object, key, &value);
	return value;
}

const char *json_text(struct json_object *object, const char *key)
{
	struct json_object *value = json_member(object, key);

	return value ? json_object_get_string(value) : NULL;
}

int json_number(struct json_object *object, const char *key)
{
	return json_object_get_int(json_member(object, key));
}

bool json_true(struct json_object *object, const char *key)
{
	return json_object_get_boolean(json_member(object, key));
}

size_t json_count(struct json_object *object, const char *key)
{
	struct json_object *value = json_member(object, key);

	return value ? array_length(value) : 0;
}

struct json_object *json_find_device(struct json_object *devices, const char *uuid)
{
	size_t i, count = json_object_array_length(devices);

	for (i = 0; i < count; i++) {
		struct json_object *device = json_object_array_get_idx(devices, i);

		if (!strcmp(json_text(device, "uuid"), uuid))
			return device;
	}
	return NULL;
}

/* Adds the message that @format and @args make; @format itself if memory is short. */
static void put_message(struct json_object *object, const char *format, va_list args)
{
	char *message = NULL;

	if (vasprintf(&message, format, args) < 0)
		message = NULL;
	json_put_text(object, "message", message ? message : format);
	free(message);
}

void document_warn(struct document *doc, const char *code, const char *format, ...)
{
	struct json_object *warning = json_object_new_object();
	va_list args;

	json_put_text(warning, "code", code);
	va_start(args, format);
	put_message(warning, format, args);
	va_end(args);
	json_object_array_add(doc->warnings, warning);
}

int document_fail(struct document *doc, const char *code, const char *hint,
		  const char *format, ...)
{
	struct json_object *error = json_object_new_object();
	va_list args;

	json_put_text(error, "code", code);
	va_start(args, format);
	put_message(error, format, args);
	va_end(args);
	json_put(error, "errno", NULL);
	json_put(error, "operation", NULL);
	json_put(error, "path", NULL);
	json_put(error, "queues", json_object_new_array());
	json_put(error, "owner", NULL);
	json_put_text(error, "hint", hint);
	json_object_put(doc->error);
	doc->error = error;
	return -1;
}

enum exit_status document_status(const struct document *doc)
{
	const char *code = json_text(doc->error, "code");
	size_t i;

	if (!code)
		return EXIT_DONE;
	for (i = 0; i < sizeof(exit_statuses) / sizeof(exit_statuses[0]); i++) {
		if (!strcmp(exit_statuses[i].code, code))
			return exit_statuses[i].status;
	}
	return EXIT_FAILED;
}

static bool is_scalar(struct json_object *value)
{
	return !json_object_is_type(value, json_type_object) &&
	       !json_object_is_type(value, json_type_array);
}

/*
 * json-c would first make one string of all of it, and breaks even empty lists. Written
 * here piece by piece, and without printf, which takes most of the time when there are
 * 65,536 queues.
 */
static void write_value(struct json_object *value, int indent, FILE *out);

/* In a stream each record is one line. */
#define ONE_LINE (-2)

static void start_line(int indent, FILE *out)
{
	int i;

	if (indent < 0)
		return;
	putc_unlocked('\n', out);
	for (i = 0; i < indent; i++)
		putc_unlocked(' ', out);
}

static int deeper(int indent)
{
	return indent == ONE_LINE ? ONE_LINE : indent + 2;
}

static void write_object(struct json_object *object, int indent, FILE *out)
{
	bool first = true;

	putc_unlocked('{', out);
	json_object_object_foreach(object, key, value) {
		if (!first)
			putc_unlocked(',', out);
		start_line(deeper(indent), out);
		putc_unlocked('"', out);
		fputs_unlocked(key, out);
		fputs_unlocked(indent == ONE_LINE ? "\":" : "\": ", out);
		write_value(value, deeper(indent), out);
		first = false;
	}
	start_line(indent, out);
	putc_unlocked('}', out);
}

/* Lists of numbers and words stand in one line, lists of objects do not. */
static void write_array(struct json_object *array, int indent, FILE *out)
{
	size_t i, count = array_length(array);
	bool one_line = true;

	putc_unlocked('[', out);
	for (i = 0; i < count; i++) {
		_cleanup_member_ struct json_object *member = array_member(array, i);

		if (i == 0)
			one_line = indent == ONE_LINE || is_scalar(member);
		else
			putc_unlocked(',', out);
		if (!one_line)
			start_line(deeper(indent), out);
		else if (i && indent != ONE_LINE)
			putc_unlocked(' ', out);
		write_value(member, deeper(indent), out);
	}
	if (!one_line)
		start_line(indent, out);
	putc_unlocked(']', out);
}

static void write_scalar(struct json_object *value, FILE *out)
{
	fputs_unlocked(json_object_to_json_string_ext(value, JSON_C_TO_STRING_NOSLASHESCAPE), out);
}

static void write_number(int64_t number, FILE *out)
{
	char digits[24], *first = digits + sizeof(digits);
	uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;

	*--first = '\0';
	do {
		*--first = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (number < 0)
		*--first = '-';
	fputs_unlocked(first, out);
}

/* Most are words that have nothing to be escaped. */
static void write_string(struct json_object *value, FILE *out)
{
	const char *text = json_object_get_string(value);
	const char *byte = text;

	while ((unsigned char)*byte >= ' ' && *byte != '"' && *byte != '\\')
		byte++;
	if (byte - text != json_object_get_string_len(value)) {
		write_scalar(value, out);
		return;
	}
	putc_unlocked('"', out);
	fputs_unlocked(text, out);
	putc_unlocked('"', out);
}

static void write_value(struct json_object *value, int indent, FILE *out)
{
	switch (json_object_get_type(value)) {
	case json_type_null:
		fputs_unlocked("null", out);
		break;
	case json_type_boolean:
		fputs_unlocked(json_object_get_boolean(value) ? "true" : "false", out);
		break;
	case json_type_int:
		write_number(json_object_get_int64(value), out);
		break;
	case json_type_object:
		write_object(value, indent, out);
		break;
	case json_type_array:
		write_array(value, indent, out);
		break;
	case json_type_string:
		write_string(value, out);
		break;
	default:
		write_scalar(value, out);
	}
}

static struct json_object *whole_document(const struct document *doc)
{
	struct json_object *root = json_object_new_object();

	json_put_number(root, "schema_version", DOCUMENT_SCHEMA_VERSION);
	json_put_text(root, "command", doc->command);
	json_put_bool(root, "changed", doc->changed);
	json_put_bool(root, "dry_run", doc->dry_run);
	json_put(root, "data", json_object_get(doc->data));
	json_put(root, "warnings", json_object_get(doc->warnings));
	json_put(root, "error", json_object_get(doc->error));
	return root;
}

void document_write(const struct document *doc, FILE *out)
{
	struct json_object *root = whole_document(doc);

	write_value(root, 0, out);
	fputc('\n', out);
	json_object_put(root);
}

void document_write_record(struct json_object *record, FILE *out)
{
	write_value(record, ONE_LINE, out);
	fputc('\n', out);
}

void document_write_line(const struct document *doc, FILE *out)
{
	struct json_object *root = whole_document(doc);

	document_write_record(root, out);
	json_object_put(root);
}
