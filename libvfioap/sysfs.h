/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files below the root directory. Paths start with a slash, which stands for
 * that directory. Functions return a negative errno when they fail.
 */
#ifndef VFIOAP_SYSFS_H
#define VFIOAP_SYSFS_H

#include <dirent.h>

#include "ctx.h"

/* Where things are. */
#define PATH_BUS "/sys/bus/ap"
#define PATH_CARDS "/sys/devices/ap"
#define PATH_MATRIX "/sys/devices/vfio_ap/matrix"
#define PATH_TYPE PATH_MATRIX "/mdev_supported_types/vfio_ap-passthrough"
#define PATH_MDEVS "/sys/bus/mdev/devices"
#define PATH_MODULES "/sys/module"
#define PATH_VFIO "/dev/vfio"
#define PATH_CDEVS "/dev/vfio/devices"
#define PATH_PROC "/proc"
#define PATH_LOCK "/run/lock"

/* Enough for one line of any attribute with one value. */
#define SYSFS_LINE_SIZE 256

/* A file descriptor. @flags as for open(2); O_CLOEXEC is added. */
int sysfs_open(const struct vfioap_ctx *ctx, const char *path, int flags);
/* A directory to read its entries; NULL with errno set. */
DIR *sysfs_open_dir(const struct vfioap_ctx *ctx, const char *path);
/* A directory in an open one, which must not be a link; also to read its entries. */
int sysfs_open_at(int dir_fd, const char *name);
DIR *sysfs_open_dir_at(int dir_fd, const char *name);
bool sysfs_exists(const struct vfioap_ctx *ctx, const char *path);

/*
 * Attributes of an open directory: one line without the newline (-EIO if it is
 * longer than that, or has a null byte); a number, any base; the whole text, which the
 * caller frees.
 */
int sysfs_read_line(int dir_fd, const char *name, char line[SYSFS_LINE_SIZE]);
int sysfs_read_number(int dir_fd, const char *name, int *value);
int sysfs_read_text(int dir_fd, const char *name, char **text);

/* A line of the file with this path. */
int sysfs_read_line_of(const struct vfioap_ctx *ctx, const char *path, char line[SYSFS_LINE_SIZE]);

/* The last part of where a link leads to. */
int sysfs_read_link(int dir_fd, const char *name, char target[SYSFS_LINE_SIZE]);

/* One open, one write(2) of all of @data. */
int sysfs_write(const struct vfioap_ctx *ctx, const char *path, const char *data);

/*
 * The same, and then read by the same open file what it shows, which the caller frees. 0 if
 * it was written, also if it cannot be read: then *@shown is NULL.
 */
int sysfs_write_and_read(const struct vfioap_ctx *ctx, const char *path, const char *data,
			 char **shown);

#endif
