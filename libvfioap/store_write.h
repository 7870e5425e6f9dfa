/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Changing what is stored. A file is replaced as a whole, or not at all, whenever the
 * power goes: written beside, in a directory that mdevctl does not look into, brought to
 * the disk, then renamed.
 */
#ifndef VFIOAP_STORE_WRITE_H
#define VFIOAP_STORE_WRITE_H

#include "ctx.h"

/*
 * Our own lock, beside the lock file of lock.h, which others may take for stale. If @create
 * is false and there is no directory to lock, *lock is set to -1: nobody can be writing.
 */
int store_lock(const struct vfioap_ctx *ctx, bool create, int *lock, struct vfioap_error **error);

/* What a file contains; *text NULL: there is no such file, or it cannot be kept. */
int store_load(const struct vfioap_ctx *ctx, const char *path, char **text);

/* @text NULL: delete it; one that is not there is fine. Read back afterwards. */
int store_save(const struct vfioap_ctx *ctx, const char *path, const char *text,
	       struct vfioap_error **error);

/* The same, to undo a store_save(), which may have failed: no need to write what is there. */
int store_restore(const struct vfioap_ctx *ctx, const char *path, const char *text,
		  struct vfioap_error **error);

#endif
