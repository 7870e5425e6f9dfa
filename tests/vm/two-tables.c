// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * two-tables UUID: a VMM of two processes that share their memory, but not their descriptors. One
 * executes an AP instruction while the other one closes the AP facility, of which each has a
 * descriptor.
 *
 * Waits for a line on standard input before the instruction, and before the close.
 */
#include <err.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "uapi/ap_guest_ioctl.h"
#include "vfio_machine.h"

static struct vfio_machine machine;
static int facility;

static int execute_tapq(void *unused)
{
	struct ap_guest_instruction tapq = {.argsz = sizeof(tapq), .op = AP_GUEST_OP_PQAP};

	(void)unused;
	return ioctl(facility, AP_GUEST_EXECUTE, &tapq) ? errno : 0;
}

int main(int argc, char **argv)
{
	static char stack[65536];
	int status;

	if (argc != 2)
		return 64;
	setvbuf(stdout, NULL, _IOLBF, 0);
	vfio_machine_open(&machine, argv[1]);
	vfio_machine_vcpus(&machine, 1);
	facility = vfio_machine_facility(&machine);
	if (facility < 0)
		errx(1, "no AP facility");
	printf("ready\n");
	getchar();
	if (clone(execute_tapq, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL) < 0)
		err(1, "clone");
	getchar();
	close(facility);
	printf("closed\n");
	wait(&status);
	printf("errno %d\n", WEXITSTATUS(status));
	vfio_machine_close(&machine);
	return 0;
}
