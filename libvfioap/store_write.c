// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store_write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "error.h"
#include "store.h"
#include "sysfs.h"

/* In each directory that we write to: only root may open it, so only root can lock it. */
#define WORKSHOP ".vfioap"
#define LOCK_PATH PATH_DEFINITIONS "/" WORKSHOP
/* How often a held lock is looked at, in milliseconds. */
#define INTERVAL 20

/* Open a directory, making those of its path that are missing. A descriptor or -errno. */
static int make_directory(const struct vfioap_ctx *ctx, const char *path)
{
	char parent[128];
	const char *slash = strrchr(path, '/');
	int parent_fd, fd;

	fd = sysfs_open(ctx, path, O_RDONLY | O_DIRECTORY);
	if (fd != -ENOENT)
		return fd;
	snprintf(parent, sizeof(parent), "%.*s%s", (int)(slash - path), path,
		 slash == path ? "/." : "");
	parent_fd = make_directory(ctx, parent);
	if (parent_fd < 0)
		return parent_fd;
	if (mkdirat(parent_fd, slash + 1, 0755) && errno != EEXIST)
		fd = -errno;
	else
		fd = fsync(parent_fd) ? -errno : 0;
	close(parent_fd);
	return fd ? fd : sysfs_open(ctx, path, O_RDONLY | O_DIRECTORY);
}

static int open_workshop(int dir_fd, bool create)
{
	int fd;

	if (create && mkdirat(dir_fd, WORKSHOP, 0700) && errno != EEXIST)
		return -errno;
	fd = openat(dir_fd, WORKSHOP, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int lock_failed(int number, struct vfioap_error **error)
{
	int rc = number == ETIMEDOUT ?
			 error_fail(error, VFIOAP_TIMEOUT, number,
				    "another vfioap program is changing the definitions (%s)",
				    LOCK_PATH) :
			 error_from_errno(error, number, "cannot lock the definitions (%s)",
					  LOCK_PATH);

	error_at(error, "lock", LOCK_PATH);
	return rc;
}

static int wait_for_flock(const struct vfioap_ctx *ctx, int fd)
{
	struct wait wait;
	int rc = 0;

	wait_start(&wait, ctx, "waiting for the lock of the definitions", ctx->lock_timeout);
	while (!rc && flock(fd, LOCK_EX | LOCK_NB))
		rc = errno == EWOULDBLOCK ? wait_pause(&wait, INTERVAL) : -errno;
	return rc;
}

int store_lock(const struct vfioap_ctx *ctx, bool create, int *lock, struct vfioap_error **error)
{
	_cleanup_fd_ int dir = create ? make_directory(ctx, PATH_DEFINITIONS) :
					sysfs_open(ctx, PATH_DEFINITIONS, O_RDONLY | O_DIRECTORY);
	int fd = dir < 0 ? dir : open_workshop(dir, create);
	int rc;

	*lock = -1;
	/* who cannot open it cannot write the definitions either, and is told when he tries */
	if (fd < 0)
		return create ? lock_failed(-fd, error) : 0;
	rc = wait_for_flock(ctx, fd);
	if (rc) {
		close(fd);
		return lock_failed(-rc, error);
	}
	*lock = fd;
	return 0;
}

/* The directory of @path, and the name in it. */
static int open_parent(const struct vfioap_ctx *ctx, const char *path, bool create,
		       const char **name)
{
	char parent[128];
	const char *slash = strrchr(path, '/');

	*name = slash + 1;
	snprintf(parent, sizeof(parent), "%.*s", (int)(slash - path), path);
	return create ? make_directory(ctx, parent) :
			sysfs_open(ctx, parent, O_RDONLY | O_DIRECTORY);
}

int store_load(const struct vfioap_ctx *ctx, const char *path, char **text)
{
	const char *name;
	_cleanup_fd_ int dir = open_parent(ctx, path, false, &name);
	size_t length;

	*text = NULL;
	return dir < 0 ? dir : store_read_file(dir, name, path, text, &length, NULL);
}

static int write_all(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left) {
		ssize_t n = write(fd, text, left);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			text += n;
			left -= (size_t)n;
		}
	}
	return 0;
}

/* Under the lock, what lies around here was left by somebody who was killed. */
static int write_beside(int workshop, const char *name, const char *text)
{
	int fd, rc;

	if (unlinkat(workshop, name, 0) && errno != ENOENT)
		return -errno;
	fd = openat(workshop, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	rc = write_all(fd, text);
	/* others may read it, whatever the umask */
	if (!rc && (fchmod(fd, 0644) || fsync(fd)))
		rc = -errno;
	/* a file system of a network may tell only now */
	if (close(fd) && !rc)
		rc = -errno;
	return rc;
}

static int replace_file(int dir, const char *name, const char *text)
{
	_cleanup_fd_ int workshop = open_workshop(dir, true);
	int rc;

	if (workshop < 0)
		return workshop;
	rc = write_beside(workshop, name, text);
	if (!rc && renameat(workshop, name, dir, name))
		rc = -errno;
	if (rc)
		unlinkat(workshop, name, 0);
	return rc;
}

static int delete_file(int dir, const char *name)
{
	return unlinkat(dir, name, 0) && errno != ENOENT ? -errno : 0;
}

/* Whether the file is as it should be; @text is NULL: not there. */
static bool shows(const struct vfioap_ctx *ctx, const char *path, const char *text)
{
	_cleanup_text_ char *shown = NULL;
	int rc = store_load(ctx, path, &shown);

	return text ? !rc && shown && !strcmp(shown, text) : rc == -ENOENT;
}

static int verify(const struct vfioap_ctx *ctx, const char *path, const char *text,
		  struct vfioap_error **error)
{
	if (shows(ctx, path, text))
		return 0;
	return error_fail(error, VFIOAP_IO, EIO, "%s was %s, but does not show it", path,
			  text ? "written" : "deleted");
}

int store_save(const struct vfioap_ctx *ctx, const char *path, const char *text,
	       struct vfioap_error **error)
{
	const char *name;
	_cleanup_fd_ int dir = open_parent(ctx, path, text, &name);
	int rc = dir;

	ctx_log(ctx, VFIOAP_LOG_INFO, "%s %s", text ? "write" : "delete", path);
	if (dir == -ENOENT && !text)
		return 0;
	if (dir >= 0)
		rc = text ? replace_file(dir, name, text) : delete_file(dir, name);
	if (!rc && fsync(dir))
		rc = -errno;
	if (rc < 0)
		return error_from_errno(error, -rc, "cannot %s %s", text ? "write" : "delete", path);
	return verify(ctx, path, text, error);
}

int store_restore(const struct vfioap_ctx *ctx, const char *path, const char *text,
		  struct vfioap_error **error)
{
	return shows(ctx, path, text) ? 0 : store_save(ctx, path, text, error);
}
