// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * unmap-many UUID ADAPTER DOMAIN INTERRUPTS PAGES: a guest enables the interrupts of so many
 * queues, from this domain on, with notification bytes in so many pages, and the VMM takes the
 * memory away while its other threads keep type1's lock. One of them always has it, and waits for
 * a page that is missing. It gets the page when whoever unmaps has been to the driver and wants
 * the lock again, and the next one is queued behind him.
 *
 * Prints how often whoever unmaps came for the lock. Nobody gets it out of turn if all threads
 * have the same real-time priority and one processor, and the driver's worker has no other.
 */
#include <err.h>
#include <linux/vfio.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "missing_page.h"
#include "vfio_machine.h"

#define PAGE		0x1000
#define MEMORY		0x10000
/* Another mapping, of whose dirty pages type1 is asked. */
#define OTHER		0x100000
/* type1 comes for its lock twelve times at most. */
#define MAX_HOLDERS	16
#define FAULT_SECONDS	60

struct thread {
	pthread_t id;
	atomic_int tid;
	atomic_bool done;
};

struct holder {
	struct thread thread;
	struct missing_page missing;
};

static struct vfio_machine machine;
static struct holder holders[MAX_HOLDERS];
static struct thread unmapper;

static void start(struct thread *thread, void *(*run)(void *), void *arg)
{
	if (pthread_create(&thread->id, NULL, run, arg))
		errx(1, "no thread");
}

/* What the kernel shows begins with who called what sleeps: type1, not the driver and no page fault. */
static bool wants_lock(const struct thread *thread)
{
	char path[64], line[256];
	bool wants;
	FILE *stack;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stack", thread->tid);
	stack = fopen(path, "re");
	if (!stack)
		return false;
	wants = fgets(line, sizeof(line), stack) && strstr(line, " vfio_") &&
		!strstr(line, " vfio_ap_");
	fclose(stack);
	return wants;
}

/* False if it ended instead. */
static bool await_lock_wanted(const struct thread *thread)
{
	while (!thread->done) {
		if (wants_lock(thread))
			return true;
		usleep(10000);
	}
	return false;
}

/* VFIO_IOMMU_DIRTY_PAGES writes the bitmap with type1's lock held. */
static void *hold_lock(void *arg)
{
	struct holder *holder = arg;
	struct {
		struct vfio_iommu_type1_dirty_bitmap dirty;
		struct vfio_iommu_type1_dirty_bitmap_get get;
	} bitmap = {
		.dirty = {
			.argsz = sizeof(bitmap),
			.flags = VFIO_IOMMU_DIRTY_PAGES_FLAG_GET_BITMAP,
		},
		.get = {
			.iova = OTHER,
			.size = PAGE,
			.bitmap = {.pgsize = PAGE, .size = 8, .data = holder->missing.address},
		},
	};

	holder->thread.tid = gettid();
	if (ioctl(machine.container, VFIO_IOMMU_DIRTY_PAGES, &bitmap))
		err(1, "VFIO_IOMMU_DIRTY_PAGES_FLAG_GET_BITMAP");
	holder->thread.done = true;
	return NULL;
}

static void *unmap(void *unused)
{
	(void)unused;
	unmapper.tid = gettid();
	if (vfio_machine_unmap(&machine, MEMORY))
		errx(1, "VFIO_IOMMU_UNMAP_DMA");
	unmapper.done = true;
	return NULL;
}

static void await_lock_held(struct holder *holder)
{
	if (!missing_page_is_wanted(&holder->missing, FAULT_SECONDS))
		errx(1, "nobody wants the bitmap");
}

static void let_go(struct holder *holder)
{
	if (missing_page_provide(&holder->missing))
		err(1, "UFFDIO_ZEROPAGE");
}

/* How often the thread that unmaps came for the lock. */
static unsigned int unmap_in_turns(void)
{
	unsigned int turns = 0;

	start(&holders[0].thread, hold_lock, &holders[0]);
	await_lock_held(&holders[0]);
	start(&unmapper, unmap, NULL);
	while (await_lock_wanted(&unmapper)) {
		if (++turns == MAX_HOLDERS)
			errx(1, "never unmapped");
		start(&holders[turns].thread, hold_lock, &holders[turns]);
		await_lock_wanted(&holders[turns].thread);
		let_go(&holders[turns - 1]);
		await_lock_held(&holders[turns]);
	}
	let_go(&holders[turns]);
	return turns;
}

static void *must_map(int protection)
{
	void *p = mmap(NULL, PAGE, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		err(1, "mmap");
	return p;
}

static void track_dirty_pages(void)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.iova = OTHER,
		.vaddr = (uintptr_t)must_map(PROT_READ | PROT_WRITE),
		.size = PAGE,
	};
	struct vfio_iommu_type1_dirty_bitmap tracking = {
		.argsz = sizeof(tracking),
		.flags = VFIO_IOMMU_DIRTY_PAGES_FLAG_START,
	};

	if (ioctl(machine.container, VFIO_IOMMU_MAP_DMA, &map))
		err(1, "VFIO_IOMMU_MAP_DMA");
	if (ioctl(machine.container, VFIO_IOMMU_DIRTY_PAGES, &tracking))
		err(1, "VFIO_IOMMU_DIRTY_PAGES_FLAG_START");
}

static void make_machine(const char *uuid)
{
	unsigned int i;

	vfio_machine_open(&machine, uuid);
	if (vfio_machine_attach(&machine, uuid))
		errx(1, "%s: cannot be opened", uuid);
	if (vfio_machine_map(&machine, vfio_machine_memory(&machine, MEMORY), MEMORY))
		errx(1, "VFIO_IOMMU_MAP_DMA");
	vfio_machine_vcpus(&machine, 1);
	track_dirty_pages();
	for (i = 0; i < MAX_HOLDERS; i++)
		if (missing_page_make(&holders[i].missing, must_map(PROT_READ | PROT_WRITE)))
			err(1, "userfaultfd");
}

static void enable_interrupts(unsigned int apqn, unsigned int n, unsigned int pages)
{
	int facility = vfio_machine_facility(&machine);
	unsigned int i, rc;

	if (facility < 0)
		errx(1, "no AP facility");
	for (i = 0; i < n; i++) {
		rc = vfio_machine_enable_interrupt(facility, apqn + i,
						   PAGE * (1 + i % pages) + 8 * i);
		if (rc)
			errx(1, "response code %02x", rc);
	}
}

/* The driver's worker came with the device, and belongs to no program. */
static void keep_worker_on_processor(void)
{
	if (system("taskset -p -c 0 $(pgrep -x vfio_ap_unpin) > /dev/null"))
		errx(1, "no single worker of the driver");
}

int main(int argc, char **argv)
{
	if (argc != 6)
		return 64;
	make_machine(argv[1]);
	keep_worker_on_processor();
	enable_interrupts(strtoul(argv[2], NULL, 0) << 8 | strtoul(argv[3], NULL, 0),
			  strtoul(argv[4], NULL, 0), strtoul(argv[5], NULL, 0));
	printf("%u\n", unmap_in_turns());
	return 0;
}
