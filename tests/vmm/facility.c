// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>

#include "facility.h"

#define DEVICE	"/dev/ap_guest"

int facility_init(struct facility *facility, struct failure *failure)
{
	int isc;

	facility->fd = -1;
	for (isc = 0; isc < ISCS; isc++) {
		facility->interrupts[isc] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		if (facility->interrupts[isc] < 0)
			return fail(failure, "eventfd", "interruption subclass %d", isc);
	}
	return 0;
}

static int read_id(struct facility *facility, int fd, struct failure *failure)
{
	char path[64], line[128];
	FILE *info;
	int found = 0;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	info = fopen(path, "re");
	if (!info)
		return fail(failure, "open", "%s", path);
	while (!found && fgets(line, sizeof(line), info))
		found = sscanf(line, "ap-facility: %" SCNu64, &facility->id) == 1;
	fclose(info);
	errno = ENODATA;
	return found ? 0 : fail(failure, "read ap-facility", "%s", path);
}

static int set_interrupts(struct facility *facility, int fd, struct failure *failure)
{
	int isc;

	for (isc = 0; isc < ISCS; isc++) {
		struct ap_guest_irq irq = {
			.argsz = sizeof(irq),
			.isc = isc,
			.fd = facility->interrupts[isc],
		};

		if (ioctl(fd, AP_GUEST_SET_IRQ, &irq))
			return fail(failure, "AP_GUEST_SET_IRQ", DEVICE);
	}
	return 0;
}

int facility_open(struct facility *facility, int vm_fd, struct failure *failure)
{
	struct ap_guest_create create = { .argsz = sizeof(create), .kvm_fd = vm_fd };
	_cleanup_close_ int device = open(DEVICE, O_RDWR | O_CLOEXEC);
	_cleanup_close_ int fd = -1;

	if (device < 0)
		return fail(failure, "open", DEVICE);
	fd = ioctl(device, AP_GUEST_CREATE, &create);
	if (fd < 0)
		return fail(failure, "AP_GUEST_CREATE", DEVICE);
	if (read_id(facility, fd, failure) || set_interrupts(facility, fd, failure))
		return -1;
	facility->fd = fd;
	fd = -1;
	return 0;
}

void facility_execute(struct facility *facility, uint32_t vcpu, struct ap_block *ap)
{
	struct ap_guest_instruction insn = {
		.argsz = sizeof(insn),
		.vcpu_id = vcpu,
		.op = ap->op,
		.gr0 = ap->gr0,
		.gr1 = ap->gr1,
		.gr2 = ap->gr2,
		.message = ap->message,
		.length = ap->length,
		.psmid = ap->psmid,
	};

	ap->error = 0;
	if (ioctl(facility->fd, AP_GUEST_EXECUTE, &insn)) {
		ap->error = errno;
		return;
	}
	ap->gr1 = insn.gr1;
	ap->gr2 = insn.gr2;
	ap->cc = insn.cc;
	ap->length = insn.length;
	ap->psmid = insn.psmid;
	ap->residue = insn.residue;
	ap->outcome = insn.outcome;
}

int facility_get_vcpu(struct facility *facility, struct ap_guest_vcpu *vcpu,
		      struct failure *failure)
{
	if (ioctl(facility->fd, AP_GUEST_GET_VCPU, vcpu))
		return fail(failure, "AP_GUEST_GET_VCPU", "vCPU %u", vcpu->vcpu_id);
	return 0;
}

int facility_set_vcpu(struct facility *facility, struct ap_guest_vcpu *vcpu,
		      struct failure *failure)
{
	if (ioctl(facility->fd, AP_GUEST_SET_VCPU, vcpu))
		return fail(failure, "AP_GUEST_SET_VCPU", "vCPU %u", vcpu->vcpu_id);
	return 0;
}

int facility_await(struct facility *facility, unsigned int isc, int seconds,
		   struct failure *failure)
{
	struct pollfd pollfd = { .fd = facility->interrupts[isc], .events = POLLIN };
	int ready = poll(&pollfd, 1, seconds * 1000);
	eventfd_t count;

	if (ready < 0)
		return fail(failure, "poll", "interruption subclass %u", isc);
	if (ready && eventfd_read(pollfd.fd, &count))
		return fail(failure, "read", "interruption subclass %u", isc);
	return ready;
}
