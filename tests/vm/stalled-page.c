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
#include <linux/vfio.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "missing_page.h"
#include "vfio_machine.h"

#define PAGE	4096

/* How long it may take until the kernel wants the page. */
#define FAULT_SECONDS	60

static struct vfio_machine machine;
static void *page;

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

int main(int argc, char **argv)
{
	struct missing_page missing;
	pthread_t thread;
	size_t i;

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
	if (missing_page_make(&missing, page))
		err(1, "userfaultfd");
	if (pthread_create(&thread, NULL, stall, &ways[i].run))
		errx(1, "no thread");
	if (!missing_page_is_wanted(&missing, FAULT_SECONDS))
		errx(1, "no page fault");
	puts("stalled");
	fflush(stdout);
	getchar();
	if (missing_page_provide(&missing))
		err(1, "UFFDIO_ZEROPAGE");
	pthread_join(thread, NULL);
	vfio_machine_close(&machine);
	return 0;
}
