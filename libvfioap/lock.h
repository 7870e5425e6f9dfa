/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The lock file that chzdev, lszdev and mdevctl's ap-check use: /run/lock/s390apconfig.lock
 * holds the pid of its owner and a newline, and is made by link(2).
 *
 * What this code does that they do not: it waits only for as long as the context says,
 * and it does not believe a file that none of them can have made. /run/lock is writable
 * for everybody, so a file of another user than root would let anybody stop us.
 */
#ifndef VFIOAP_LOCK_H
#define VFIOAP_LOCK_H

#include "ctx.h"
#include "sysfs.h"

#define LOCK_NAME "s390apconfig.lock"
#define LOCK_PATH PATH_LOCK "/" LOCK_NAME

enum lock_state {
	LOCK_GONE,	/* nobody has it, or it was released meanwhile */
	LOCK_HELD,	/* by a living process */
	LOCK_STALE,	/* its owner is dead */
	LOCK_FORGED,	/* no lock at all */
};

struct lock;

/* 0; -ETIMEDOUT, -ECANCELED, -EINTR, or what the file system says. */
int lock_acquire(const struct vfioap_ctx *ctx, struct lock **lock, struct vfioap_error **error);

/* Only look. */
enum lock_state lock_inspect(const struct vfioap_ctx *ctx);

/* Accepts NULL. */
void lock_release(struct lock *lock);

#endif
