// SPDX-License-Identifier: LGPL-2.1-or-later
#include "json.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "error.h"

#define DEPTH_MAX 32

static size_t strip_blanks(const char *text, size_t length)
{
	while (length && strchr(" \t\r\n", text[length - 1]))
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
				  "not JSON: it ends in the middle of a value");
	return error_fail(error, VFIOAP_INVALID, EINVAL, "not JSON: line %u: %s",
			  line_of(text, end), json_tokener_error_desc(why));
}

int json_parse(const char *text, size_t length, struct json_object **root,
	       struct vfioap_error **error)
{
	struct json_tokener *tokener;
	int rc = 0;

	length = strip_blanks(text, length);
	if (!length)
		return error_fail(error, VFIOAP_INVALID, EINVAL, "not JSON: it is empty");
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

const char *json_quote(struct json_object *value)
{
	const char *text = json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN);

	return text ? text : "null";
}
