/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef VFIOAP_CTX_H
#define VFIOAP_CTX_H

#include <time.h>

#include "vfioap.h"

/**
 * struct vfioap_ctx - what all functions share
 * @references: the last one frees it
 * @root_fd: the directory below which every file is opened
 * @real_root: it is /
 * @lock_timeout: in milliseconds
 */
struct vfioap_ctx {
	unsigned int references;
	int root_fd;
	bool real_root;
	unsigned int lock_timeout;
	enum vfioap_log_level log_level;
	vfioap_log_fn log;
	void *log_data;
	vfioap_progress_fn progress;
	void *progress_data;
};

void ctx_log(const struct vfioap_ctx *ctx, enum vfioap_log_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Tell of a step that takes no time. 0 or -ECANCELED. */
int ctx_step(const struct vfioap_ctx *ctx, const char *what, struct vfioap_error **error);

/**
 * struct wait - a bounded wait, with progress
 * @ctx: whose progress function is called
 * @what: for people
 * @timeout: in milliseconds
 */
struct wait {
	const struct vfioap_ctx *ctx;
	const char *what;
	unsigned int timeout;
	struct timespec start;
	unsigned int last_told;
	bool told;
};

void wait_start(struct wait *wait, const struct vfioap_ctx *ctx, const char *what,
		unsigned int timeout);

/*
 * How many milliseconds to wait next, at most @slice; 0 when the time is over;
 * -ECANCELED when the progress function says stop.
 */
int wait_next(struct wait *wait, unsigned int slice);
/* Sleep for that long: 0; -ETIMEDOUT; -ECANCELED; -EINTR if a signal came. */
int wait_pause(struct wait *wait, unsigned int slice);

#endif
