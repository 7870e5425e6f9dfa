/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading JSON that somebody else may have written.
 */
#ifndef VFIOAP_JSON_H
#define VFIOAP_JSON_H

#include <json-c/json.h>

#include "vfioap.h"

/* One value and nothing behind it, in valid UTF-8. 0 or -EINVAL; *root may be NULL: null. */
int json_parse(const char *text, size_t length, struct json_object **root,
	       struct vfioap_error **error);

/* The same, and no object has a key twice: the parser would silently take the last. */
int json_parse_strict(const char *text, size_t length, struct json_object **root,
		      struct vfioap_error **error);

/* The value in one line, for a message. Lives as long as the value. */
const char *json_quote(struct json_object *value);

static inline void json_freep(struct json_object **object)
{
	json_object_put(*object);
}
#define _cleanup_json_ __attribute__((cleanup(json_freep)))

#endif
