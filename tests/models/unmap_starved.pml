/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A VMM unmaps a page that is pinned, while threads of it that want type1's lock T get
 * no processor for as long as one likes.
 *
 * T is no longer handed to who waited longest, as in the other models: an unlock wakes
 * the first who waits, and whoever comes before that one runs takes it. Threads of the
 * VMM open another device meanwhile: they wait for TL with T held.
 *
 * The short waits of dma_unmap may be over at any time. Within a long one everybody
 * gets a processor, so it ends only when nobody else can do anything.
 */
#include "locks.pmh"

#ifndef OPENERS
#define OPENERS		2		/* as many as long waits */
#endif
#define CALLS		11		/* then comes type1's BUG() */

/* How many calls wait shortly, and how many long; the others wait without a limit */
#ifdef B18_SHORT_WAITS_ONLY
#define QUICK_CALLS	CALLS
#else
#define QUICK_CALLS	8
#endif
#ifdef B18_NO_LONG_WAITS
#define LONG_CALLS	0
#else
#define LONG_CALLS	2
#endif

byte TL;
byte T;
chan T_waiters = [OPENERS + 3] of { byte };

#define lock_T()	atomic {							\
				if							\
				:: T == 0 -> T = ME					\
				:: else -> T_waiters!ME					\
				fi							\
			};								\
			atomic {							\
				if							\
				:: T == ME						\
				:: T == 0 && T_waiters?[eval(ME)] ->			\
					T_waiters?eval(ME);				\
					T = ME						\
				fi							\
			}
#define unlock_T()	unlock(T)

bool pinned = true;
bool due;

/* Keeps T for a moment. */
proctype holder()
{
	lock_T();
	unlock_T()
}

proctype opener()
{
	lock_T();
	lock(TL);
	unlock(TL);
	unlock_T()
}

proctype unpin_work()
{
	due;
	lock_T();
	pinned = false;
	unlock_T()
}

inline dma_unmap(call)
{
	due = true;
	if
	:: !pinned
	:: call <= QUICK_CALLS
	:: call > QUICK_CALLS && call <= QUICK_CALLS + LONG_CALLS && timeout
	fi
}

proctype unmapper()
{
	byte calls;

	lock_T();
	do
	:: pinned ->
		calls++;
		assert(calls <= CALLS);
		lock(TL);
		unlock_T();
		dma_unmap(calls);
		unlock(TL);
		lock_T()
	:: else -> break
	od;
	unlock_T()
}

init {
	byte i;

	atomic {
		run unpin_work();
		run holder();
		for (i : 1 .. OPENERS) {
			run opener()
		}
		run unmapper()
	}
	_nr_pr == 1;
	assert(!pinned)
}
