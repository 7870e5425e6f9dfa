// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "machine.h"

int machine_open(struct machine *machine, struct attachment *a, struct failure *failure)
{
	int ret;

	pthread_mutex_lock(&machine->lock);
	ret = attachment_open(a, machine->vm.fd, machine->vm.memory, failure);
	pthread_mutex_unlock(&machine->lock);
	return ret;
}

void machine_release(struct machine *machine, struct attachment *a)
{
	pthread_mutex_lock(&machine->lock);
	attachment_release(a);
	pthread_mutex_unlock(&machine->lock);
}

/*
 * VFIO frees what belongs to a container when the last device of its groups is removed, whoever is
 * in an ioctl of the container. An open device is not removed, and it is not released meanwhile.
 */
int machine_change_mappings(struct machine *machine, struct attachment *a, bool map,
			    struct failure *failure)
{
	int ret;

	pthread_mutex_lock(&machine->lock);
	if (a->device < 0) {
		errno = ENODEV;
		ret = fail(failure, map ? "map" : "unmap", "%s", a->uuid);
	} else if (map) {
		ret = a->ops->map(a, machine->vm.memory, failure);
	} else {
		ret = a->ops->unmap(a, failure);
	}
	pthread_mutex_unlock(&machine->lock);
	return ret;
}

static struct attachment *next_attachment(struct machine *machine)
{
	unsigned int n = machine->n_attachments;

	return n < MAX_ATTACHMENTS ? &machine->attachments[n] : NULL;
}

int machine_attach(struct machine *machine, const char *uuid, struct failure *failure)
{
	struct attachment *a = machine_attachment(machine, uuid);

	if (!a) {
		a = next_attachment(machine);
		if (!a) {
			errno = ENOSPC;
			return fail(failure, "attach", "%s", uuid);
		}
		if (attachment_init(a, uuid, machine->cdev, &machine->kvm_vfio, failure) ||
		    events_watch(machine, a, failure))
			return -1;
		a->silent = machine->no_events;
		machine->n_attachments++;
	}
	return machine_open(machine, a, failure);
}

struct attachment *machine_attachment(struct machine *machine, const char *uuid)
{
	unsigned int i;

	for (i = 0; i < machine->n_attachments; i++)
		if (!uuid || !strcmp(machine->attachments[i].uuid, uuid))
			return &machine->attachments[i];
	return NULL;
}
