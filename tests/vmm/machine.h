/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All that the commands work on.
 */
#ifndef VMM_MACHINE_H
#define VMM_MACHINE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "attachment.h"
#include "descriptor.h"
#include "failure.h"
#include "vm.h"

#define MAX_ATTACHMENTS	4

/**
 * struct machine - the virtual machine and its devices
 * @name: of the guest
 * @vm: memory, vCPUs, AP facility
 * @kvm_vfio: the VM's VFIO device
 * @attachments: mediated devices
 * @n_attachments: how many
 * @cdev: attach without groups
 * @no_events: give the devices no eventfds
 * @release_on_request: let go of a device that the kernel asks for
 * @events: epoll descriptor of the devices' eventfds
 * @lock: for @n_attachments and for opening and releasing devices
 * @failed: a command failed
 */
struct machine {
	const char *name;
	struct vm vm;
	descriptor kvm_vfio;
	struct attachment attachments[MAX_ATTACHMENTS];
	atomic_uint n_attachments;
	bool cdev;
	bool no_events;
	bool release_on_request;
	int events;
	pthread_mutex_t lock;
	atomic_bool failed;
};

/* Add a mediated device and open it. */
int machine_attach(struct machine *machine, const char *uuid, struct failure *failure);

/* The device @uuid, the first one if @uuid is NULL; NULL if there is none. */
struct attachment *machine_attachment(struct machine *machine, const char *uuid);

/* Open what is closed of @a. */
int machine_open(struct machine *machine, struct attachment *a, struct failure *failure);
/* Let a device that is open reach guest memory, or take that back. */
int machine_change_mappings(struct machine *machine, struct attachment *a, bool map,
			    struct failure *failure);
/* Close all that @a has open. */
void machine_release(struct machine *machine, struct attachment *a);

/* events.c: what the kernel wants to tell, each in a thread's own time */
int events_start(struct machine *machine, struct failure *failure);
int events_watch(struct machine *machine, struct attachment *a, struct failure *failure);
/* How often the kernel told that the guest's queues changed, of all devices it ever had. */
uint64_t events_changes(struct machine *machine);

#endif
