/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The virtual machine: memory with the guest's program in it, and vCPUs.
 */
#ifndef VMM_VM_H
#define VMM_VM_H

#include "descriptor.h"
#include "facility.h"
#include "failure.h"
#include "vcpu.h"

/**
 * struct vm - a KVM virtual machine
 * @fd: the VM
 * @memory: guest memory, GUEST_MEMORY bytes at guest address 0
 * @facility: its AP facility
 * @vcpus: vCPUs
 * @n_vcpus: how many
 */
struct vm {
	descriptor fd;
	uint8_t *memory;
	struct facility facility;
	struct vcpu vcpus[GUEST_MAX_VCPUS];
	unsigned int n_vcpus;
};

int vm_create(struct vm *vm, unsigned int n_vcpus, struct failure *failure);

#endif
