/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef VFIOAP_DEVICE_H
#define VFIOAP_DEVICE_H

#include "ctx.h"
#include "host.h"

/* All devices with their matrices, but without users. */
int devices_read(struct vfioap_host *host, const struct vfioap_ctx *ctx,
		 struct vfioap_error **error);

/* NULL if there is no memory. */
struct vfioap_device *device_new(const char *uuid);
struct vfioap_device *device_copy(const struct vfioap_device *device);
void device_free(struct vfioap_device *device);

/* Add to, and take out of, the sorted array; insert: -ENOMEM. */
int devices_insert(struct vfioap_host *host, struct vfioap_device *device);
void devices_remove(struct vfioap_host *host, struct vfioap_device *device);
struct vfioap_device *device_find(const struct vfioap_host *host, const char *uuid);

/* Add a user, whom the device then owns; -ENOMEM. */
int device_add_user(struct vfioap_device *device, struct vfioap_owner *user);

/* When all users are known: make the owner of the queues that the guest gets; -ENOMEM. */
int device_set_guest(struct vfioap_device *device);
/* By what name the device and those who have it go; NULL: none. 0 or -ENOMEM. */
int device_set_name(struct vfioap_device *device, const char *name);

/*
 * Only what a device has been assigned, for comparing it with what was written.
 * -ENOENT: it has no attributes.
 */
int device_read_matrix(const struct vfioap_ctx *ctx, const char *uuid,
		       struct vfioap_matrix *matrix);

/* Path of the device, or of a file in its directory; NULL if there is no memory. */
char *device_path(const char *uuid, const char *file);

#endif
