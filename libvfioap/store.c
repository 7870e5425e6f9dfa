// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "error.h"
#include "host.h"
#include "quote.h"
#include "sysfs.h"

/* The arrays' elements start with the UUID that they are sorted by. */
static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Where the element with this UUID is, or would be. */
static size_t position(const struct table *table, const char *uuid, bool *found)
{
	size_t low = 0, high = table->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(table->elements[middle], uuid) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*found = low < table->count && !strcmp(table->elements[low], uuid);
	return low;
}

static int append(struct table *table, void *element)
{
	size_t count = table->count;
	void **larger = table->elements;

	/* a power of two is full */
	if (!(count & (count - 1)))
		larger = realloc(larger, (count ? count * 2 : 1) * sizeof(*larger));
	if (!larger)
		return -ENOMEM;
	table->elements = larger;
	larger[table->count++] = element;
	return 0;
}

/* Put @element, which may be NULL, where the one with this UUID was, and return that. */
static int replace(struct table *table, const char *uuid, void *element, void **old)
{
	bool found;
	size_t i = position(table, uuid, &found);
	size_t after = table->count - i;

	*old = found ? table->elements[i] : NULL;
	if (found && element) {
		table->elements[i] = element;
	} else if (found) {
		memmove(table->elements + i, table->elements + i + 1,
			(after - 1) * sizeof(*table->elements));
		table->count--;
	} else if (element) {
		if (append(table, element))
			return -ENOMEM;
		memmove(table->elements + i + 1, table->elements + i,
			after * sizeof(*table->elements));
		table->elements[i] = element;
	}
	return 0;
}

static void *find(const struct table *table, const char *uuid)
{
	bool found;
	size_t i = position(table, uuid, &found);

	return found ? table->elements[i] : NULL;
}

int store_put(struct store *store, const char *uuid, struct vfioap_definition *definition)
{
	void *old = NULL;
	int rc = replace(&store->definitions, uuid, definition, &old);

	vfioap_definition_free(rc ? definition : old);
	return rc;
}

int store_put_name(struct store *store, const char *uuid, struct device_name *name)
{
	void *old = NULL;
	int rc = replace(&store->names, uuid, name, &old);

	device_name_free(rc ? name : old);
	return rc;
}

struct vfioap_definition *store_find(const struct store *store, const char *uuid)
{
	return find(&store->definitions, uuid);
}

struct device_name *store_find_name(const struct store *store, const char *uuid)
{
	return find(&store->names, uuid);
}

const struct vfioap_error *store_find_bad(const struct store *store, const char *path)
{
	size_t i;

	for (i = 0; i < store->bad.count; i++) {
		const struct vfioap_error *bad = store->bad.elements[i];
		const char *where = vfioap_error_get_path(bad);

		if (where && !strcmp(where, path))
			return bad;
	}
	return NULL;
}

void store_release(struct store *store)
{
	size_t i;

	for (i = 0; i < store->definitions.count; i++)
		vfioap_definition_free(store->definitions.elements[i]);
	for (i = 0; i < store->names.count; i++)
		device_name_free(store->names.elements[i]);
	for (i = 0; i < store->stale.count; i++)
		device_name_free(store->stale.elements[i]);
	for (i = 0; i < store->bad.count; i++)
		vfioap_error_free(store->bad.elements[i]);
	free(store->definitions.elements);
	free(store->names.elements);
	free(store->stale.elements);
	free(store->bad.elements);
}

int store_copy(struct store *to, const struct store *from)
{
	size_t i;

	for (i = 0; i < from->definitions.count; i++) {
		struct vfioap_definition *copy = definition_copy(from->definitions.elements[i]);

		if (!copy || store_put(to, copy->uuid, copy))
			return -ENOMEM;
	}
	for (i = 0; i < from->names.count; i++) {
		const struct device_name *name = from->names.elements[i];
		struct device_name *copy = device_name_new(name->uuid, name->name, name->label);

		if (!copy)
			return -ENOMEM;
		copy->running = name->running;
		if (store_put_name(to, copy->uuid, copy))
			return -ENOMEM;
	}
	return 0;
}

static const char *kind_of_file(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return "a directory";
	case S_IFLNK:
		return "a symbolic link";
	case S_IFIFO:
		return "a named pipe";
	case S_IFSOCK:
		return "a socket";
	default:
		return "a device node";
	}
}

static int not_regular(const struct stat *stat, struct vfioap_error **error)
{
	return error_fail(error, VFIOAP_INVALID, EINVAL, "it is %s: expected a regular file",
			  kind_of_file(stat->st_mode));
}

static int read_regular(int dir_fd, const char *name, char **text, size_t *length,
			struct vfioap_error **error)
{
	_cleanup_fd_ int fd = -1;
	_cleanup_text_ char *buffer = NULL;
	struct stat stat;
	ssize_t n;

	if (fstatat(dir_fd, name, &stat, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? -ENOENT : error_from_errno(error, errno, "it cannot be read");
	if (!S_ISREG(stat.st_mode))
		return not_regular(&stat, error);
	fd = openat(dir_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? -ENOENT : error_from_errno(error, errno, "it cannot be read");
	/* it may be another one by now */
	if (fstat(fd, &stat) || !S_ISREG(stat.st_mode))
		return not_regular(&stat, error);
	if (stat.st_size > STORE_FILE_MAX)
		return error_fail(error, VFIOAP_INVALID, EFBIG,
				  "it has %lld bytes: expected at most %d",
				  (long long)stat.st_size, STORE_FILE_MAX);
	buffer = malloc((size_t)stat.st_size + 1);
	if (!buffer)
		return error_no_memory(error);
	n = read(fd, buffer, (size_t)stat.st_size);
	if (n < 0)
		return error_from_errno(error, errno, "it cannot be read");
	buffer[n] = '\0';
	*length = (size_t)n;
	*text = take_pointer(buffer);
	return 0;
}

int store_read_file(int dir_fd, const char *name, const char *path, char **text, size_t *length,
		    struct vfioap_error **error)
{
	int rc = read_regular(dir_fd, name, text, length, error);

	error_at(error, "read", path);
	return rc;
}

/**
 * struct kind - the two kinds of files
 * @suffix: what follows the UUID in their names
 * @read: one file whose name is good; 0 or the error
 */
struct kind {
	const char *directory;
	const char *suffix;
	int (*read)(struct store *store, const char *uuid, const char *text, size_t length,
		    struct vfioap_error **error);
};

static int read_definition(struct store *store, const char *uuid, const char *text,
			   size_t length, struct vfioap_error **error)
{
	struct vfioap_definition *definition;
	int rc = vfioap_definition_parse(uuid, text, length, &definition, error);

	if (rc)
		return rc;
	if (!append(&store->definitions, definition))
		return 0;
	vfioap_definition_free(definition);
	return error_no_memory(error);
}

static int read_name(struct store *store, const char *uuid, const char *text, size_t length,
		     struct vfioap_error **error)
{
	struct device_name *name;
	int rc = device_name_parse(uuid, text, length, &name, error);

	if (rc)
		return rc;
	if (!append(&store->names, name))
		return 0;
	device_name_free(name);
	return error_no_memory(error);
}

static int read_running_name(struct store *store, const char *uuid, const char *text,
			     size_t length, struct vfioap_error **error)
{
	size_t count = store->names.count;
	int rc = read_name(store, uuid, text, length, error);

	if (!rc)
		((struct device_name *)store->names.elements[count])->running = true;
	return rc;
}

static const struct kind kinds[] = {
	{ PATH_DEFINITIONS, "", read_definition },
	{ PATH_NAMES, NAME_FILE_SUFFIX, read_name },
	{ PATH_RUNNING_NAMES, NAME_FILE_SUFFIX, read_running_name },
};

static int check_file_name(const struct kind *kind, const char *name, char uuid[VFIOAP_UUID_SIZE],
			   struct vfioap_error **error)
{
	char stem[VFIOAP_UUID_SIZE] = "";
	size_t length = strlen(name);

	if (length == VFIOAP_UUID_SIZE - 1 + strlen(kind->suffix) &&
	    !strcmp(name + VFIOAP_UUID_SIZE - 1, kind->suffix))
		memcpy(stem, name, VFIOAP_UUID_SIZE - 1);
	if (vfioap_uuid_parse(stem, uuid, NULL))
		return error_fail(error, VFIOAP_INVALID, EINVAL,
				  "its name makes no sense: expected a UUID%s%s",
				  *kind->suffix ? " and " : "", kind->suffix);
	if (strcmp(stem, uuid))
		return error_fail(error, VFIOAP_INVALID, EINVAL,
				  "its name has upper-case letters, so that mdevctl does not "
				  "find it: expected %s%s", uuid, kind->suffix);
	return 0;
}

static int read_one(struct store *store, const struct kind *kind, int dir_fd, const char *name,
		    const char *path, struct vfioap_error **error)
{
	_cleanup_text_ char *text = NULL;
	char uuid[VFIOAP_UUID_SIZE];
	size_t length;
	int rc;

	rc = check_file_name(kind, name, uuid, error);
	if (!rc)
		rc = store_read_file(dir_fd, name, path, &text, &length, error);
	return rc ? rc : kind->read(store, uuid, text, length, error);
}

/* Keep the error, with the file's name in its message. */
static int set_aside(struct store *store, const char *path, struct vfioap_error *why)
{
	struct vfioap_error *error = NULL;

	if (!why)
		return -ENOMEM;
	error_fail(&error, vfioap_error_get_code(why), vfioap_error_get_errno(why), "%s: %s", path,
		   vfioap_error_get_message(why));
	error_at(&error, "read", path);
	vfioap_error_free(why);
	if (!error)
		return -ENOMEM;
	if (!append(&store->bad, error))
		return 0;
	vfioap_error_free(error);
	return -ENOMEM;
}

static int read_entry(struct store *store, const struct kind *kind, int dir_fd, const char *name)
{
	_cleanup_text_ char *path = NULL;
	struct vfioap_error *error = NULL;
	char quoted[QUOTE_SIZE];
	int rc;

	quote(name, quoted);
	if (asprintf(&path, "%s/%s", kind->directory, quoted) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	rc = read_one(store, kind, dir_fd, name, path, &error);
	/* gone since the directory was read */
	if (!rc || (rc == -ENOENT && !error))
		return 0;
	return rc == -ENOMEM ? rc : set_aside(store, path, error);
}

/* Names that start with a dot are nobody's definitions: temporary files, our directory. */
static int read_directory(struct store *store, const struct vfioap_ctx *ctx,
			  const struct kind *kind)
{
	_cleanup_dir_ DIR *dir = sysfs_open_dir(ctx, kind->directory);
	struct vfioap_error *error = NULL;
	struct dirent *entry;
	int rc = 0;

	if (!dir && errno == ENOENT)
		return 0;
	if (!dir) {
		error_from_errno(&error, errno, "it cannot be read");
		return set_aside(store, kind->directory, error);
	}
	while (!rc && (entry = readdir(dir))) {
		if (entry->d_name[0] != '.')
			rc = read_entry(store, kind, dirfd(dir), entry->d_name);
	}
	return rc;
}

static int compare_bad(const void *a, const void *b)
{
	/* the message starts with the path */
	return strcmp(vfioap_error_get_message(*(struct vfioap_error *const *)a),
		      vfioap_error_get_message(*(struct vfioap_error *const *)b));
}

static void sort(struct table *table, int (*order)(const void *a, const void *b))
{
	if (table->count)
		qsort(table->elements, table->count, sizeof(*table->elements), order);
}

static bool is_gone(const struct vfioap_ctx *ctx, const char *uuid)
{
	char path[128];

	snprintf(path, sizeof(path), PATH_MATRIX "/%s", uuid);
	return !sysfs_exists(ctx, path);
}

/* Is the stored name of the same device next to number @i? */
static bool is_named_twice(const struct table *names, size_t i)
{
	const struct device_name *name = names->elements[i];
	const struct device_name *last = i ? names->elements[i - 1] : NULL;
	const struct device_name *next = i + 1 < names->count ? names->elements[i + 1] : NULL;

	return (last && !strcmp(last->uuid, name->uuid)) ||
	       (next && !strcmp(next->uuid, name->uuid));
}

/* Move the names that do not count, of the sorted ones, to the stale ones. */
static int set_stale_aside(struct store *store, const struct vfioap_ctx *ctx)
{
	struct table *names = &store->names;
	size_t i = 0;

	while (i < names->count) {
		struct device_name *name = names->elements[i];

		if (!name->running || !(is_named_twice(names, i) || is_gone(ctx, name->uuid))) {
			i++;
			continue;
		}
		if (append(&store->stale, name))
			return -ENOMEM;
		names->count--;
		memmove(names->elements + i, names->elements + i + 1,
			(names->count - i) * sizeof(*names->elements));
	}
	return 0;
}

int store_read(struct store *store, const struct vfioap_ctx *ctx)
{
	size_t i;
	int rc = 0;

	for (i = 0; !rc && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		rc = read_directory(store, ctx, &kinds[i]);
	sort(&store->definitions, compare);
	sort(&store->names, compare);
	sort(&store->bad, compare_bad);
	return rc ? rc : set_stale_aside(store, ctx);
}

size_t vfioap_host_get_num_definitions(const struct vfioap_host *host)
{
	return host->store.definitions.count;
}

const struct vfioap_definition *vfioap_host_get_definition(const struct vfioap_host *host,
							   size_t index)
{
	return index < host->store.definitions.count ? host->store.definitions.elements[index] : NULL;
}

const struct vfioap_definition *vfioap_host_find_definition(const struct vfioap_host *host,
							    const char *text)
{
	char uuid[VFIOAP_UUID_SIZE];

	return vfioap_uuid_parse(text, uuid, NULL) ? NULL : store_find(&host->store, uuid);
}

size_t vfioap_host_get_num_bad_files(const struct vfioap_host *host)
{
	return host->store.bad.count;
}

const struct vfioap_error *vfioap_host_get_bad_file(const struct vfioap_host *host, size_t index)
{
	return index < host->store.bad.count ? host->store.bad.elements[index] : NULL;
}

static const struct device_name *find_name(const struct vfioap_host *host, const char *text)
{
	char uuid[VFIOAP_UUID_SIZE];

	return vfioap_uuid_parse(text, uuid, NULL) ? NULL : store_find_name(&host->store, uuid);
}

const char *vfioap_host_get_name(const struct vfioap_host *host, const char *uuid)
{
	const struct device_name *name = find_name(host, uuid);

	return name ? name->name : NULL;
}

const char *vfioap_host_get_label(const struct vfioap_host *host, const char *uuid)
{
	const struct device_name *name = find_name(host, uuid);

	return name ? name->label : NULL;
}

const char *vfioap_host_find_name(const struct vfioap_host *host, const char *name)
{
	size_t i;

	for (i = 0; i < host->store.names.count; i++) {
		const struct device_name *entry = host->store.names.elements[i];

		if (entry->name && !strcmp(entry->name, name))
			return entry->uuid;
	}
	return NULL;
}
