// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "vcpu.h"

/* How often a real AP bus polls for replies. */
#define PAUSE_US	250

#define CR0_PE		(1ULL << 0)
#define CR0_PG		(1ULL << 31)
#define CR4_PAE		(1ULL << 5)
#define EFER_LME	(1ULL << 8)
#define EFER_LMA	(1ULL << 10)
#define CODE_SEGMENT	0xb	/* execute, read, accessed */
#define DATA_SEGMENT	0x3	/* read, write, accessed */

static uint64_t area_of(const struct vcpu *vcpu)
{
	return GUEST_VCPUS + (uint64_t)vcpu->id * GUEST_VCPU_SIZE;
}

static struct mailbox *mailbox_of(const struct vcpu *vcpu)
{
	return (struct mailbox *)(vcpu->memory + area_of(vcpu));
}

static struct kvm_segment flat_segment(uint16_t selector, uint8_t type)
{
	return (struct kvm_segment){
		.limit = 0xffffffff,
		.selector = selector,
		.type = type,
		.present = 1,
		.s = 1,
		.g = 1,
		.l = type == CODE_SEGMENT,
		.db = type != CODE_SEGMENT,
	};
}

static int enter_long_mode(int fd, struct failure *failure)
{
	struct kvm_segment data = flat_segment(16, DATA_SEGMENT);
	struct kvm_sregs sregs;

	if (ioctl(fd, KVM_GET_SREGS, &sregs))
		return fail(failure, "KVM_GET_SREGS", "/dev/kvm");
	sregs.cs = flat_segment(8, CODE_SEGMENT);
	sregs.ds = data;
	sregs.es = data;
	sregs.fs = data;
	sregs.gs = data;
	sregs.ss = data;
	sregs.cr3 = GUEST_PAGE_TABLES;
	sregs.cr4 |= CR4_PAE;
	sregs.cr0 |= CR0_PE | CR0_PG;
	sregs.efer |= EFER_LME | EFER_LMA;
	if (ioctl(fd, KVM_SET_SREGS, &sregs))
		return fail(failure, "KVM_SET_SREGS", "/dev/kvm");
	return 0;
}

static int set_registers(struct vcpu *vcpu, int fd, struct failure *failure)
{
	struct kvm_regs regs = {
		.rip = GUEST_PROGRAM,
		.rflags = 2,
		.rsp = area_of(vcpu) + GUEST_VCPU_SIZE,
		.rdi = area_of(vcpu),
	};

	if (enter_long_mode(fd, failure))
		return -1;
	if (ioctl(fd, KVM_SET_REGS, &regs))
		return fail(failure, "KVM_SET_REGS", "/dev/kvm");
	return 0;
}

static int unexpected_exit(struct vcpu *vcpu)
{
	errno = EIO;
	return fail(&vcpu->failure, "KVM_RUN", "vCPU %u: exit reason %u", vcpu->id,
		    vcpu->run->exit_reason);
}

/* 1 if the guest is done with its command, 0 if it goes on, -1. */
static int handle_exit(struct vcpu *vcpu)
{
	if (vcpu->run->exit_reason != KVM_EXIT_IO)
		return unexpected_exit(vcpu);
	switch (vcpu->run->io.port) {
	case PORT_DONE:
		return 1;
	case PORT_AP:
		facility_execute(vcpu->facility, vcpu->id, &mailbox_of(vcpu)->ap);
		return 0;
	case PORT_PAUSE:
		usleep(PAUSE_US);
		return 0;
	default:
		return unexpected_exit(vcpu);
	}
}

/* EINTR is no error: the kernel may want the vCPU for a moment. */
static int run(struct vcpu *vcpu)
{
	int ret = 0;

	while (!ret) {
		if (!ioctl(vcpu->fd, KVM_RUN, 0))
			ret = handle_exit(vcpu);
		else if (errno != EINTR)
			ret = fail(&vcpu->failure, "KVM_RUN", "vCPU %u", vcpu->id);
	}
	return ret;
}

static void *thread(void *arg)
{
	struct vcpu *vcpu = arg;

	pthread_mutex_lock(&vcpu->lock);
	while (vcpu->state != VCPU_STOPPED) {
		if (vcpu->state == VCPU_CALLED) {
			pthread_mutex_unlock(&vcpu->lock);
			run(vcpu);
			pthread_mutex_lock(&vcpu->lock);
			vcpu->state = VCPU_IDLE;
			pthread_cond_broadcast(&vcpu->changed);
		} else {
			pthread_cond_wait(&vcpu->changed, &vcpu->lock);
		}
	}
	pthread_mutex_unlock(&vcpu->lock);
	return NULL;
}

/* Without the processor's features the guest may not enter long mode. */
static int set_features(int kvm, int fd, struct failure *failure)
{
	static struct {
		struct kvm_cpuid2 cpuid;
		struct kvm_cpuid_entry2 entries[100];
	} supported;

	supported.cpuid.nent = sizeof(supported.entries) / sizeof(supported.entries[0]);
	if (ioctl(kvm, KVM_GET_SUPPORTED_CPUID, &supported))
		return fail(failure, "KVM_GET_SUPPORTED_CPUID", "/dev/kvm");
	if (ioctl(fd, KVM_SET_CPUID2, &supported))
		return fail(failure, "KVM_SET_CPUID2", "/dev/kvm");
	return 0;
}

static int open_vcpu(struct vcpu *vcpu, int kvm, int vm_fd, struct failure *failure)
{
	int run_size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);

	if (run_size < 0)
		return fail(failure, "KVM_GET_VCPU_MMAP_SIZE", "/dev/kvm");
	vcpu->run_size = run_size;
	vcpu->fd = ioctl(vm_fd, KVM_CREATE_VCPU, vcpu->id);
	if (vcpu->fd < 0)
		return fail(failure, "KVM_CREATE_VCPU", "vCPU %u", vcpu->id);
	vcpu->run = mmap(NULL, run_size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED)
		return fail(failure, "mmap", "vCPU %u", vcpu->id);
	return 0;
}

int vcpu_create(struct vcpu *vcpu, int kvm, int vm_fd, uint32_t id, struct failure *failure)
{
	int error;

	vcpu->id = id;
	if (open_vcpu(vcpu, kvm, vm_fd, failure) || set_features(kvm, vcpu->fd, failure) ||
	    set_registers(vcpu, vcpu->fd, failure))
		return -1;
	pthread_mutex_init(&vcpu->caller, NULL);
	pthread_mutex_init(&vcpu->lock, NULL);
	pthread_cond_init(&vcpu->changed, NULL);
	error = pthread_create(&vcpu->thread, NULL, thread, vcpu);
	if (error) {
		errno = error;
		return fail(failure, "pthread_create", "vCPU %u", id);
	}
	return 0;
}

/* Let the thread run the guest until its command is done. False if the vCPU is closed. */
static bool run_command(struct vcpu *vcpu)
{
	bool alive;

	pthread_mutex_lock(&vcpu->lock);
	alive = vcpu->state == VCPU_IDLE;
	if (alive) {
		vcpu->state = VCPU_CALLED;
		pthread_cond_broadcast(&vcpu->changed);
		while (vcpu->state == VCPU_CALLED)
			pthread_cond_wait(&vcpu->changed, &vcpu->lock);
	}
	pthread_mutex_unlock(&vcpu->lock);
	return alive;
}

int vcpu_call(struct vcpu *vcpu, struct mailbox *call, struct failure *failure)
{
	bool alive;

	pthread_mutex_lock(&vcpu->caller);
	memcpy(mailbox_of(vcpu), call, sizeof(*call));
	vcpu->failure.error = 0;
	alive = run_command(vcpu);
	memcpy(call, mailbox_of(vcpu), sizeof(*call));
	*failure = vcpu->failure;
	pthread_mutex_unlock(&vcpu->caller);
	if (!alive) {
		errno = ESHUTDOWN;
		return fail(failure, "KVM_RUN", "vCPU %u is closed", vcpu->id);
	}
	if (failure->error)
		return -1;
	if (call->ap.error) {
		errno = call->ap.error;
		return fail(failure, "AP_GUEST_EXECUTE", "vCPU %u", vcpu->id);
	}
	return 0;
}

void vcpu_close(struct vcpu *vcpu)
{
	pthread_mutex_lock(&vcpu->caller);
	pthread_mutex_lock(&vcpu->lock);
	vcpu->state = VCPU_STOPPED;
	pthread_cond_broadcast(&vcpu->changed);
	pthread_mutex_unlock(&vcpu->lock);
	if (vcpu->fd >= 0) {
		pthread_join(vcpu->thread, NULL);
		munmap(vcpu->run, vcpu->run_size);
		descriptor_close(&vcpu->fd);
	}
	pthread_mutex_unlock(&vcpu->caller);
}
