// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * unmap-starved UUID ADAPTER DOMAIN INTERRUPTS PAGES: as unmap-many, but who waits for type1's
 * lock first, before the driver's worker, gets no processor. The lock is free then, and whoever
 * unmaps gets it out of turn, again and again, and the worker does not.
 *
 * Prints whether that one still waited, and the worker behind it, when the lock became free, and
 * whether it got a processor before its rivals ended.
 */
#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "type1_lock.h"

#define HOGS		30
/* type1 comes eleven times, with a quarter of a second between, and then its BUG(). */
#define BUG_SECONDS	5
#define WORKER_TRIES	1000

static struct thread starved;
static struct thread hogs[HOGS];
static atomic_bool hog_more = true;
static uint64_t bitmap;

static void stay_on(unsigned int processor)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(processor, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(1, "sched_setaffinity");
}

static void *hog(void *unused)
{
	(void)unused;
	stay_on(0);
	while (hog_more)
		;
	return NULL;
}

static void *want_lock(void *unused)
{
	const struct sched_param param = {};

	(void)unused;
	starved.tid = gettid();
	stay_on(0);
	if (sched_setscheduler(0, SCHED_IDLE, &param))
		err(1, "SCHED_IDLE");
	ask_dirty_pages(&bitmap);
	starved.done = true;
	return NULL;
}

/* It runs as soon as it is woken. */
static void prefer(const struct thread *thread)
{
	const struct sched_param first = {.sched_priority = 1};

	if (sched_setscheduler(thread->tid, SCHED_FIFO, &first))
		err(1, "SCHED_FIFO");
}

static int worker_stack(void)
{
	FILE *found = popen("pgrep -x vfio_ap_unpin", "re");
	char path[64];
	int pid, fd;

	if (!found || fscanf(found, "%d", &pid) != 1)
		errx(1, "no single worker of the driver");
	pclose(found);
	snprintf(path, sizeof(path), "/proc/%d/stack", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

static bool worker_waits(int stack)
{
	unsigned int tries;
	char text[1024];
	ssize_t length;

	for (tries = 0; tries < WORKER_TRIES; tries++) {
		length = pread(stack, text, sizeof(text) - 1, 0);
		text[length > 0 ? length : 0] = 0;
		if (strstr(text, "unpin_pages"))
			return true;
		usleep(200);
	}
	return false;
}

/* The second holder is first in line, then who shall be starved, and the worker comes after both. */
static void queue_up(int worker)
{
	unsigned int i;

	holder_start(&holders[0]);
	await_lock_held(&holders[0]);
	unmapper_start();
	await_lock_wanted(&unmapper);
	holder_start(&holders[1]);
	await_lock_wanted(&holders[1].thread);
	prefer(&holders[1].thread);
	thread_start(&starved, want_lock);
	await_lock_wanted(&starved);
	for (i = 0; i < HOGS; i++)
		thread_start(&hogs[i], hog);
	let_go(&holders[0]);
	await_lock_held(&holders[1]);
	printf("worker %s", worker_waits(worker) ? "waits" : "does not wait");
}

static bool is_unmapped_within(time_t seconds)
{
	struct timespec end;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += seconds;
	return !pthread_timedjoin_np(unmapper.id, NULL, &end);
}

int main(int argc, char **argv)
{
	bool unmapped;

	if (argc != 6)
		return 64;
	vmm_start(argv + 1);
	stay_on(1);
	queue_up(worker_stack());
	let_go(&holders[1]);
	printf(", starved %s", starved.done ? "runs" : "waits");
	unmapped = is_unmapped_within(BUG_SECONDS);
	hog_more = false;
	if (!unmapped)
		pthread_join(unmapper.id, NULL);
	printf(", unmapped %s\n", unmapped ? "at once" : "when it ran");
	return 0;
}
