// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ctx.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "error.h"
#include "version.h"

#define DEFAULT_LOCK_TIMEOUT 10000
/* How often the progress function is called while waiting. */
#define PROGRESS_INTERVAL 250

const char *vfioap_get_version(void)
{
	return VFIOAP_VERSION;
}

static bool is_real_root(int fd)
{
	struct stat given, real;

	return !fstat(fd, &given) && !stat("/", &real) && given.st_dev == real.st_dev &&
	       given.st_ino == real.st_ino;
}

static void set_root(struct vfioap_ctx *ctx, int fd)
{
	if (ctx->root_fd >= 0)
		close(ctx->root_fd);
	ctx->root_fd = fd;
	ctx->real_root = is_real_root(fd);
}

int vfioap_ctx_new(struct vfioap_ctx **ctx, struct vfioap_error **error)
{
	struct vfioap_ctx *result = calloc(1, sizeof(*result));
	int rc;

	if (!result)
		return error_no_memory(error);
	result->references = 1;
	result->root_fd = -1;
	result->lock_timeout = DEFAULT_LOCK_TIMEOUT;
	rc = vfioap_ctx_set_root(result, "/", error);
	if (rc) {
		vfioap_ctx_unref(result);
		return rc;
	}
	*ctx = result;
	return 0;
}

struct vfioap_ctx *vfioap_ctx_ref(struct vfioap_ctx *ctx)
{
	ctx->references++;
	return ctx;
}

struct vfioap_ctx *vfioap_ctx_unref(struct vfioap_ctx *ctx)
{
	if (!ctx || --ctx->references)
		return NULL;
	if (ctx->root_fd >= 0)
		close(ctx->root_fd);
	free(ctx);
	return NULL;
}

static int root_failed(const char *path, int number, struct vfioap_error **error)
{
	int rc;

	if (number == ENOENT)
		rc = error_fail(error, VFIOAP_NOT_FOUND, number,
				"there is no root directory '%s'", path);
	else if (number == ENOTDIR)
		rc = error_fail(error, VFIOAP_INVALID, number,
				"the root '%s' is not a directory", path);
	else
		rc = error_from_errno(error, number, "cannot open the root directory '%s'", path);
	error_at(error, "open", path);
	return rc;
}

int vfioap_ctx_set_root(struct vfioap_ctx *ctx, const char *path, struct vfioap_error **error)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return root_failed(path, errno, error);
	set_root(ctx, fd);
	return 0;
}

int vfioap_ctx_set_root_fd(struct vfioap_ctx *ctx, int fd, struct vfioap_error **error)
{
	int own = openat(fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (own < 0)
		return error_from_errno(error, errno, "cannot use the root directory %d", fd);
	set_root(ctx, own);
	return 0;
}

void vfioap_ctx_set_log(struct vfioap_ctx *ctx, enum vfioap_log_level level, vfioap_log_fn log,
			void *data)
{
	ctx->log_level = level;
	ctx->log = log;
	ctx->log_data = data;
}

void vfioap_ctx_set_progress(struct vfioap_ctx *ctx, vfioap_progress_fn progress, void *data)
{
	ctx->progress = progress;
	ctx->progress_data = data;
}

void vfioap_ctx_set_lock_timeout(struct vfioap_ctx *ctx, unsigned int milliseconds)
{
	ctx->lock_timeout = milliseconds;
}

void ctx_log(const struct vfioap_ctx *ctx, enum vfioap_log_level level, const char *format, ...)
{
	_cleanup_text_ char *message = NULL;
	va_list arguments;

	if (!ctx->log || level > ctx->log_level)
		return;
	va_start(arguments, format);
	if (vasprintf(&message, format, arguments) < 0)
		message = NULL;
	va_end(arguments);
	if (message)
		ctx->log(level, message, ctx->log_data);
}

int ctx_step(const struct vfioap_ctx *ctx, const char *what, struct vfioap_error **error)
{
	if (ctx->progress && ctx->progress(what, 0, 0, ctx->progress_data))
		return error_fail(error, VFIOAP_FAILED, ECANCELED, "interrupted before: %s", what);
	return 0;
}

void wait_start(struct wait *wait, const struct vfioap_ctx *ctx, const char *what,
		unsigned int timeout)
{
	*wait = (struct wait){ .ctx = ctx, .what = what, .timeout = timeout };
	clock_gettime(CLOCK_MONOTONIC, &wait->start);
}

static unsigned int elapsed(const struct wait *wait)
{
	struct timespec now;
	long long ms;

	clock_gettime(CLOCK_MONOTONIC, &now);
	ms = (now.tv_sec - wait->start.tv_sec) * 1000LL +
	     (now.tv_nsec - wait->start.tv_nsec) / 1000000;
	return ms < 0 ? 0 : (unsigned int)ms;
}

int wait_next(struct wait *wait, unsigned int slice)
{
	const struct vfioap_ctx *ctx = wait->ctx;
	unsigned int now = elapsed(wait);

	if (now >= wait->timeout && wait->timeout != VFIOAP_FOREVER)
		return 0;
	if (ctx->progress && (!wait->told || now - wait->last_told >= PROGRESS_INTERVAL)) {
		wait->told = true;
		wait->last_told = now;
		if (ctx->progress(wait->what, now, wait->timeout, ctx->progress_data))
			return -ECANCELED;
	}
	return (int)(wait->timeout - now < slice ? wait->timeout - now : slice);
}

int wait_pause(struct wait *wait, unsigned int slice)
{
	int milliseconds = wait_next(wait, slice);
	struct timespec pause;

	if (milliseconds <= 0)
		return milliseconds ? milliseconds : -ETIMEDOUT;
	pause.tv_sec = milliseconds / 1000;
	pause.tv_nsec = milliseconds % 1000 * 1000000L;
	return nanosleep(&pause, NULL) ? -errno : 0;
}
