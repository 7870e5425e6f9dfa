/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The virtual machine: memory with the guest's program in it, and vCPUs.
 */
#ifndef VMM_VM_H
#define VMM_VM_H

#include <stdbool.h>
#include <stdint.h>

#include "descriptor.h"
#include "facility.h"
#include "failure.h"
#include "missing_page.h"
#include "vcpu.h"

/**
 * struct vm - a KVM virtual machine
 * @fd: the VM
 * @memory: guest memory, GUEST_MEMORY bytes at guest address 0
 * @huge_pages: it is made of the huge pages that the host has reserved
 * @facility: its AP facility
 * @vcpus: vCPUs
 * @n_vcpus: how many
 * @missing: a page of its memory that is withheld
 */
struct vm {
	descriptor fd;
	uint8_t *memory;
	bool huge_pages;
	struct facility facility;
	struct vcpu vcpus[GUEST_MAX_VCPUS];
	unsigned int n_vcpus;
	struct missing_page missing;
};

/* Take the page at @address away: who wants it then waits until it is provided. */
int vm_withhold(struct vm *vm, uint64_t address, struct failure *failure);

/* Let the first page of the file @path be the page at @address. */
int vm_overlay(struct vm *vm, uint64_t address, const char *path, struct failure *failure);

int vm_create(struct vm *vm, unsigned int n_vcpus, struct failure *failure);

#endif
