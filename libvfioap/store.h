/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is stored about devices: definitions and names. One file that cannot be read
 * is set aside with its error, and hides no other.
 */
#ifndef VFIOAP_STORE_H
#define VFIOAP_STORE_H

#include "ctx.h"
#include "definition.h"
#include "names.h"

#define PATH_DEFINITIONS "/etc/mdevctl.d/matrix"
#define PATH_NAMES "/etc/vfioap.d"
/* Of devices that are not defined: these names go with them, at the latest at a reboot. */
#define PATH_RUNNING_NAMES "/run/vfioap"

/* No file of ours comes near this. */
#define STORE_FILE_MAX (1 << 20)

/* An array of pointers that grows. */
struct table {
	void **elements;
	size_t count;
};

/**
 * struct store - what is stored
 * @definitions: struct vfioap_definition, in the order of UUIDs
 * @names: struct device_name, in the order of UUIDs
 * @stale: struct device_name of devices that others have removed; nobody has these names
 * @bad: struct vfioap_error, one for each file that is not what it should be
 */
struct store {
	struct table definitions;
	struct table names;
	struct table stale;
	struct table bad;
};

/* Only -ENOMEM. */
int store_read(struct store *store, const struct vfioap_ctx *ctx);
/* A deep copy, but for the bad files and the stale names. */
int store_copy(struct store *to, const struct store *from);
void store_release(struct store *store);

struct vfioap_definition *store_find(const struct store *store, const char *uuid);
struct device_name *store_find_name(const struct store *store, const char *uuid);
/* What is wrong with the file of this path; NULL if nothing is. */
const struct vfioap_error *store_find_bad(const struct store *store, const char *path);

/* Replace what the UUID has; NULL takes it away. Takes the object over, also on -ENOMEM. */
int store_put(struct store *store, const char *uuid, struct vfioap_definition *definition);
int store_put_name(struct store *store, const char *uuid, struct device_name *name);

/*
 * The content of a regular file in an open directory, without following a link. 0; -ENOENT;
 * -EINVAL or another errno with the error, whose path is @path.
 */
int store_read_file(int dir_fd, const char *name, const char *path, char **text, size_t *length,
		    struct vfioap_error **error);

#endif
