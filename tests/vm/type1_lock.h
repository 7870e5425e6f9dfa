/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A VMM whose threads keep or want type1's lock while one of them unmaps the memory in which the
 * notification bytes of its guest are. Whatever fails ends the program with a message.
 */
#ifndef TYPE1_LOCK_H
#define TYPE1_LOCK_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "missing_page.h"

/* type1 comes for its lock twelve times at most. */
#define MAX_HOLDERS	16

struct thread {
	pthread_t id;
	atomic_int tid;
	atomic_bool done;
};

/* Has the lock from when it gets it until its missing page is provided. */
struct holder {
	struct thread thread;
	struct missing_page missing;
};

extern struct holder holders[MAX_HOLDERS];
extern struct thread unmapper;

/*
 * @args: UUID ADAPTER DOMAIN INTERRUPTS PAGES: a device, and the interrupts of how many queues the
 * guest enables, from this domain on, with notification bytes in how many pages.
 */
void vmm_start(char *const args[]);

void thread_start(struct thread *thread, void *(*run)(void *thread));
void unmapper_start(void);
void holder_start(struct holder *holder);

/* Ask type1 which pages are dirty, for which it takes its lock, and let it write them to @bitmap. */
void ask_dirty_pages(void *bitmap);

/* False if it ended instead. */
bool await_lock_wanted(const struct thread *thread);

void await_lock_held(struct holder *holder);
void let_go(struct holder *holder);

#endif
