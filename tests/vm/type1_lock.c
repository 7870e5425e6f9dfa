// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads that keep or want type1's lock.
 */
#include <err.h>
#include <linux/vfio.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "type1_lock.h"
#include "vfio_machine.h"

#define PAGE		0x1000
#define MEMORY		0x10000
/* Another mapping, of whose dirty pages type1 is asked. */
#define OTHER		0x100000
#define FAULT_SECONDS	60

struct holder holders[MAX_HOLDERS];
struct thread unmapper;

static struct vfio_machine machine;

void thread_start(struct thread *thread, void *(*run)(void *thread))
{
	if (pthread_create(&thread->id, NULL, run, thread))
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

bool await_lock_wanted(const struct thread *thread)
{
	while (!thread->done) {
		if (wants_lock(thread))
			return true;
		usleep(10000);
	}
	return false;
}

void ask_dirty_pages(void *bitmap)
{
	struct {
		struct vfio_iommu_type1_dirty_bitmap dirty;
		struct vfio_iommu_type1_dirty_bitmap_get get;
	} request = {
		.dirty = {
			.argsz = sizeof(request),
			.flags = VFIO_IOMMU_DIRTY_PAGES_FLAG_GET_BITMAP,
		},
		.get = {
			.iova = OTHER,
			.size = PAGE,
			.bitmap = {.pgsize = PAGE, .size = 8, .data = bitmap},
		},
	};

	if (ioctl(machine.container, VFIO_IOMMU_DIRTY_PAGES, &request))
		err(1, "VFIO_IOMMU_DIRTY_PAGES_FLAG_GET_BITMAP");
}

/* The bitmap is written with the lock held. */
static void *hold_lock(void *arg)
{
	struct holder *holder = arg;

	holder->thread.tid = gettid();
	ask_dirty_pages(holder->missing.address);
	holder->thread.done = true;
	return NULL;
}

void holder_start(struct holder *holder)
{
	thread_start(&holder->thread, hold_lock);
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

void unmapper_start(void)
{
	thread_start(&unmapper, unmap);
}

void await_lock_held(struct holder *holder)
{
	if (!missing_page_is_wanted(&holder->missing, FAULT_SECONDS))
		errx(1, "nobody wants the bitmap");
}

void let_go(struct holder *holder)
{
	if (missing_page_provide(&holder->missing))
		err(1, "UFFDIO_ZEROPAGE");
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

void vmm_start(char *const args[])
{
	make_machine(args[0]);
	enable_interrupts(strtoul(args[1], NULL, 0) << 8 | strtoul(args[2], NULL, 0),
			  strtoul(args[3], NULL, 0), strtoul(args[4], NULL, 0));
}
