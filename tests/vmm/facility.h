/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's AP facility: the only way to execute AP instructions on x86-64.
 */
#ifndef VMM_FACILITY_H
#define VMM_FACILITY_H

#include <stdbool.h>
#include <stdint.h>

#include "descriptor.h"
#include "failure.h"
#include "guest/mailbox.h"
#include "uapi/ap_guest_ioctl.h"

#define ISCS	8

/**
 * struct facility - the AP facility of a VM
 * @fd: the facility
 * @id: its number in the instruction log and in debugfs
 * @interrupts: eventfds, one for each interruption subclass
 */
struct facility {
	descriptor fd;
	uint64_t id;
	int interrupts[ISCS];
};

int facility_init(struct facility *facility, struct failure *failure);

/* Make the facility of the VM @vm_fd. */
int facility_open(struct facility *facility, int vm_fd, struct failure *failure);

/* Execute the instruction in @ap as the vCPU @vcpu; outcome or error is set in it. */
void facility_execute(struct facility *facility, uint32_t vcpu, struct ap_block *ap);

/* Read or write the vCPU's part of the facility. */
int facility_get_vcpu(struct facility *facility, struct ap_guest_vcpu *vcpu,
		      struct failure *failure);
int facility_set_vcpu(struct facility *facility, struct ap_guest_vcpu *vcpu,
		      struct failure *failure);

/* Wait for an interrupt: 1, 0 after @seconds without, -1. */
int facility_await(struct facility *facility, unsigned int isc, int seconds,
		   struct failure *failure);

#endif
