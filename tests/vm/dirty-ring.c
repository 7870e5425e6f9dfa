// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dirty-ring: a VM whose dirty pages are logged in rings executes instructions that write guest
 * memory until its ring is full, harvests the ring, and executes one more.
 */
#include <err.h>
#include <errno.h>
#include <linux/kvm.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ap_wire.h"
#include "uapi/ap_guest_ioctl.h"
#include "vfio_machine.h"

#define MEMORY (1 << 20)
#define ENTRIES 256
#define RING (ENTRIES * sizeof(struct kvm_dirty_gfn))

static struct vfio_machine machine;
static int facility;

static void enable_ring(void)
{
	struct kvm_enable_cap cap = {.cap = KVM_CAP_DIRTY_LOG_RING, .args = {RING}};

	if (ioctl(machine.kvm, KVM_ENABLE_CAP, &cap))
		err(1, "KVM_CAP_DIRTY_LOG_RING");
}

static void log_dirty_pages(void *memory)
{
	struct kvm_userspace_memory_region region = {
		.flags = KVM_MEM_LOG_DIRTY_PAGES,
		.memory_size = MEMORY,
		.userspace_addr = (uintptr_t)memory,
	};

	if (ioctl(machine.kvm, KVM_SET_USER_MEMORY_REGION, &region))
		err(1, "KVM_MEM_LOG_DIRTY_PAGES");
}

static struct kvm_dirty_gfn *map_ring(int vcpu)
{
	void *ring = mmap(NULL, RING, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu,
			  KVM_DIRTY_LOG_PAGE_OFFSET * sysconf(_SC_PAGESIZE));

	if (ring == MAP_FAILED)
		err(1, "mmap of the ring");
	return ring;
}

/* PQAP(QCI) into page @n: 0 or an errno. */
static int execute_qci(unsigned int n)
{
	struct ap_guest_instruction qci = {
		.argsz = sizeof(qci),
		.op = AP_GUEST_OP_PQAP,
		.gr0 = (uint64_t)AP_FC_QCI << 24,
		.gr2 = n % 2 * 4096,
	};

	if (ioctl(facility, AP_GUEST_EXECUTE, &qci))
		return errno;
	return qci.outcome == AP_GUEST_DONE ? 0 : EPROTO;
}

/* How many were executed. */
static unsigned int execute_until_full(void)
{
	unsigned int n;
	int error;

	for (n = 0; n < 2 * ENTRIES; n++) {
		error = execute_qci(n);
		if (error == EBUSY)
			return n;
		if (error) {
			errno = error;
			err(1, "instruction %u", n);
		}
	}
	errx(1, "never full");
}

static void harvest(struct kvm_dirty_gfn *ring, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (!(ring[i].flags & KVM_DIRTY_GFN_F_DIRTY))
			errx(1, "page written by instruction %u is not in the ring", i);
		__atomic_store_n(&ring[i].flags, KVM_DIRTY_GFN_F_RESET, __ATOMIC_RELEASE);
	}
	if (ioctl(machine.kvm, KVM_RESET_DIRTY_RINGS) != (int)n)
		err(1, "KVM_RESET_DIRTY_RINGS");
}

int main(void)
{
	struct kvm_dirty_gfn *ring;
	int vcpu;

	vfio_kvm_open(&machine);
	enable_ring();
	log_dirty_pages(vfio_machine_memory(&machine, MEMORY));
	vcpu = ioctl(machine.kvm, KVM_CREATE_VCPU, 0);
	if (vcpu < 0)
		err(1, "KVM_CREATE_VCPU");
	ring = map_ring(vcpu);
	facility = vfio_machine_facility(&machine);
	if (facility < 0)
		errx(1, "no AP facility");
	harvest(ring, execute_until_full());
	if (execute_qci(0))
		errx(1, "not executed though there is room");
	printf("executed until full, and again after a harvest\n");
	return 0;
}
