// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * shared-container UUID APQN UUID APQN: two virtual machines with one container, in which memory is
 * mapped. Each has its queue; the first one's device is open.
 *
 * Prints "ready" and takes one command per line of standard input, until its end:
 *   open    open the second one's device, in a thread of its own; prints "opened"
 *   aqic N  guest 0 or 1 enables the interrupt of its queue; prints "N rc RC"
 *   unmap   take the mapping away, in a thread of its own; prints "unmapped"
 *   map     map the memory again
 */
#include <err.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vfio_machine.h"

#define MEMORY	0x10000
#define NIB	0x1000

static struct guest {
	const char *uuid;
	unsigned int apqn;
	struct vfio_machine machine;
	int facility;
	void *memory;
} guests[2];

static pthread_t threads[16];
static unsigned int n_threads;

static void *open_second(void *unused)
{
	int ret = vfio_machine_attach(&guests[1].machine, guests[1].uuid);

	(void)unused;
	if (ret)
		errx(1, "%s: errno %d", guests[1].uuid, -ret);
	printf("opened\n");
	return NULL;
}

static void *unmap(void *unused)
{
	(void)unused;
	if (vfio_machine_unmap(&guests[0].machine, MEMORY))
		errx(1, "VFIO_IOMMU_UNMAP_DMA");
	printf("unmapped\n");
	return NULL;
}

static void map(void)
{
	if (vfio_machine_map(&guests[0].machine, guests[0].memory, MEMORY))
		errx(1, "VFIO_IOMMU_MAP_DMA");
}

static void start(void *(*run)(void *))
{
	if (n_threads == sizeof(threads) / sizeof(threads[0]) ||
	    pthread_create(&threads[n_threads], NULL, run, NULL))
		errx(1, "no thread");
	n_threads++;
}

static void execute(char *line)
{
	unsigned int n;

	if (sscanf(line, "aqic %u", &n) == 1 && n < 2)
		printf("%u rc %02x\n", n,
		       vfio_machine_enable_interrupt(guests[n].facility, guests[n].apqn, NIB));
	else if (!strcmp(line, "open\n"))
		start(open_second);
	else if (!strcmp(line, "unmap\n"))
		start(unmap);
	else if (!strcmp(line, "map\n"))
		map();
	else
		errx(1, "%s: no command", line);
}

static void make_guest(struct guest *g)
{
	g->memory = vfio_machine_memory(&g->machine, MEMORY);
	vfio_machine_vcpus(&g->machine, 1);
	g->facility = vfio_machine_facility(&g->machine);
	if (g->facility < 0)
		errx(1, "no AP facility");
}

int main(int argc, char **argv)
{
	char line[80];
	unsigned int i;

	if (argc != 5)
		return 64;
	for (i = 0; i < 2; i++) {
		guests[i].uuid = argv[1 + 2 * i];
		guests[i].apqn = strtoul(argv[2 + 2 * i], NULL, 0);
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	vfio_machine_open(&guests[0].machine, guests[0].uuid);
	if (vfio_machine_attach(&guests[0].machine, guests[0].uuid))
		errx(1, "%s: cannot be opened", guests[0].uuid);
	vfio_machine_open_beside(&guests[1].machine, guests[1].uuid, &guests[0].machine);
	make_guest(&guests[0]);
	make_guest(&guests[1]);
	map();
	printf("ready\n");
	while (fgets(line, sizeof(line), stdin))
		execute(line);
	for (i = 0; i < n_threads; i++)
		pthread_join(threads[i], NULL);
	vfio_machine_close(&guests[1].machine);
	vfio_machine_close(&guests[0].machine);
	return 0;
}
