/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arrays of up to 65,536 queues: their members are made one by one, when they are written
 * or looked at, and are gone afterwards. Kept, they would be 100 MB.
 */
#ifndef VFIOAP_CLI_LONG_ARRAY_H
#define VFIOAP_CLI_LONG_ARRAY_H

#include <json-c/json.h>

/* Make member @index from @source, which may keep parts for the next; a new object. */
typedef struct json_object *make_member_fn(void *source, size_t index);

/* A JSON array of @count members. @source goes with it, by @release. */
struct json_object *long_array_new(size_t count, make_member_fn *make, void *source,
				   void (*release)(void *source));

/* For any array, long or not: how many members it has, and one of them, to be put. */
size_t array_length(struct json_object *array);
struct json_object *array_member(struct json_object *array, size_t index);

static inline void put_memberp(struct json_object **member)
{
	json_object_put(*member);
}
#define _cleanup_member_ __attribute__((cleanup(put_memberp)))

#endif
