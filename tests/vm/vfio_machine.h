/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A virtual machine that owns a mediated device: as much of a VMM as the device's file descriptor
 * needs, and more on request.
 */
#ifndef VFIO_MACHINE_H
#define VFIO_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vfio_machine {
	int container;
	int group;
	int kvm;
	int kvm_vfio;
	int device;
};

/*
 * Open the group of the mediated device @uuid and tell KVM about it. Exits with a
 * message if that fails. The device itself is not opened.
 */
void vfio_machine_open(struct vfio_machine *m, const char *uuid);

/* The same with the container of @other, whose group is in it: both see the same memory. */
void vfio_machine_open_beside(struct vfio_machine *m, const char *uuid,
			      const struct vfio_machine *other);

/* Open the device: 0 or a negative errno. */
int vfio_machine_attach(struct vfio_machine *m, const char *uuid);

/* Open the group and nothing else: a descriptor or a negative errno. */
int vfio_group_only(const char *uuid);

/* Make a VM, and its VFIO device. Exits with a message if that fails. */
void vfio_kvm_open(struct vfio_machine *m);

/* Tell KVM that the group or device @fd belongs to the VM, or no longer does: 0 or a negative
 * errno. */
int vfio_kvm_set(struct vfio_machine *m, bool add, int fd);

/* Open and configure the container and the group without a KVM. */
void vfio_group_open(struct vfio_machine *m, const char *uuid);

/*
 * Map the guest's memory, from its address 0 on, for the container, or take the mapping away: 0 or
 * a negative errno.
 */
int vfio_machine_map(struct vfio_machine *m, void *memory, size_t size);
int vfio_machine_unmap(struct vfio_machine *m, size_t size);

/* Give the VM memory, from its address 0 on, or @n vCPUs. Exits with a message if that fails. */
void *vfio_machine_memory(struct vfio_machine *m, size_t size);
void vfio_machine_vcpus(struct vfio_machine *m, unsigned int n);

/* Open the VM's AP facility: a descriptor or a negative errno. */
int vfio_machine_facility(struct vfio_machine *m);

/*
 * Execute PQAP(AQIC) with the VM's AP facility: enable the interrupt of a queue, with this address
 * of its notification byte. Returns the response code, or exits with a message.
 */
unsigned int vfio_machine_enable_interrupt(int facility, unsigned int apqn, uint64_t nib);

void vfio_machine_close(struct vfio_machine *m);

#endif
