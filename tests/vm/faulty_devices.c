// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A mediated device in the hands of a VMM with one vCPU.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ap_mask.h"
#include "ap_wire.h"
#include "faulty.h"
#include "uapi/ap_guest_ioctl.h"
#include "vfio_machine.h"

#define MEMORY 0x10000
#define NIB 0x3008
#define ISC 3

/* The index by which the device tells that the guest's masks changed. */
#define CFG_CHG 1

/* How long that may take. */
#define SIGNAL_MS 10000

/* Of each descriptor there is one, so operations need no other state. */
static struct vfio_machine machine;
static int facility = -1;
static int eventfds[2];
static void *memory;

static void must(int ret, const char *what)
{
	if (ret < 0)
		err(1, "%s", what);
}

static int result(int ret)
{
	return ret < 0 ? -errno : 0;
}

/* --- open and close --- */

static void prepare_machine(char **args)
{
	vfio_machine_open(&machine, args[0]);
}

static int run_open(char **args)
{
	return vfio_machine_attach(&machine, args[0]);
}

static void close_device(char **args)
{
	(void)args;
	must(close(machine.device), "close the device");
	machine.device = -1;
}

static void must_attach(char **args)
{
	errno = -vfio_machine_attach(&machine, args[0]);
	if (errno)
		err(1, "open the device");
}

static void prepare_attached(char **args)
{
	prepare_machine(args);
	must_attach(args);
}

/* A close cannot fail. */
static int run_close(char **args)
{
	close_device(args);
	return 0;
}

/* --- the AP facility of the guest --- */

static int run_facility(char **args)
{
	(void)args;
	facility = vfio_machine_facility(&machine);
	return facility < 0 ? facility : 0;
}

static void undo_facility(char **args)
{
	(void)args;
	must(close(facility), "close the facility");
}

/* --- ioctls --- */

static int set_eventfd(uint32_t index, int32_t fd)
{
	struct {
		struct vfio_irq_set set;
		int32_t fd;
	} arg = {
		.set =
			{
				.argsz = sizeof(arg),
				.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
				.index = index,
				.count = 1,
			},
		.fd = fd,
	};

	return result(ioctl(machine.device, VFIO_DEVICE_SET_IRQS, &arg));
}

static void prepare_eventfds(char **args)
{
	int i;

	prepare_attached(args);
	errno = -run_facility(args);
	must(errno ? -1 : 0, "AP_GUEST_CREATE");
	for (i = 0; i < 2; i++) {
		eventfds[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		must(eventfds[i], "eventfd");
	}
}

/* The second one replaces the first one. */
static int run_eventfds(char **args)
{
	int ret = set_eventfd(CFG_CHG, eventfds[0]);

	(void)args;
	return ret ? ret : set_eventfd(CFG_CHG, eventfds[1]);
}

/* The guest's masks change, of which the device tells. */
static void change_masks(const char *uuid, const char *file)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/%s", uuid, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	must(fd, path);
	must(write(fd, "5", 1), path);
	close(fd);
}

static void confirm_eventfds(char **args)
{
	struct pollfd signalled = {.fd = eventfds[1], .events = POLLIN};
	eventfd_t count;

	change_masks(args[0], "assign_control_domain");
	if (poll(&signalled, 1, SIGNAL_MS) != 1)
		errx(1, "the eventfd that was set is not signalled");
	change_masks(args[0], "unassign_control_domain");
	must(eventfd_read(eventfds[1], &count), "read the eventfd");
	if (!eventfd_read(eventfds[0], &count))
		errx(1, "the eventfd that was replaced is signalled");
}

static void undo_eventfds(char **args)
{
	(void)args;
	must(set_eventfd(CFG_CHG, -1), "VFIO_DEVICE_SET_IRQS");
}

static int run_ioctls(char **args)
{
	struct vfio_device_info info = {.argsz = sizeof(info)};
	struct vfio_irq_info irq = {.argsz = sizeof(irq)};

	(void)args;
	if (ioctl(machine.device, VFIO_DEVICE_GET_INFO, &info) ||
	    ioctl(machine.device, VFIO_DEVICE_GET_IRQ_INFO, &irq) ||
	    ioctl(machine.device, VFIO_DEVICE_RESET))
		return -errno;
	if (info.num_irqs != 2 || irq.count != 1)
		errx(1, "%u interrupts, the first one with %u eventfds", info.num_irqs, irq.count);
	return 0;
}

/* --- the guest --- */

static void map(void)
{
	errno = -vfio_machine_map(&machine, memory, MEMORY);
	if (errno)
		err(1, "VFIO_IOMMU_MAP_DMA");
}

static void prepare_guest(char **args)
{
	prepare_attached(args);
	memory = vfio_machine_memory(&machine, MEMORY);
	vfio_machine_vcpus(&machine, 1);
	errno = -run_facility(args);
	must(errno ? -1 : 0, "AP_GUEST_CREATE");
	map();
}

/* A negative errno, or the status word. */
static int64_t pqap(const char *apqn, uint64_t function, uint64_t gr1)
{
	struct ap_guest_instruction insn = {
		.argsz = sizeof(insn),
		.op = AP_GUEST_OP_PQAP,
		.gr0 = function << AP_GR0_FC_SHIFT | strtoul(apqn, NULL, 16),
		.gr1 = gr1,
		.gr2 = function == AP_FC_AQIC ? NIB : 0,
	};

	if (ioctl(facility, AP_GUEST_EXECUTE, &insn))
		return -errno;
	return (uint32_t)insn.gr1;
}

/* A guest is told a response code: 05 (try again) and 06 (not this address) are how a fault looks.
 */
static int run_aqic(char **args)
{
	int64_t status = pqap(args[1], AP_FC_AQIC, AP_GR1_IR | ISC);

	if (status < 0)
		return status;
	switch (AP_STATUS_RC(status)) {
	case AP_RC_NORMAL:
		return 0;
	case AP_RC_BUSY:
		return -EBUSY;
	case AP_RC_INVALID_ADDRESS:
		return -EFAULT;
	default:
		errx(1, "response code %02x of AQIC", AP_STATUS_RC(status));
	}
}

/* Of this process: VFIO counts pages that it has pinned. In kB. */
static long locked_memory(void)
{
	char status[4096], *line;
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	ssize_t n;

	must(fd, "/proc/self/status");
	n = read(fd, status, sizeof(status) - 1);
	must(n, "/proc/self/status");
	close(fd);
	status[n] = 0;
	line = strstr(status, "VmLck:");
	if (!line)
		errx(1, "/proc/self/status has no VmLck");
	return strtol(line + strlen("VmLck:"), NULL, 10);
}

static bool is_disabled(const char *apqn)
{
	int64_t status = pqap(apqn, AP_FC_TAPQ, 0);

	if (status < 0)
		errx(1, "TAPQ");
	return AP_STATUS_RC(status) == AP_RC_NORMAL && !(status & AP_STATUS_IRQ_ENABLED);
}

static void await_disabled(const char *apqn)
{
	while (!is_disabled(apqn))
		;
}

/*
 * If the fault hit the answer of an instruction that was executed, the page is in use, and no
 * more when it is unmapped. Otherwise it must have been given back.
 */
static void verify_unpinned(char **args)
{
	bool executed = !is_disabled(args[1]);
	long before = locked_memory(), pinned;

	errno = -vfio_machine_unmap(&machine, MEMORY);
	if (errno)
		err(1, "VFIO_IOMMU_UNMAP_DMA");
	pinned = before - locked_memory();
	if (pinned && !executed)
		errx(1, "%ld kB stayed pinned after a failure", pinned);
	map();
	await_disabled(args[1]);
}

static void undo_aqic(char **args)
{
	int64_t status = pqap(args[1], AP_FC_AQIC, 0);

	if (status < 0 || AP_STATUS_RC(status) != AP_RC_NORMAL)
		errx(1, "AQIC to disable the interrupt: %lld", (long long)status);
	await_disabled(args[1]);
}

static void prepare_unmap(char **args)
{
	prepare_guest(args);
	if (run_aqic(args))
		errx(1, "AQIC");
}

static int run_unmap(char **args)
{
	(void)args;
	return vfio_machine_unmap(&machine, MEMORY);
}

static void undo_unmap(char **args)
{
	map();
	await_disabled(args[1]);
	if (run_aqic(args))
		errx(1, "AQIC");
}

const struct operation device_operations[] = {
	{"open-device", "UUID", 1, 1, prepare_machine, run_open, NULL, close_device, NULL},
	{"close-device", "UUID", 1, 1, prepare_attached, run_close, NULL, must_attach, NULL},
	{"set-eventfds", "UUID", 1, 1, prepare_eventfds, run_eventfds, confirm_eventfds,
	 undo_eventfds, NULL},
	{"ioctls", "UUID", 1, 1, prepare_attached, run_ioctls, NULL, NULL, NULL},
	{"facility", "UUID", 1, 1, prepare_attached, run_facility, NULL, undo_facility, NULL},
	{"aqic", "UUID APQN", 2, 2, prepare_guest, run_aqic, NULL, undo_aqic, verify_unpinned},
	{"unmap", "UUID APQN", 2, 2, prepare_unmap, run_unmap, NULL, undo_unmap, NULL},
	{},
};
