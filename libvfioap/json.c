// SPDX-License-Identifier: LGPL-2.1-or-later
#include "json.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "error.h"

/* No file of ours has as many levels; more is an attack on the stack. */
#define DEPTH_MAX 32

static size_t strip_blanks(const char *text, size_t length)
{
	while (length && text[length - 1] && strchr(" \t\r\n", text[length - 1]))
		length--;
	return length;
}

static unsigned int line_of(const char *text, size_t offset)
{
	unsigned int line = 1;

	while (offset--)
		line += *text++ == '\n';
	return line;
}

static int parse_failed(struct json_tokener *tokener, const char *text,
			struct vfioap_error **error)
{
	enum json_tokener_error why = json_tokener_get_error(tokener);
	size_t end = json_tokener_get_parse_end(tokener);

	if (why == json_tokener_continue)
		return error_fail(error, VFIOAP_INVALID, EINVAL,
				  "line %u: not JSON: it ends in the middle of a value",
				  line_of(text, end));
	return error_fail(error, VFIOAP_INVALID, EINVAL, "line %u: not JSON: %s",
			  line_of(text, end), json_tokener_error_desc(why));
}

int json_parse(const char *text, size_t length, struct json_object **root,
	       struct vfioap_error **error)
{
	struct json_tokener *tokener;
	int rc = 0;

	*root = NULL;
	length = strip_blanks(text, length);
	if (!length)
		return error_fail(error, VFIOAP_INVALID, EINVAL, "line 1: not JSON: it is empty");
	if (length >= INT_MAX || memchr(text, '\0', length))
		return error_fail(error, VFIOAP_INVALID, EINVAL, "not JSON: it has null bytes");
	tokener = json_tokener_new_ex(DEPTH_MAX);
	if (!tokener)
		return error_no_memory(error);
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	*root = json_tokener_parse_ex(tokener, text, (int)length);
	if (json_tokener_get_error(tokener) != json_tokener_success)
		rc = parse_failed(tokener, text, error);
	json_tokener_free(tokener);
	return rc;
}

/**
 * struct scan - going through a text that is valid JSON
 * @at: the next byte
 * @keys: of the objects that it is in, those seen so far; NULL for a list
 */
struct scan {
	const char *text;
	const char *at;
	const char *end;
	struct json_object *keys[DEPTH_MAX + 1];
	size_t depth;
};

static void free_keys(struct scan *scan)
{
	do
		json_object_put(scan->keys[scan->depth]);
	while (scan->depth--);
}

/* Go behind the string that starts here, and the blanks after it. */
static size_t skip_string(struct scan *scan)
{
	const char *start = scan->at++;
	size_t length;

	while (*scan->at != '"')
		scan->at += *scan->at == '\\' ? 2 : 1;
	length = (size_t)(++scan->at - start);
	while (scan->at < scan->end && strchr(" \t\r\n", *scan->at))
		scan->at++;
	return length;
}

/* Of a key that stands at @start, with its quotes: 0, or -EINVAL if its object has it already. */
static int add_key(struct scan *scan, const char *start, size_t length,
		   struct vfioap_error **error)
{
	_cleanup_json_ struct json_object *key = NULL;
	struct json_object *keys = scan->keys[scan->depth];

	if (json_parse(start, length, &key, error))
		return -EINVAL;
	if (json_object_object_get_ex(keys, json_object_get_string(key), NULL))
		return error_fail(error, VFIOAP_INVALID, EINVAL,
				  "line %u: key %s is there twice: expected each key once",
				  line_of(scan->text, (size_t)(start - scan->text)),
				  json_quote(key));
	return json_object_object_add(keys, json_object_get_string(key), NULL) ?
		       error_no_memory(error) : 0;
}

static int scan_string(struct scan *scan, struct vfioap_error **error)
{
	const char *start = scan->at;
	size_t length = skip_string(scan);

	return scan->at < scan->end && *scan->at == ':' ? add_key(scan, start, length, error) : 0;
}

/* Enter an object, of which keys are kept, or a list. */
static int enter(struct scan *scan, bool object, struct vfioap_error **error)
{
	scan->keys[++scan->depth] = object ? json_object_new_object() : NULL;
	return object && !scan->keys[scan->depth] ? error_no_memory(error) : 0;
}

static int scan_next(struct scan *scan, struct vfioap_error **error)
{
	int rc = 0;

	switch (*scan->at) {
	case '"':
		return scan_string(scan, error);
	case '{':
	case '[':
		rc = enter(scan, *scan->at == '{', error);
		break;
	case '}':
	case ']':
		json_object_put(scan->keys[scan->depth]);
		scan->keys[scan->depth--] = NULL;
		break;
	}
	scan->at++;
	return rc;
}

int json_parse_strict(const char *text, size_t length, struct json_object **root,
		      struct vfioap_error **error)
{
	struct scan scan = { .text = text, .at = text, .end = text + length };
	int rc = json_parse(text, length, root, error);

	while (!rc && scan.at < scan.end)
		rc = scan_next(&scan, error);
	free_keys(&scan);
	if (rc) {
		json_object_put(*root);
		*root = NULL;
	}
	return rc;
}

const char *json_quote(struct json_object *value)
{
	const char *text = json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN);

	return text ? text : "null";
}
