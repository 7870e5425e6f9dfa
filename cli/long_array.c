// SPDX-License-Identifier: GPL-2.0-or-later
#include "long_array.h"

#include <err.h>
#include <stdlib.h>

struct long_array {
	size_t count;
	make_member_fn *make;
	void *source;
	void (*release)(void *source);
};

static void release_array(struct json_object *array, void *data)
{
	struct long_array *members = data;

	(void)array;
	members->release(members->source);
	free(members);
}

struct json_object *long_array_new(size_t count, make_member_fn *make, void *source,
				   void (*release)(void *source))
{
	struct json_object *array = json_object_new_array();
	struct long_array *members = malloc(sizeof(*members));

	if (!array || !members)
		errx(EXIT_FAILURE, "out of memory");
	*members = (struct long_array){ count, make, source, release };
	json_object_set_userdata(array, members, release_array);
	return array;
}

/* Nothing else sets the user data of an array. */
static const struct long_array *members_of(struct json_object *array)
{
	return json_object_get_userdata(array);
}

size_t array_length(struct json_object *array)
{
	const struct long_array *members = members_of(array);

	return members ? members->count : json_object_array_length(array);
}

struct json_object *array_member(struct json_object *array, size_t index)
{
	const struct long_array *members = members_of(array);

	if (members)
		return members->make(members->source, index);
	return json_object_get(json_object_array_get_idx(array, index));
}
