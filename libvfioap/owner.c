// SPDX-License-Identifier: LGPL-2.1-or-later
#include "owner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind_names[] = {
	[VFIOAP_OWNER_HOST] = "host",	      [VFIOAP_OWNER_FREE] = "free",
	[VFIOAP_OWNER_DEVICE] = "device",     [VFIOAP_OWNER_GUEST] = "guest",
	[VFIOAP_OWNER_PROCESS] = "process",   [VFIOAP_OWNER_UNKNOWN] = "unknown",
};

const char *vfioap_owner_kind_name(enum vfioap_owner_kind kind)
{
	size_t index = (size_t)kind;

	if (index >= sizeof(kind_names) / sizeof(kind_names[0]))
		index = VFIOAP_OWNER_UNKNOWN;
	return kind_names[index];
}

/* True if there was nothing to copy, or it was copied. */
static bool copy_text(char **to, const char *from)
{
	*to = from ? strdup(from) : NULL;
	return *to || !from;
}

struct vfioap_owner *owner_new(enum vfioap_owner_kind kind, const char *uuid, const char *driver)
{
	_cleanup_owner_ struct vfioap_owner *owner = calloc(1, sizeof(*owner));
	struct vfioap_owner *result;

	if (!owner)
		return NULL;
	owner->kind = kind;
	owner->fd = -1;
	if (!copy_text(&owner->uuid, uuid) || !copy_text(&owner->driver, driver))
		return NULL;
	result = owner;
	owner = NULL;
	return result;
}

int owner_set_name(struct vfioap_owner *owner, const char *name)
{
	char *copy;

	if (!copy_text(&copy, name))
		return -ENOMEM;
	free(owner->name);
	owner->name = copy;
	return 0;
}

struct vfioap_owner *owner_copy(const struct vfioap_owner *owner)
{
	_cleanup_owner_ struct vfioap_owner *copy = owner_new(owner->kind, owner->uuid,
							      owner->driver);
	struct vfioap_owner *result;

	if (!copy)
		return NULL;
	copy->pid = owner->pid;
	copy->fd = owner->fd;
	if (!copy_text(&copy->name, owner->name) ||
	    !copy_text(&copy->process, owner->process) ||
	    !copy_text(&copy->guest, owner->guest) ||
	    !copy_text(&copy->guest_uuid, owner->guest_uuid))
		return NULL;
	result = copy;
	copy = NULL;
	return result;
}

void owner_free(struct vfioap_owner *owner)
{
	if (!owner)
		return;
	free(owner->uuid);
	free(owner->name);
	free(owner->driver);
	free(owner->process);
	free(owner->guest);
	free(owner->guest_uuid);
	free(owner);
}

void owner_describe(const struct vfioap_owner *owner, char text[OWNER_TEXT_SIZE])
{
	const char *process = owner->process ? owner->process : "";
	const char *comma = owner->process ? ", " : "";

	if (owner->kind == VFIOAP_OWNER_HOST)
		snprintf(text, OWNER_TEXT_SIZE, "the host");
	else if (owner->pid && owner->guest)
		snprintf(text, OWNER_TEXT_SIZE, "guest %s (%s%spid %d)", owner->guest, process,
			 comma, (int)owner->pid);
	else if (owner->pid)
		snprintf(text, OWNER_TEXT_SIZE, "process %d%s%s%s", (int)owner->pid,
			 owner->process ? " (" : "", process, owner->process ? ")" : "");
	else
		snprintf(text, OWNER_TEXT_SIZE, "a process that could not be found");
}

enum vfioap_owner_kind vfioap_owner_get_kind(const struct vfioap_owner *owner)
{
	return owner->kind;
}

const char *vfioap_owner_get_uuid(const struct vfioap_owner *owner)
{
	return owner->uuid;
}

const char *vfioap_owner_get_name(const struct vfioap_owner *owner)
{
	return owner->name;
}

const char *vfioap_owner_get_driver(const struct vfioap_owner *owner)
{
	return owner->driver;
}

pid_t vfioap_owner_get_pid(const struct vfioap_owner *owner)
{
	return owner->pid;
}

const char *vfioap_owner_get_process(const struct vfioap_owner *owner)
{
	return owner->process;
}

int vfioap_owner_get_fd(const struct vfioap_owner *owner)
{
	return owner->fd;
}

const char *vfioap_owner_get_guest(const struct vfioap_owner *owner)
{
	return owner->guest;
}

const char *vfioap_owner_get_guest_uuid(const struct vfioap_owner *owner)
{
	return owner->guest_uuid;
}
