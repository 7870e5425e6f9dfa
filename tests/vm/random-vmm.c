// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * random-vmm group|cdev UUID SEED SECONDS ADAPTER DOMAIN: a VMM out of its mind. Its threads give
 * random ioctls to the VFIO device, to its container or iommufd, to KVM's VFIO device and to the
 * guest's AP facility, all at the same time, and execute random AP instructions: valid ones, nearly
 * valid ones, and noise. Opening and closing are among the operations.
 *
 * Prints how many operations there were, and how many instructions were accepted. Ends with
 * status 1 if a queue showed data of somebody else.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "ap_mask.h"
#include "ap_wire.h"
#include "uapi/ap_guest_ioctl.h"
#include "random_path.h"

#define MEMORY 0x20000
#define PAGE 0x1000
#define VCPUS 2
#define THREADS 4

static const struct random_path *path;
static const char *uuid;
static unsigned int adapter, domain;
static struct vfio_machine machine;
static _Atomic int device = -1, facility = -1;
static int ap_guest;
static void *memory;
static time_t end;
static atomic_ulong operations, accepted, residues;

/* One a thread. */
static _Thread_local unsigned int dice;

unsigned int below(unsigned int n)
{
	return rand_r(&dice) % n;
}

static bool seldom(void)
{
	return !below(16);
}

static uint64_t noise(void)
{
	return (uint64_t)rand_r(&dice) << 40 ^ (uint64_t)rand_r(&dice) << 20 ^ rand_r(&dice);
}

uint64_t mostly(uint64_t value)
{
	return seldom() ? noise() : value;
}

/* An address in the guest, its end and what is behind it included; seldom anywhere. */
static uint64_t address(void)
{
	return mostly(below(MEMORY / PAGE + 1) * PAGE + (below(2) ? below(PAGE) : 8));
}

/* --- the VFIO device --- */

static void open_device(void)
{
	int none = -1, fd = path->open(&machine, uuid);

	if (fd >= 0 && !atomic_compare_exchange_strong(&device, &none, fd))
		close(fd);
}

/* Another thread may be about to use the number, whatever it means by then. */
static void close_device(void)
{
	int fd = atomic_exchange(&device, -1);

	if (fd >= 0)
		close(fd);
}

static void set_irqs(void)
{
	struct {
		struct vfio_irq_set set;
		int32_t fd[2];
	} arg = {.set = {
			 .argsz = mostly(sizeof(arg.set) + 4),
			 .flags = mostly(VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER),
			 .index = mostly(below(2)),
			 .start = mostly(0),
			 .count = mostly(1),
		 }};
	int fd = eventfd(0, EFD_CLOEXEC);

	arg.fd[0] = below(3) ? fd : (int)mostly(-1);
	arg.fd[1] = fd;
	ioctl(device, VFIO_DEVICE_SET_IRQS, &arg);
	close(fd);
}

static void ask_device(void)
{
	struct vfio_device_info info = {.argsz = mostly(sizeof(info))};
	struct vfio_irq_info irq = {.argsz = mostly(sizeof(irq)), .index = mostly(below(3))};

	ioctl(device, VFIO_DEVICE_GET_INFO, &info);
	ioctl(device, VFIO_DEVICE_GET_IRQ_INFO, &irq);
}

static void reset_device(void)
{
	ioctl(device, VFIO_DEVICE_RESET, NULL);
}

static void any_ioctl(void)
{
	char argument[256];
	int fd = below(2) ? device : facility;
	unsigned int type = below(2) ? VFIO_TYPE : AP_GUEST_IOCTL;

	getrandom(argument, sizeof(argument), 0);
	ioctl(fd, _IOC(below(4), type, below(2) ? below(8) : VFIO_BASE + below(24), below(256)),
	      below(8) ? argument : (char *)(uintptr_t)noise());
}

/* --- the way to the device: container or iommufd, and KVM --- */

static void remap(void)
{
	path->unmap(&machine, MEMORY);
	path->map(&machine, memory, MEMORY);
}

static void change_path(void)
{
	path->change(&machine, device);
}

/* --- the guest --- */

static void open_facility(void)
{
	struct ap_guest_create create = {
		.argsz = mostly(sizeof(create)),
		.flags = mostly(0),
		.kvm_fd = mostly(machine.kvm),
	};
	int none = -1, fd = ioctl(ap_guest, AP_GUEST_CREATE, &create);

	if (fd >= 0 && !atomic_compare_exchange_strong(&facility, &none, fd))
		close(fd);
}

static void close_facility(void)
{
	int fd = atomic_exchange(&facility, -1);

	if (fd >= 0)
		close(fd);
}

static void set_facility_irq(void)
{
	int fd = eventfd(0, EFD_CLOEXEC);
	struct ap_guest_irq irq = {
		.argsz = mostly(sizeof(irq)),
		.isc = mostly(below(8)),
		.fd = below(3) ? fd : (int)mostly(-1),
		.reserved = mostly(0),
	};

	ioctl(facility, AP_GUEST_SET_IRQ, &irq);
	close(fd);
}

static void change_vcpu(void)
{
	struct ap_guest_vcpu vcpu = {
		.argsz = mostly(sizeof(vcpu)),
		.vcpu_id = mostly(below(VCPUS)),
		.flags = mostly(AP_GUEST_VCPU_AIV | AP_GUEST_VCPU_APIE),
		.reserved = mostly(0),
	};

	ioctl(facility, below(2) ? AP_GUEST_GET_VCPU : AP_GUEST_SET_VCPU, &vcpu);
}

static uint64_t function_code(void)
{
	static const unsigned char codes[] = {
		AP_FC_TAPQ, AP_FC_RAPQ, AP_FC_ZAPQ, AP_FC_AQIC, AP_FC_AQIC, AP_FC_AQIC, AP_FC_QCI,
	};

	return (uint64_t)(seldom() ? below(256) : codes[below(sizeof(codes))]) << AP_GR0_FC_SHIFT;
}

static void execute(void)
{
	struct ap_guest_instruction instruction = {
		.argsz = mostly(sizeof(instruction)),
		.flags = seldom() ? below(4) : 0,
		.vcpu_id = mostly(below(VCPUS)),
		.op = mostly(below(3)),
		.gr0 = mostly(adapter << 8 | (domain + below(2))),
		.gr1 = mostly(below(2) ? AP_GR1_IR | below(8) : below(8)),
		.gr2 = address(),
		.message = address(),
		.length = mostly(below(PAGE)),
		.psmid = noise(),
	};

	instruction.gr0 |= instruction.op == AP_GUEST_OP_PQAP ? function_code() : 0;
	if (ioctl(facility, AP_GUEST_EXECUTE, &instruction) || instruction.outcome != AP_GUEST_DONE)
		return;
	accepted += !instruction.cc;
	residues += !!instruction.residue;
}

/* Weighed by repetition. */
static void (*const ways[])(void) = {
	open_device,	  open_device, close_device, set_irqs,	    ask_device,	   reset_device,
	any_ioctl,	  remap,       change_path,  open_facility, open_facility, close_facility,
	set_facility_irq, change_vcpu,
};

static void *run(void *seed)
{
	dice = (uintptr_t)seed;
	while (time(NULL) < end) {
		if (below(4))
			execute();
		else
			ways[below(sizeof(ways) / sizeof(ways[0]))]();
		operations++;
	}
	return NULL;
}

static void prepare(void)
{
	path->prepare(&machine, uuid);
	ap_guest = open("/dev/ap_guest", O_RDWR | O_CLOEXEC);
	if (ap_guest < 0)
		err(1, "/dev/ap_guest");
	memory = vfio_machine_memory(&machine, MEMORY);
	vfio_machine_vcpus(&machine, VCPUS);
	path->map(&machine, memory, MEMORY);
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];
	uintptr_t i;

	if (argc != 7)
		return 64;
	path = strcmp(argv[1], "cdev") ? &random_group : &random_cdev;
	uuid = argv[2];
	adapter = strtoul(argv[5], NULL, 0);
	domain = strtoul(argv[6], NULL, 0);
	prepare();
	end = time(NULL) + strtoul(argv[4], NULL, 0);
	for (i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, run,
				   (void *)(strtoul(argv[3], NULL, 0) * THREADS + i)))
			errx(1, "no thread");
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	printf("%lu operations, %lu instructions accepted\n", operations, accepted);
	if (residues)
		errx(1, "%lu instructions found data of others", residues);
	return 0;
}
