// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cleanup.h"

/* The longest text: 65,536 queues of eight characters. */
#define TEXT_MAX (1 << 20)
/* The kernel gives a page at a time, and less only at the end. */
#define CHUNK 4096
/* A text is read again when it changed under our eyes. */
#define STALE_RETRIES 8

/*
 * With RESOLVE_IN_ROOT a link in the tree cannot lead out of it. Old kernels and
 * qemu-user do not have openat2(2), and some sandboxes refuse it.
 */
int sysfs_open(const struct vfioap_ctx *ctx, const char *path, int flags)
{
	struct open_how how = {
		.flags = (unsigned int)(flags | O_CLOEXEC),
		.resolve = RESOLVE_IN_ROOT,
	};
	long fd;

	ctx_log(ctx, VFIOAP_LOG_DEBUG, "open %s", path);
	if (!ctx->real_root) {
		fd = syscall(SYS_openat2, ctx->root_fd, path, &how, sizeof(how));
		if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
			return fd >= 0 ? (int)fd : -errno;
	}
	fd = openat(ctx->root_fd, path + 1, flags | O_CLOEXEC);
	return fd >= 0 ? (int)fd : -errno;
}

static DIR *open_dir_fd(int fd)
{
	DIR *dir;

	if (fd < 0) {
		errno = -fd;
		return NULL;
	}
	dir = fdopendir(fd);
	if (!dir)
		close(fd);
	return dir;
}

DIR *sysfs_open_dir(const struct vfioap_ctx *ctx, const char *path)
{
	return open_dir_fd(sysfs_open(ctx, path, O_RDONLY | O_DIRECTORY));
}

int sysfs_open_at(int dir_fd, const char *name)
{
	int fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd >= 0 ? fd : -errno;
}

DIR *sysfs_open_dir_at(int dir_fd, const char *name)
{
	return open_dir_fd(sysfs_open_at(dir_fd, name));
}

bool sysfs_exists(const struct vfioap_ctx *ctx, const char *path)
{
	_cleanup_fd_ int fd = -1;
	struct stat stat;

	if (ctx->real_root)
		return !fstatat(ctx->root_fd, path + 1, &stat, 0);
	fd = sysfs_open(ctx, path, O_PATH);
	return fd >= 0;
}

static int open_attribute(int dir_fd, const char *name)
{
	int fd = openat(dir_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	return fd >= 0 ? fd : -errno;
}

static int read_line(int fd, char line[SYSFS_LINE_SIZE])
{
	ssize_t n;

	n = read(fd, line, SYSFS_LINE_SIZE);
	if (n < 0)
		return -errno;
	if (n == SYSFS_LINE_SIZE || memchr(line, '\0', (size_t)n))
		return -EIO;
	line[n] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return 0;
}

int sysfs_read_line(int dir_fd, const char *name, char line[SYSFS_LINE_SIZE])
{
	_cleanup_fd_ int fd = open_attribute(dir_fd, name);

	return fd < 0 ? fd : read_line(fd, line);
}

int sysfs_read_line_of(const struct vfioap_ctx *ctx, const char *path, char line[SYSFS_LINE_SIZE])
{
	_cleanup_fd_ int fd = sysfs_open(ctx, path, O_RDONLY | O_NONBLOCK);

	return fd < 0 ? fd : read_line(fd, line);
}

int sysfs_read_number(int dir_fd, const char *name, int *value)
{
	char line[SYSFS_LINE_SIZE];
	char *end;
	long number;
	int rc;

	rc = sysfs_read_line(dir_fd, name, line);
	if (rc)
		return rc;
	errno = 0;
	number = strtol(line, &end, 0);
	if (end == line || *end || errno || number != (int)number)
		return -EIO;
	*value = (int)number;
	return 0;
}

/* Read from the start to the end. A read that gets less than a page has seen the end. */
static int read_all(int fd, char **text)
{
	_cleanup_text_ char *buffer = NULL;
	size_t size = 0, used = 0;
	ssize_t n;

	do {
		if (size - used < CHUNK + 1) {
			char *larger;

			size = size ? size * 2 : 2 * CHUNK;
			if (size > 2 * TEXT_MAX)
				return -EIO;
			larger = realloc(buffer, size);
			if (!larger)
				return -ENOMEM;
			buffer = larger;
		}
		n = pread(fd, buffer + used, size - used - 1, (off_t)used);
		if (n < 0)
			return -errno;
		used += (size_t)n;
	} while (n >= CHUNK);
	buffer[used] = '\0';
	if (strlen(buffer) != used)
		return -EIO;
	*text = take_pointer(buffer);
	return 0;
}

int sysfs_read_text(int dir_fd, const char *name, char **text)
{
	_cleanup_fd_ int fd = open_attribute(dir_fd, name);
	int rc, tries;

	if (fd < 0)
		return fd;
	/* stale: the driver has dropped the state that the pages so far were from */
	for (tries = 0; tries < STALE_RETRIES; tries++) {
		rc = read_all(fd, text);
		if (rc != -ESTALE)
			return rc;
	}
	return rc;
}

int sysfs_read_link(int dir_fd, const char *name, char target[SYSFS_LINE_SIZE])
{
	char path[4096];
	const char *base;
	ssize_t n = readlinkat(dir_fd, name, path, sizeof(path) - 1);

	if (n < 0)
		return -errno;
	path[n] = '\0';
	base = strrchr(path, '/');
	base = base ? base + 1 : path;
	if (strlen(base) >= SYSFS_LINE_SIZE)
		return -EIO;
	strcpy(target, base);
	return 0;
}

int sysfs_write_and_read(const struct vfioap_ctx *ctx, const char *path, const char *data,
			 char **shown)
{
	_cleanup_fd_ int fd = sysfs_open(ctx, path, shown ? O_RDWR : O_WRONLY);
	size_t length = strlen(data);
	ssize_t n;

	ctx_log(ctx, VFIOAP_LOG_INFO, "write %s %.*s", path, (int)strcspn(data, "\n"), data);
	if (fd < 0)
		return fd;
	n = write(fd, data, length);
	if (n < 0)
		return -errno;
	if ((size_t)n != length)
		return -EIO;
	if (shown && read_all(fd, shown))
		*shown = NULL;
	return 0;
}

int sysfs_write(const struct vfioap_ctx *ctx, const char *path, const char *data)
{
	return sysfs_write_and_read(ctx, path, data, NULL);
}
