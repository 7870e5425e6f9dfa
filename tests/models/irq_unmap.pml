/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest enables and disables the interrupt of a queue, while its VMM unmaps the
 * memory of the notification bytes, the queue is reset, and the device is closed.
 *
 * One queue; two pages, each a mapping of its own; a record for each AQIC that
 * enables. The card changes its interrupt control some time after it was asked to,
 * and answers "busy" until then. The loop around dma_unmap is that of type1:
 * T is its iommu->lock, TL its device_list_lock.
 *
 * Built with either of
 *   CARD     the guest enables, disables and enables again for a page that is unmapped
 *   THREADS  two pages, of which the card takes one, are unmapped by two threads,
 *            while another device of the container is opened
 */
#include "locks.pmh"

#define PAGES		2
#define RECORDS		2
#define NO_RECORD	RECORDS
#define OFF		PAGES		/* the card's interrupt control: off, or the page */
#define NOTHING		(PAGES + 1)
#ifndef RETRIES
#define RETRIES		10		/* then comes type1's BUG() */
#endif

mtype = { unpinned, pinning, pinned, unpin_due, unpinning };

/*
 * The driver's M and its leaf lock are never waited under, so their sections are
 * atomic steps. M is a lock here for the variant that does wait.
 */
byte M;
byte TL;
byte T;
chan T_waiters = [5] of { byte };	/* a mutex is handed to who waited longest */

#define lock_T()	T_waiters!ME;							\
			atomic {							\
				T == 0 && T_waiters?[eval(ME)];				\
				T_waiters?eval(ME);					\
				T = ME							\
			}
#define unlock_T()	unlock(T)

/* Guest memory */
bool mapped[PAGES] = true;
byte pins[PAGES];			/* by VFIO */
byte page_refs[PAGES];			/* the driver's own */
#define alive(p)	(mapped[p] || pins[p] > 0 || page_refs[p] > 0)

/* The records */
mtype pin[RECORDS] = unpinned;
byte page_of[RECORDS];
byte refs[RECORDS];
bool has_pinned[RECORDS];		/* VFIO said so, with T held */
bool has_page[RECORDS];			/* and so has the record a reference, and an ISC */
bool unmapped[RECORDS];
bool armed[RECORDS];			/* the queue's, and the card did not accept to switch it off */
bool parked[RECORDS];
bool confirm_queued[RECORDS];
byte isc_refs;

/* The queue */
byte interrupt = NO_RECORD;
bool in_guest = true;
bool zapq_due;
bool reset_running;
#ifdef THREADS
#define unmapping_is_over	(!mapped[0] && !mapped[1])
#else
#define unmapping_is_over	(!mapped[0])
#endif
bool aqic_possible = true;		/* until H (write) was taken to close the device */

/* The card */
byte card_irq = OFF;
byte card_next = NOTHING;
bool card_resetting;

inline put(r)
{
	atomic {
		assert(refs[r] > 0);
		refs[r]--;
		if
		:: refs[r] == 0 ->
			assert(pin[r] == unpinned);
			isc_refs = isc_refs - has_page[r];
			page_refs[page_of[r]] = page_refs[page_of[r]] - has_page[r];
			assert(card_irq == OFF || alive(card_irq))
		:: else
		fi
	}
}

inline unpin(r)
{
	lock_T();
	atomic { assert(pins[page_of[r]] > 0); pins[page_of[r]]-- }
	unlock_T();
	pin[r] = unpinned
}

inline unpin_later(r)
{
	if
	:: pin[r] == pinned -> pin[r] = unpin_due; refs[r]++
	:: else
	fi
}

/* A thread of the VMM need not get a processor as long as somebody waits for it. */
inline may_stall()
{
	if
	:: true
	:: true -> unmapping_is_over
	fi
}

/* The card does not use it any more. */
inline release(r)
{
#ifdef B18_UNPINNED_BY_THE_VMM
	atomic {
		mine = (pin[r] == pinned);
		pin[r] = (mine -> unpinning : pin[r])
	}
	if
	:: mine -> may_stall(); unpin(r); mine = false
	:: else
	fi;
#else
	atomic { unpin_later(r) }
#endif
	pin[r] == unpinned;
	put(r)
}

/* To switch on what is on, or off what is off, changes nothing; only the latter is fine. */
inline ask_card(control)
{
	if
	:: card_resetting || card_next != NOTHING -> accepted = false	/* busy */
	:: else ->
		accepted = (control == OFF || card_irq == OFF);
		card_next = ((accepted && control != card_irq) -> control : NOTHING)
	fi
}

inline switch_off(r)
{
	ask_card(OFF);
#ifdef B36_DISABLE_WAS_REFUSED
	accepted = true;
#endif
	armed[r] = !accepted;
	accepted = false
}

/* Looks for some time whether the card has the interrupt off. */
inline is_off()
{
	if
	:: !card_resetting && card_irq == OFF -> off = true
	:: off = false
	fi
}

/* Unless the queue has another interrupt by now, or waits for a reset. */
inline drop(r)
{
	atomic {
		dropped = (interrupt == r);
		armed[r] = (dropped -> false : armed[r]);
		interrupt = (dropped -> NO_RECORD : interrupt)
	}
	if
	:: dropped -> dropped = false; release(r)
	:: else
	fi
}

inline enable(r, p)
{
	atomic {
		page_of[r] = p;
		refs[r] = 1;
#ifndef PINNED_BEFORE_LISTED
		pin[r] = pinning
#endif
	}
#ifdef B18_PIN_UNDER_STATE_LOCK
	lock(M);
#endif
	lock_T();
	atomic { accepted = mapped[p]; pins[p] = pins[p] + accepted; has_pinned[r] = accepted }
	unlock_T();
#ifdef B18_PIN_UNDER_STATE_LOCK
	unlock(M);
#endif
	if
	:: accepted ->
		accepted = false;
		may_stall();
#ifdef PINNED_BEFORE_LISTED
		pin[r] = pinning;
#endif
		atomic {
			if
			:: pin[r] == pinning ->
				page_refs[p]++;
				isc_refs++;
				has_page[r] = true;
				pin[r] = pinned;
				if
				:: unmapped[r] -> unpin_later(r)
				:: else
				fi
			:: else			/* whoever unmaps has seen to it */
			fi
		}
		/* Everything is there: ask the card, unless the page must go. */
		atomic {
			if
			:: in_guest && pin[r] == pinned -> ask_card(p)
			:: else
			fi;
			previous = (accepted -> interrupt : r);
			if
			:: accepted ->
				armed[r] = true;
				if
				:: interrupt != NO_RECORD -> armed[interrupt] = false
				:: else
				fi;
				interrupt = r
			:: else
			fi;
			accepted = false
		}
#ifdef B15_REFUSED_AND_FORGOTTEN
		previous = (previous == r -> NO_RECORD : previous);
#endif
		if
		:: previous != NO_RECORD -> release(previous)
		:: else
		fi
	:: else -> atomic { pin[r] = unpinned; refs[r] = 0 }
	fi
}

inline disable()
{
	atomic {
		previous = interrupt;
		if
		:: in_guest -> ask_card(OFF)
		:: else
		fi;
		if
		:: previous != NO_RECORD -> refs[previous]++
		:: else
		fi
	}
	if
	:: previous != NO_RECORD ->
#ifndef B36_FREED_UNCONFIRMED
		is_off();
		accepted = accepted && off;
#endif
		if
		:: accepted -> drop(previous)
		:: else
		fi;
		put(previous)
	:: else
	fi;
	accepted = false
}

/* A vCPU with H (read) held; a second AQIC of the queue would be told "busy". */
proctype vcpu()
{
	bool accepted, mine, off, dropped;
	byte previous;

	enable(0, 0);
#ifdef THREADS
	enable(1, 1);
#else
	if
	:: disable()
	:: skip
	fi;
	if
	:: enable(1, 0)
	:: disable()
	fi;
#endif
	aqic_possible = false
}

inline unmap_one(r)
{
	if
	:: pin[r] != unpinned && page_of[r] == p ->
		unmapped[r] = true;
#ifndef B18_PINNER_IS_WAITED_FOR
		pin[r] = ((pin[r] == pinning && has_pinned[r]) -> pinned : pin[r]);
#endif
		if
		:: pin[r] == pinned && armed[r] -> switch_off(r)
		:: else
		fi;
#ifndef F16_LEFT_PINNED
		unpin_later(r)
#endif
	:: else
	fi
}

#define in_use(r)	(pin[r] != unpinned && page_of[r] == p)

/* With TL: neither M nor T may be taken here. */
inline dma_unmap()
{
	atomic { unmap_one(0); unmap_one(1) }
#ifdef B18_PIN_UNDER_STATE_LOCK
	lock(M);
	unlock(M);
#endif
#ifdef B18_UNPIN_IN_CALLBACK
	if
	:: in_use(0) -> lock_T(); unlock_T()
	:: else
	fi;
#endif
#ifndef F16_LEFT_PINNED
	if
	:: !in_use(0) && !in_use(1)
#ifndef B18_WAIT_WITHOUT_END
	:: timeout		/* longer than anything takes that can go on */
#endif
	fi
#endif
}

/* vfio_dma_do_unmap() */
proctype unmapper(byte p)
{
	bool accepted;
	byte retries;

	lock_T();
	do
	:: pins[p] > 0 ->
		retries++;
		assert(retries <= RETRIES);
		lock(TL);
		unlock_T();
		dma_unmap();
		unlock(TL);
		lock_T()
	:: else -> break
	od;
	atomic {
		mapped[p] = false;
		assert(card_irq != p || alive(p))
	}
	unlock_T()
}

/* Another device of the container is opened. */
proctype registrar()
{
	lock_T();
	lock(TL);
	unlock(TL);
	unlock_T()
}

proctype unpin_work()
{
	byte r;

end:	do
	:: atomic {
		if
		:: pin[0] == unpin_due -> r = 0
		:: pin[1] == unpin_due -> r = 1
		fi;
		pin[r] = unpinning
	};
		unpin(r);
		if
		:: unmapped[r] -> confirm_queued[r] = true
		:: else -> put(r)
		fi;
		r = 0
	od
}

proctype confirm_work(byte r)
{
	bool accepted, mine, off, dropped;

end:	do
	:: atomic { confirm_queued[r] -> confirm_queued[r] = false };
		do
		:: atomic { armed[r] -> switch_off(r) }
		:: break	/* enough of it */
		od;
		off = !armed[r];
		if
		:: off -> is_off()
		:: else
		fi;
		if
		:: off -> off = false; drop(r)
		:: else
		fi;
		put(r)
	od
}

/* What the guest enabled stays until the reset that starts now was seen to complete. */
inline park()
{
	if
	:: interrupt != NO_RECORD ->
		armed[interrupt] = false;
		parked[interrupt] = true;
		interrupt = NO_RECORD
	:: else
	fi
}

inline start_reset()
{
	zapq_due = true;
	reset_running = true
}

inline collect(r)
{
	if
	:: parked[r] -> parked[r] = false; unpin_later(r); put(r)
	:: else
	fi
}

proctype resets()
{
end:	do
	:: atomic { zapq_due && !card_resetting ->
		zapq_due = false;
		park();
		card_resetting = true
	}
	:: atomic { reset_running && !zapq_due && !card_resetting ->
		reset_running = false;
		collect(0);
		collect(1)
	}
	od
}

proctype card()
{
end:	do
	:: atomic { card_next != NOTHING ->
		card_irq = card_next;
		card_next = NOTHING;
		assert(card_irq == OFF || alive(card_irq))
	}
	:: atomic { card_resetting ->
		card_resetting = false;
		card_irq = OFF;
		card_next = NOTHING
	}
	od
}

/* The queue may be reset while the guest has it; then the device is closed. */
proctype vmm()
{
#ifdef CARD
	if
	:: atomic { start_reset() }
	:: skip
	fi;
#endif
	!aqic_possible;
	atomic { in_guest = false; park(); start_reset() }
	atomic { unpin_later(0); unpin_later(1) }
	pin[0] == unpinned && pin[1] == unpinned
}

init {
	byte workers;

	atomic {
		run resets();
		run card();
		run unpin_work();
		run confirm_work(0);
		run confirm_work(1);
		workers = _nr_pr - 1;
		run vcpu();
		run unmapper(0);
#ifdef THREADS
		run unmapper(1);
		run registrar();
#endif
		run vmm()
	}
end:	timeout && _nr_pr == 1 + workers;
	assert(refs[0] == 0 && refs[1] == 0);
	assert(page_refs[0] == 0 && page_refs[1] == 0);
	assert(isc_refs == 0)
}
