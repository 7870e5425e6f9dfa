/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A vCPU, its thread, and calls into the program that runs on it.
 */
#ifndef VMM_VCPU_H
#define VMM_VCPU_H

#include <pthread.h>
#include <stdint.h>

#include <linux/kvm.h>

#include "descriptor.h"
#include "facility.h"
#include "failure.h"
#include "guest/mailbox.h"

/**
 * struct vcpu - a vCPU
 * @id: its number
 * @fd: file descriptor
 * @run: shared with KVM
 * @run_size: size of that
 * @memory: guest memory
 * @facility: where its AP instructions go
 * @thread: runs the vCPU while there is a call
 * @caller: held during a call
 * @lock: for @state
 * @changed: @state changed
 * @state: what the thread has to do
 * @failure: why the guest cannot run any more
 */
struct vcpu {
	uint32_t id;
	descriptor fd;
	struct kvm_run *run;
	size_t run_size;
	uint8_t *memory;
	struct facility *facility;
	pthread_t thread;
	pthread_mutex_t caller;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	enum { VCPU_IDLE, VCPU_CALLED, VCPU_STOPPED } state;
	struct failure failure;
};

/* Create the vCPU @id of the VM @vm_fd and start its thread. @kvm is /dev/kvm. */
int vcpu_create(struct vcpu *vcpu, int kvm, int vm_fd, uint32_t id, struct failure *failure);

/* Let the guest's program do what @call says; @call is the result then. */
int vcpu_call(struct vcpu *vcpu, struct mailbox *call, struct failure *failure);

/* End the thread after its present call and close the vCPU. */
void vcpu_close(struct vcpu *vcpu);

#endif
