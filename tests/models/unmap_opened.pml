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
 * The clock of hold_off.c is some bits for each device here, since all that matters is which of two
 * things came first.
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
bool known[DEVICES];			/* that the container has been told of it */
bool told_after_left[DEVICES];		/* ... after the last visit to any device */
bool pin_after_visit[DEVICES];		/* a pin began after the last visit */
bool pin_after_came[DEVICES];		/* ... after the first visit to any device */

#ifdef B18_OPENED_DEVICES_PIN
#define may_pin(d)	(!unmaps || !held[d])
#else
#define may_pin(d)	(!unmaps || (!held[d] && (most_delays < LATE ||	\
				     (!visited[d] && (inside || !told_after_left[d])))))
#endif

/*
 * Another thread may take the mapping away when nothing is pinned, and make one of another page,
 * which type1 takes for the same, because it has the same address in the kernel.
 */
#ifdef REMAP
byte page[DEVICES];
byte mapping;
#define is_mapped(d)	(page[d] == mapping)
#else
#define is_mapped(d)	true
#endif

/* What a visit wants back: what is in the mapping, and what is about to be pinned wherever it is */
#define is_wanted(d)	(is_mapped(d) || wanted[d])
#ifdef B18_BEGUN_PINS_STAY
#define recalled(d)	is_mapped(d)
#else
#define recalled(d)	true
#endif
#define is_free(d)	(pin[d] == unpinned || !is_wanted(d))

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
#ifdef LINUX_6_1
		known[d] = false
#else
		told_after_left[d] = true
#endif
	}
}

inline aqic()
{
	atomic {
#ifdef LINUX_6_1
		if
		:: !known[d] -> known[d] = true; told_after_left[d] = true
		:: else
		fi;
#endif
		if
		:: pin[d] == unpinned && may_pin(d) ->
			pin[d] = pinning;
			pins_now = true;
			pin_after_visit[d] = true;
			pin_after_came[d] = unmaps;
#ifdef REMAP
			if
			:: page[d] = 0
			:: page[d] = 1
			fi
#endif
		:: else -> pins_now = false
		fi
	};
	if
	:: pins_now ->
		lock(T);
		pins[d] = mapped && is_mapped(d);
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
		:: visited[d] -> anew = pin_after_visit[d]
		:: else -> anew = pin_after_came[d]
		fi;
		if
		:: anew -> count_delays(d, delays_anew(d))
		:: else
		fi;
		visited[d] = true;
		held[d] = true;
		pin_after_visit[d] = false;
		if
		:: is_wanted(d) && (pin[d] == pinned || (pin[d] == pinning && pins[d])) ->
			pin[d] = unpin_due
		:: recalled(d) && pin[d] == pinning && !pins[d] -> wanted[d] = true
		:: else
		fi;
		anew = false
	};
	atomic {
		if
		:: is_free(d)
		:: delays[d] < CALLS - 1 && !is_free(d) -> count_delays(d, delays[d] + 1)
		:: delays[d] >= CALLS - 1 && timeout -> for_ever = true
		fi;
		inside = false;
		told_after_left[0] = false;
		told_after_left[1] = false
	}
}

inline visit(d)
{
	if
	:: told[d] -> dma_unmap(d)
	:: else
	fi
}

#ifdef REMAP
proctype remapper()
{
	byte times;

	do
	:: times < REMAP ->
		times++;
		lock(T);
		if
		:: !pins[0] && !pins[1] -> mapping = 1 - mapping
		:: else
		fi;
		unlock(T)
	:: break
	od
}
#endif

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
#ifdef REMAP
		run remapper();
#endif
		run unmapper()
	}
}
