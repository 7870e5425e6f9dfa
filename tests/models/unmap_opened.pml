/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A VMM unmaps a page, and meanwhile closes devices of the container and opens them again, each of
 * which pins the page as soon as it may. How often type1 has looked, nobody tells the driver, nor
 * which devices share a container.
 *
 * Who wants type1's lock T gets it in any order, and any thread may stand still for as long as one
 * likes, also the worker that unpins. That the one who unmaps waits for ever, where somebody has T
 * and wants TL, is no error here; unmap_starved.pml says when it happens.
 *
 * The clock of hold_off.c is three bits for each device here: what is compared are only the times
 * at which something was to be pinned first, and the thread that unmaps came and went.
 */
#include "locks.pmh"

#define DEVICES		2
#ifndef OPENS
#define OPENS		2		/* of each device */
#endif
#ifndef CALLS
#define CALLS		4		/* then comes type1's BUG() */
#endif
#ifdef B18_LATE_IS_TOO_LATE
#define LATE		(CALLS - 1)
#else
#define LATE		(CALLS - 2)
#endif

mtype = { unpinned, pinning, pinned, unpin_due };

byte T;
byte TL;
bool mapped = true;
bool told[DEVICES];			/* the container knows the device */
byte newest;				/* which one it got last */
bool pins[DEVICES];			/* what type1 sees */
mtype pin[DEVICES] = unpinned;		/* what the driver knows */
bool wanted[DEVICES];			/* back, by who unmaps */

bool for_ever;				/* it waited so, and what comes then is of no interest */

/* The thread that unmaps, and what it knows of each device */
bool unmaps;
bool inside;
byte most_delays;
byte delays[DEVICES];
bool visited[DEVICES];
bool held[DEVICES];			/* visited since it was opened */
bool tried[DEVICES];			/* something was to be pinned since it was opened */
bool after_visit[DEVICES];		/* the first time was after the last visit */
bool after_came[DEVICES];		/* the first time was after the first visit to any device */
bool after_left[DEVICES];		/* the first time was after the last visit to any device */

#ifdef B18_OPENED_DEVICES_PIN
#define may_pin(d)	(!unmaps || !held[d])
#else
#define may_pin(d)	(!unmaps || (!held[d] && (most_delays < LATE ||	\
				     (!visited[d] && (inside || !after_left[d])))))
#endif

#define most(a, b)	(a > b -> a : b)

inline tell()
{
	lock(T);
	lock(TL);
	atomic { told[d] = true; newest = d };
	unlock(TL);
	unlock(T)
}

inline open_device()
{
	atomic {
		held[d] = false;
		tried[d] = false;
		after_visit[d] = false;
		after_came[d] = false;
		after_left[d] = false
	}
}

inline aqic()
{
	atomic {
		if
		:: !tried[d] ->
			tried[d] = true;
			after_visit[d] = true;
			after_came[d] = unmaps;
			after_left[d] = true
		:: else
		fi;
		if
		:: pin[d] == unpinned && may_pin(d) -> pin[d] = pinning; pins_now = true
		:: else -> pins_now = false
		fi
	};
	if
	:: pins_now ->
		lock(T);
		pins[d] = mapped;
		unlock(T);
		atomic {
			if
			:: pin[d] == pinning && pins[d] -> pin[d] = (wanted[d] -> unpin_due : pinned)
			:: pin[d] == pinning && !pins[d] -> pin[d] = unpinned
			:: else		/* whoever unmaps has seen to it */
			fi;
			wanted[d] = false
		}
	:: else
	fi
}

inline close_device()
{
	atomic {
		if
		:: pin[d] == pinned -> pin[d] = unpin_due
		:: else
		fi
	};
	pin[d] == unpinned;
	lock(T);
	lock(TL);
	told[d] = false;
	unlock(TL);
	unlock(T)
}

proctype user(byte d)
{
	bool pins_now;
	byte opens;

	do
	:: opens < OPENS ->
		opens++;
#ifdef LINUX_6_1
		open_device();
		tell();
#else
		tell();
		open_device();
#endif
		do
		:: aqic()
		:: break
		od;
		close_device()
	:: break
	od
}

proctype unpin_work(byte d)
{
end:	do
	:: pin[d] == unpin_due ->
		lock(T);
		pins[d] = false;
		unlock(T);
		pin[d] = unpinned
	od
}

#ifdef B18_COUNTED_FOR_EACH_DEVICE
#define delays_anew(d)	delays[d]
#else
#define delays_anew(d)	(most_delays + 1)
#endif

inline count_delays(d, n)
{
	delays[d] = most(delays[d], n);
	most_delays = most(most_delays, delays[d])
}

inline dma_unmap(d)
{
	atomic {
		unmaps = true;
		inside = true;
		if
		:: visited[d] -> anew = after_visit[d]
		:: else -> anew = after_came[d]
		fi;
		if
		:: anew -> count_delays(d, delays_anew(d))
		:: else
		fi;
		visited[d] = true;
		held[d] = true;
		after_visit[d] = false;
		if
		:: pin[d] == pinned || (pin[d] == pinning && pins[d]) -> pin[d] = unpin_due
		:: pin[d] == pinning && !pins[d] -> wanted[d] = true
		:: else
		fi;
		anew = false
	};
	atomic {
		if
		:: pin[d] == unpinned
		:: delays[d] < CALLS - 1 && pin[d] != unpinned -> count_delays(d, delays[d] + 1)
		:: delays[d] >= CALLS - 1 && timeout -> for_ever = true
		fi;
		inside = false;
		after_left[0] = false;
		after_left[1] = false
	}
}

inline visit(d)
{
	if
	:: told[d] -> dma_unmap(d)
	:: else
	fi
}

proctype unmapper()
{
	bool anew;
	byte calls, first;

	lock(T);
	do
	:: pins[0] || pins[1] ->
		calls++;
		assert(calls <= CALLS);
		lock(TL);
		unlock(T);
		first = newest;
		if
		:: first == 0 -> visit(0); visit(1)
		:: else -> visit(1); visit(0)
		fi;
		unlock(TL);
		lock(T);
		if
		:: for_ever -> break
		:: else
		fi
	:: else -> break
	od;
	mapped = false;
	unlock(T);
	/* The thread leaves the kernel. */
	unmaps = false
}

init {
	atomic {
		run user(0);
		run user(1);
		run unpin_work(0);
		run unpin_work(1);
		run unmapper()
	}
}
