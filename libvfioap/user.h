/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who uses a device. Found without opening the VFIO group: that would be a use.
 */
#ifndef VFIOAP_USER_H
#define VFIOAP_USER_H

#include "ctx.h"
#include "host.h"

/* Look at the open files of all processes, and add the users to the devices. */
int users_read(struct vfioap_host *host, const struct vfioap_ctx *ctx);

/*
 * Ask the status of one queue of each device that seems idle. Devices that are not
 * idle and have no user get one of kind unknown.
 */
int users_find_unseen(struct vfioap_host *host, const struct vfioap_ctx *ctx);

/* A process as an owner of this kind; NULL if there is no memory. */
struct vfioap_owner *user_of_process(const struct vfioap_ctx *ctx, enum vfioap_owner_kind kind,
				     pid_t pid);

#endif
