// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * spinning-vcpus VCPUS ROUNDS: closes the AP facility while a thread for each vCPU does nothing but
 * call KVM_RUN, of a guest that does nothing but jump. Prints how many milliseconds the longest
 * close took.
 */
#include <err.h>
#include <errno.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "vfio_machine.h"

#define CODE 0x1000

/* jmp . */
static const unsigned char loop[] = {0xeb, 0xfe};

static struct vfio_machine machine;

static void *run(void *vcpu)
{
	while (ioctl((intptr_t)vcpu, KVM_RUN, 0) && errno == EINTR)
		;
	err(1, "KVM_RUN");
}

/* In real mode. */
static void start_vcpu(int id)
{
	struct kvm_regs regs = {.rip = CODE, .rflags = 2};
	int vcpu = ioctl(machine.kvm, KVM_CREATE_VCPU, id);
	struct kvm_sregs sregs;
	pthread_t thread;

	if (vcpu < 0)
		err(1, "KVM_CREATE_VCPU");
	if (ioctl(vcpu, KVM_GET_SREGS, &sregs))
		err(1, "KVM_GET_SREGS");
	sregs.cs.base = 0;
	sregs.cs.selector = 0;
	if (ioctl(vcpu, KVM_SET_SREGS, &sregs))
		err(1, "KVM_SET_SREGS");
	if (ioctl(vcpu, KVM_SET_REGS, &regs))
		err(1, "KVM_SET_REGS");
	if (pthread_create(&thread, NULL, run, (void *)(intptr_t)vcpu))
		errx(1, "no thread");
}

static long milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static long open_and_close(void)
{
	int facility = vfio_machine_facility(&machine);
	long begun;

	if (facility < 0)
		errx(1, "no AP facility: errno %d", -facility);
	begun = milliseconds();
	close(facility);
	return milliseconds() - begun;
}

int main(int argc, char **argv)
{
	long took, longest = 0;
	unsigned char *memory;
	int i;

	if (argc != 3)
		return 64;
	vfio_kvm_open(&machine);
	memory = vfio_machine_memory(&machine, 0x10000);
	memcpy(memory + CODE, loop, sizeof(loop));
	for (i = 0; i < atoi(argv[1]); i++)
		start_vcpu(i);
	for (i = 0; i < atoi(argv[2]); i++) {
		took = open_and_close();
		if (took > longest)
			longest = took;
	}
	printf("%ld\n", longest);
	return 0;
}
