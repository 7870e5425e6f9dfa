// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stalled-page info|irqs UUID: a VMM whose memory makes the kernel wait, for as long as
 * it likes.  The page is missing and handled by userfaultfd: as argument of
 * VFIO_DEVICE_GET_INFO or SET_IRQS.
 *
 * Prints "stalled" when the kernel waits for the page, and provides it after a line on
 * standard input; then prints the result.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <linux/vfio.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vfio_machine.h"

#define PAGE	4096

static struct vfio_machine machine;
static void *page;

static int handle_faults_of(void *area)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = {
		.range = { .start = (uintptr_t)area, .len = PAGE },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);

	if (fd < 0)
		err(77, "userfaultfd");
	if (ioctl(fd, UFFDIO_API, &api) || ioctl(fd, UFFDIO_REGISTER, &reg))
		err(1, "UFFDIO_REGISTER");
	return fd;
}

static void get_info(void)
{
	if (ioctl(machine.device, VFIO_DEVICE_GET_INFO, page))
		printf("errno %d\n", errno);
	else
		printf("done\n");
}

static void set_irqs(void)
{
	if (ioctl(machine.device, VFIO_DEVICE_SET_IRQS, page))
		printf("errno %d\n", errno);
	else
		printf("done\n");
}

static struct {
	const char *name;
	void (*run)(void);
} ways[] = {
	{ "info", get_info },
	{ "irqs", set_irqs },
};

static void *stall(void *way)
{
	void (*run)(void) = *(void (**)(void))way;

	run();
	fflush(stdout);
	return NULL;
}

static void wait_for_fault(int uffd)
{
	struct uffd_msg msg;

	if (read(uffd, &msg, sizeof(msg)) != sizeof(msg) || msg.event != UFFD_EVENT_PAGEFAULT)
		errx(1, "no page fault");
	puts("stalled");
	fflush(stdout);
}

static void provide_page(int uffd)
{
	struct uffdio_zeropage zero = {
		.range = { .start = (uintptr_t)page, .len = PAGE },
	};

	if (ioctl(uffd, UFFDIO_ZEROPAGE, &zero))
		err(1, "UFFDIO_ZEROPAGE");
}

int main(int argc, char **argv)
{
	pthread_t thread;
	size_t i;
	int uffd;

	if (argc != 3)
		return 64;
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]) && strcmp(argv[1], ways[i].name); i++)
		;
	if (i == sizeof(ways) / sizeof(ways[0]))
		return 64;

	vfio_machine_open(&machine, argv[2]);
	if (vfio_machine_attach(&machine, argv[2]))
		errx(1, "the device cannot be opened");
	page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uffd = handle_faults_of(page);
	if (pthread_create(&thread, NULL, stall, &ways[i].run))
		errx(1, "no thread");
	wait_for_fault(uffd);
	getchar();
	provide_page(uffd);
	pthread_join(thread, NULL);
	vfio_machine_close(&machine);
	return 0;
}
