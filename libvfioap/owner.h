/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef VFIOAP_OWNER_H
#define VFIOAP_OWNER_H

#include "vfioap.h"

struct vfioap_owner {
	enum vfioap_owner_kind kind;
	char *uuid;
	char *name;
	char *driver;
	pid_t pid;
	int fd;
	char *process;
	char *guest;
	char *guest_uuid;
};

/* Tell by what name the device goes; NULL: none. 0 or -ENOMEM. */
int owner_set_name(struct vfioap_owner *owner, const char *name);

/* NULL if there is no memory. @uuid and @driver are copied and may be NULL. */
struct vfioap_owner *owner_new(enum vfioap_owner_kind kind, const char *uuid, const char *driver);
struct vfioap_owner *owner_copy(const struct vfioap_owner *owner);
void owner_free(struct vfioap_owner *owner);

static inline void owner_freep(struct vfioap_owner **owner)
{
	owner_free(*owner);
}
#define _cleanup_owner_ __attribute__((cleanup(owner_freep)))

/* Enough for any text of owner_describe(); longer names are cut. */
#define OWNER_TEXT_SIZE 256

/* "guest web1 (qemu-system-s39, pid 4711)", "process 4711 (chzdev)", "a process not seen" */
void owner_describe(const struct vfioap_owner *owner, char text[OWNER_TEXT_SIZE]);

#endif
