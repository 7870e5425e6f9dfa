/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef VFIOAP_REMOVE_H
#define VFIOAP_REMOVE_H

#include "ctx.h"

/* Remove a device that was created a moment ago, if it was, and wait until it is gone. */
int remove_now(const struct vfioap_ctx *ctx, const char *uuid, struct vfioap_error **error);

#endif
