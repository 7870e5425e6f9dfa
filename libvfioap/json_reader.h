/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading a JSON file that people write: tables of keys, and refusals that say where in
 * the file, quote what is wrong, and name what was expected.
 */
#ifndef VFIOAP_JSON_READER_H
#define VFIOAP_JSON_READER_H

#include <json-c/json.h>

#include "vfioap.h"

/**
 * struct reader - reading one file
 * @source: what it is called in messages
 * @result: what is made of it
 * @error: where the first error goes
 */
struct reader {
	const char *source;
	void *result;
	struct vfioap_error **error;
};

/**
 * struct key - a key of an object
 * @read: read its value into @target, which stands at @place in the file
 */
struct key {
	const char *name;
	int (*read)(const struct reader *reader, struct json_object *value, const char *place,
		    void *target);
};

/* The first key of every file. */
#define SCHEMA_VERSION_KEY { "schema_version", read_schema_version }
int read_schema_version(const struct reader *reader, struct json_object *value,
			const char *place, void *target);

/* The whole file: one object with these keys, whose functions get no target. */
int read_file(const struct reader *reader, const char *text, size_t length,
	      const struct key *keys);

/* An object; a list of ids, added to @ids; a string without null bytes. */
int read_object(const struct reader *reader, struct json_object *object, const char *place,
		const struct key *keys, void *target);
int read_ids(const struct reader *reader, struct json_object *value, const char *place,
	     struct vfioap_ids *ids);
int read_text(const struct reader *reader, struct json_object *value, const char *place,
	      const char **text);

/* A list; @read gets each of its members and the place of that. */
int read_list(const struct reader *reader, struct json_object *value, const char *place,
	      const char *expected,
	      int (*read)(const struct reader *reader, struct json_object *value,
			  const char *place, void *target),
	      void *target);

/* Always -EINVAL: what stands at @place is not what was expected; or why it is wrong. */
int refuse(const struct reader *reader, const char *place, struct json_object *value,
	   const char *expected);
int refuse_because(const struct reader *reader, const char *place, struct vfioap_error *why);

#endif
