/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef VFIOAP_DRIVER_H
#define VFIOAP_DRIVER_H

#include "ctx.h"
#include "host.h"

/* Whether the driver is there, its features, and how many devices it can still make. */
int driver_read(struct vfioap_host *host, const struct vfioap_ctx *ctx,
		struct vfioap_error **error);

#endif
