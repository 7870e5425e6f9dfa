/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two devices of a container whose guests enable interrupts without end, in a page that
 * the VMM unmaps: type1 calls dma_unmap again as long as it finds the page pinned, and
 * ends in BUG() after eleven times.
 *
 * Somebody of the VMM takes type1's lock T again and again, for as long as he likes. So
 * the bounded wait of dma_unmap may be over before anything has happened; but a worker
 * has asked for T by then. A vCPU may be anywhere, also about to ask for T.
 *
 * See irq_unmap.pml for what one device does, and for the card.
 */
#include "locks.pmh"

#define DEVICES		2
#ifndef RETRIES
#define RETRIES		10		/* then comes type1's BUG() */
#endif

mtype = { unpinned, pinning, pinned, unpin_due, unpinning };

byte T;
chan T_waiters = [6] of { byte };	/* a mutex is handed to who waited longest */
bool asked[DEVICES];			/* the worker waits for T or has it */

#define grant_T()	atomic {							\
				T == 0 && T_waiters?[eval(ME)];				\
				T_waiters?eval(ME);					\
				T = ME							\
			}
#define lock_T()	T_waiters!ME;							\
			grant_T()
#define unlock_T()	unlock(T)

/* The mapping, and for each device its record and who keeps it from pinning */
bool mapped = true;
byte pins[DEVICES];
mtype pin[DEVICES] = unpinned;
bool has_pinned[DEVICES];		/* VFIO said so, with T held */
byte unmapping[DEVICES];

/* Each AQIC has a record of its own; the next one is of interest when this one is unpinned */
proctype vcpu(byte d)
{
end:	do
	:: atomic {
		mapped && unmapping[d] == 0 && pin[d] == unpinned ->
		pin[d] = pinning;
		has_pinned[d] = false
	};
		lock_T();
		atomic { pins[d] = pins[d] + mapped; has_pinned[d] = mapped };
		unlock_T();
		atomic {
			if
			:: pin[d] == pinning -> pin[d] = (has_pinned[d] -> pinned : unpinned)
			:: else		/* whoever unmaps has seen to it */
			fi
		}
	od
}

proctype unpin_work(byte d)
{
end:	do
	:: atomic { pin[d] == unpin_due -> pin[d] = unpinning };
		atomic { T_waiters!ME; asked[d] = true };
		grant_T();
		atomic { assert(pins[d] == 1); pins[d] = 0 };
		atomic { unlock_T(); asked[d] = false };
		pin[d] = unpinned
	od
}

#define worker_is_idle(d)	(pin[d] != unpin_due && pin[d] != unpinning)

inline dma_unmap(d)
{
	atomic {
		unmapping[d]++;
		if
		:: pin[d] == pinned || (pin[d] == pinning && has_pinned[d]) -> pin[d] = unpin_due
		:: else
		fi
	}
	asked[d] || worker_is_idle(d)
#ifdef B18_PINS_HELD_OFF_FOR_A_TIME
	;
	unmapping[d]--		/* and the time is over before type1 has T */
#endif
}

proctype unmapper()
{
	byte retries;
	bool again;

	lock_T();
	do
	:: pins[0] + pins[1] > 0 ->
		retries = retries + again;
		again = true;
		assert(retries <= RETRIES);
		unlock_T();
		dma_unmap(0);
		dma_unmap(1);
		lock_T()
	:: else -> break
	od;
	mapped = false;
	unlock_T();
	/* The thread leaves the kernel. */
	atomic { unmapping[0] = 0; unmapping[1] = 0 }
}

proctype other()
{
end:	do
	:: mapped -> lock_T(); unlock_T()
	od
}

init {
	byte workers;

	atomic {
		run vcpu(0);
		run vcpu(1);
		run unpin_work(0);
		run unpin_work(1);
		run other();
		workers = _nr_pr - 1;
		run unmapper()
	}
end:	timeout && _nr_pr == 1 + workers;
	assert(!mapped && pins[0] == 0 && pins[1] == 0)
}
