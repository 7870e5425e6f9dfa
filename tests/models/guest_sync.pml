/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a guest has follows from what is assigned, configured, bound and clean.
 *
 * Two guests with one mdev each, one adapter with two queues. Built with one or more of
 *   MOVE     the administrator moves queue 0 from the first mdev to the second
 *   TAKE     the bus takes queue 1 for the host's driver and gives it back
 *   CONFIG   the host's configuration loses queue 1 and gets it back
 *   REMOVE   the first mdev is removed; its VMM is told to let go, which it does
 *   REOPEN   the first guest closes the device and opens it again
 *   ACT      the guests enable the interrupts of queues and have their devices reset
 * Besides, guests use their queues, KVM keeps a K busy, resets complete when they do.
 *
 * LINUX_6_1: a close that finds K busy leaves the masks to a worker.
 */
#include "locks.pmh"

#define GUESTS		2
#define QUEUES		2
#define NOBODY		GUESTS
#define HOST		(GUESTS + 1)
#define LEFT		(GUESTS + 2)	/* first guest, after the device was closed */
#define bit(q)		(1 << (q))
#define ADAPTER		(bit(0) | bit(1))

mtype = { clean, held, resetting, with_bus };

/* Nothing waits under M, so a section under M is one atomic step. */
byte G;
byte K[GUESTS];

/* What all follows from */
byte assigned[GUESTS];
byte host = ADAPTER;		/* the host's configuration */
bool bound[QUEUES] = true;	/* to our driver */
mtype state[QUEUES] = clean;
byte holder[QUEUES] = NOBODY;
bool attached[GUESTS];
bool removing;			/* the first mdev */
bool asked;			/* its VMM was told to let go */
bool opened = true;		/* it has users */
bool freed;

/* What a guest has: as published, and as its vCPUs see it */
byte given[GUESTS];
bool changing[GUESTS];
byte apcb[GUESTS];

/* Which ones AQIC and VFIO_DEVICE_RESET may reach; none while the device is being opened */
byte reachable[GUESTS];
bool served[GUESTS];

bool sync_queued[GUESTS];
bool clear_queued;
bool kept[QUEUES];		/* the bus may not go on with the queue */

/* The hardware */
byte residue[QUEUES] = NOBODY;	/* whose data is in the queue */
bool irq[QUEUES];		/* its interrupt is enabled */
bool resets[QUEUES];		/* though its guest keeps it */
bool blocked[GUESTS];
bool in_sie[GUESTS];

bool first_guest_served;

/* The filter: a queue that may not pass takes the whole adapter with it. */
#define passable(m, q)	(bound[q] && (state[q] == clean || (state[q] == held && holder[q] == m)))
#define passes(m, q)	(!(assigned[m] & host & bit(q)) || passable(m, q))
#define shadow(m)	((passes(m, 0) && passes(m, 1) && !(m == 0 && removing)) -> \
			 (assigned[m] & host) : 0)
#define outdated(m)	(attached[m] && (changing[m] || shadow(m) != given[m]))

/* What appears in a guest was reset, and nobody touched it since. */
inline check_new(q, new)
{
	assert(!(new & bit(q)) || (residue[q] == NOBODY && !irq[q] && !resets[q]))
}

inline set_masks(m, mask)
{
	assert(holds(K[m]));
	blocked[m] = true;
	!in_sie[m];
	atomic {
		check_new(0, mask & ~apcb[m]);
		check_new(1, mask & ~apcb[m]);
		apcb[m] = mask;
		blocked[m] = false
	}
}

inline expose_queue(m, q)
{
	if
	:: (given[m] & bit(q)) && state[q] == clean -> state[q] = held; holder[q] = m
	:: else
	fi
}

/* Publish what the guest shall have, before it gets it. */
inline publish(m)
{
	given[m] = shadow(m);
	assert(m != 0 || !asked || given[m] == 0);	/* B22 */
	expose_queue(m, 0);
	expose_queue(m, 1);
#ifdef B29_REACHED_TOO_EARLY
	reachable[m] = given[m]
#else
	reachable[m] = reachable[m] & given[m]
#endif
}

inline withdraw_queue(who, q)
{
	if
	:: state[q] == held && holder[q] == who && !(now & bit(q)) ->
#ifdef B29_RESET_NOT_VERIFIED
		state[q] = clean;
		sync_queued[1] = attached[1];
#else
		state[q] = resetting;
#endif
		holder[q] = NOBODY;
		kept[q] = false
	:: else
	fi
}

/* The vCPUs do not see them any more. */
inline withdraw(who, mask)
{
	now = mask;
	withdraw_queue(who, 0);
	withdraw_queue(who, 1);
	now = 0
}

/* With K, but not G. */
inline sync_guest(m)
{
	atomic {
		assert(holds(K[m]));
		if
		:: outdated(m) -> publish(m); changing[m] = true; dirty = true
		:: else
		fi
	}
	if
	:: dirty ->
		set_masks(m, given[m]);
		atomic {
			reachable[m] = given[m];
			withdraw(m, given[m]);
			changing[m] = false;
			dirty = false
		}
	:: else
	fi
}

/* Something changed. Nobody waits for a busy K here. */
#ifdef B43_WAIT_FOR_GUEST_UNDER_G
inline sync(m)
{
	lock(G);
	mine = attached[m];
	if
	:: mine -> lock(K[m])
	:: else
	fi;
	unlock(G);
	sync_with_guest(m)
}
#else
inline sync(m)
{
	atomic {
		G == 0;
		if
		:: outdated(m) && K[m] == 0 -> K[m] = ME; mine = true
		:: outdated(m) && K[m] != 0 -> sync_queued[m] = true
		:: else
		fi
	}
	sync_with_guest(m)
}
#endif

inline sync_with_guest(m)
{
	if
	:: mine -> sync_guest(m); unlock(K[m]); mine = false
	:: else
	fi
}

proctype sync_work(byte m)
{
	bool dirty;
	byte now;

end:	do
#ifdef E15_QUEUED_UNTIL_DONE
	:: sync_queued[m] ->
#else
	:: atomic { sync_queued[m] -> sync_queued[m] = false };
#endif
		lock(K[m]);
		sync_guest(m);
#ifdef E15_QUEUED_UNTIL_DONE
		sync_queued[m] = false;
#endif
		unlock(K[m])
	od
}

/* The mdev that has a queue: looked up each time. */
#ifdef B16_BACK_POINTER
byte back_pointer[QUEUES];
#define mdev_of(q)	back_pointer[q]
#else
#define mdev_of(q)	((assigned[0] & bit(q)) -> 0 : ((assigned[1] & bit(q)) -> 1 : NOBODY))
#endif

inline find_mdev_of(q)
{
	m = mdev_of(q);
	assert(m != 0 || !freed)
}

inline reset_ends(q)
{
	residue[q] = NOBODY;
	irq[q] = false;
	resets[q] = false
}

proctype reset_work()
{
	byte m, q;

end:	do
#ifdef ACT
	:: atomic { resets[0] && state[0] == held -> reset_ends(0) }
	:: atomic { resets[1] && state[1] == held -> reset_ends(1) }
#endif
	:: atomic {
		if
		:: state[0] == resetting -> q = 0
		:: state[1] == resetting -> q = 1
		fi;
		state[q] = clean;
		reset_ends(q);
		find_mdev_of(q);
		if
		:: m != NOBODY && attached[m] -> sync_queued[m] = true
		:: else
		fi;
		m = 0;
		q = 0
	}
	od
}

inline attach(m)
{
	lock(K[m]);
	atomic {
		G == 0;
		attached[m] = !(m == 0 && removing);
		publish(m)
	}
	set_masks(m, given[m]);
	atomic { reachable[m] = given[m]; served[m] = true; unlock(K[m]) }
}

/* Whose the queues are from now on: nobody's, but they are in an APCB. */
inline leave(q)
{
	if
	:: state[q] == held && holder[q] == 0 -> holder[q] = LEFT
	:: else
	fi
}

inline clear_masks()
{
	if
	:: attached[0]			/* the next one has set its own masks */
	:: else -> set_masks(0, 0)
	fi;
	atomic { withdraw(LEFT, 0) }
}

#ifdef LINUX_6_1
proctype clear_work()
{
	byte now;
	bool mine, dirty;

end:	do
	:: atomic { clear_queued -> clear_queued = false };
		lock(K[0]);
		clear_masks();
		unlock(K[0]);
		sync(0)
	od
}
#endif

inline detach()
{
#ifdef LINUX_6_1
	trylock(K[0], mine);
#else
	atomic { lock(K[0]); mine = true }
#endif
	atomic {
		G == 0;
		attached[0] = false;
		served[0] = false;
		given[0] = 0;
		reachable[0] = 0;
		leave(0);
		leave(1)
	}
	if
	:: mine -> clear_masks(); unlock(K[0]); mine = false
	:: else -> clear_queued = true
	fi
}

proctype first_user()
{
	byte now;
	bool mine;

	attach(0);
#if defined(REOPEN) || defined(REMOVE)
	detach();
#endif
#ifdef REOPEN
	attach(0);
#endif
	opened = false
}

proctype second_user()
{
	attach(1)
}

inline use_queue(m, q)
{
	assert(residue[q] == NOBODY || residue[q] == m);
	residue[q] = m
}

proctype vcpu(byte m)
{
	byte mask;

	atomic { !blocked[m] -> in_sie[m] = true; mask = apcb[m] };
	atomic {
		if
		:: mask & bit(0) -> use_queue(m, 0)
		:: mask & bit(1) -> use_queue(m, 1)
		:: skip
		fi;
		in_sie[m] = false
	}
}

#ifdef ACT
#define reaches(m, q)	(served[m] && bound[q] && state[q] == held && holder[q] == m && \
			 (reachable[m] & bit(q)))

/* With the hook lock, so not while the device is opened or closed */
proctype aqic(byte m)
{
	atomic {
		if
		:: reaches(m, 0) -> irq[0] = true
		:: reaches(m, 1) -> irq[1] = true
		:: else
		fi
	}
}

proctype device_reset(byte m)
{
	atomic {
		resets[0] = resets[0] || reaches(m, 0);
		resets[1] = resets[1] || reaches(m, 1)
	}
}
#endif

#ifdef MOVE
proctype administrator()
{
	byte now;
	bool mine, dirty;

	assigned[0] = assigned[0] & ~bit(0);
	sync(0);
	first_guest_served = true
}

proctype second_administrator()
{
	byte now;
	bool mine, dirty;

	atomic { !(assigned[0] & bit(0)) -> assigned[1] = assigned[1] | bit(0) };
	sync(1)
}
#endif

/* Nobody gets a queue before a reset was seen to complete that began after its last use. */
inline bus_reset(q)
{
	atomic { !kept[q] -> state[q] = with_bus };
	atomic { reset_ends(q) }
}

inline sync_mdev_found()
{
	if
	:: m != NOBODY -> sync(m)
	:: else
	fi;
	m = 0
}

inline remove_queue(q)
{
	atomic { bound[q] = false; kept[q] = true; find_mdev_of(q) };
	sync_mdev_found();
	atomic { kept[q] = kept[q] && state[q] == held }
}

inline probe_queue(q)
{
	atomic { bound[q] = true; state[q] = clean; find_mdev_of(q) };
	sync_mdev_found()
}

#if defined(TAKE) || defined(CONFIG)
proctype bus()
{
	byte now, m;
	bool mine, dirty;

#ifdef CONFIG
	host = host & ~bit(1);
	sync(0);
	sync(1);
#endif
	remove_queue(1);
	bus_reset(1);
#ifdef CONFIG
	host = host | bit(1);
#else
	atomic { assert(residue[1] == NOBODY); residue[1] = HOST };
	bus_reset(1);
#endif
	probe_queue(1)
}
#endif

#ifdef REMOVE
proctype remover()
{
	byte now;
	bool mine, dirty;

#ifdef B22_HALF_UNPLUG
	lock(K[0]);
	set_masks(0, 0);
	asked = true;
	unlock(K[0]);
#else
	atomic { removing = true; asked = true };
	sync(0);
#endif
	!opened;
	atomic {
#ifdef B16_BACK_POINTER
		/* Only of the queues that were in the guest. */
		if
		:: given[0] & bit(1) -> back_pointer[1] = NOBODY
		:: else
		fi;
#endif
		G == 0;
		assigned[0] = 0;
		freed = true
	}
}
#endif

/* Something of KVM keeps a K busy. */
proctype kvm()
{
#if defined(MOVE) && !defined(LINUX_6_1)
	lock(K[1]);
	if
	:: skip
	:: skip -> first_guest_served	/* for long */
	fi;
	unlock(K[1])
#else
	lock(K[0]);
	unlock(K[0])
#endif
}

init {
	byte workers;

	atomic {
		assigned[0] = ADAPTER;
		run reset_work();
		run sync_work(0);
		run sync_work(1);
#ifdef LINUX_6_1
		run clear_work();
#endif
		workers = _nr_pr - 1;
		run first_user();
		run second_user();
		run vcpu(0);
		run vcpu(1);
#ifdef ACT
		run aqic(0);
		run aqic(1);
		run device_reset(1);
#endif
#ifdef MOVE
		run administrator();
		run second_administrator();
#endif
#if defined(TAKE) || defined(CONFIG)
		run bus();
#endif
#ifdef REMOVE
		run remover();
#endif
		run kvm()
	}
end:	timeout && _nr_pr == 1 + workers;
	assert(apcb[0] == (attached[0] -> shadow(0) : 0));
	assert(apcb[1] == shadow(1))
}
