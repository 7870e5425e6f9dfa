/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opening, closing and removing devices while two vCPUs execute AP instructions.
 *
 * One VM and two mdevs, of which one at a time may be attached. The first mdev is
 * opened twice, each time by two threads that close their descriptors as they like,
 * and is removed at any time; the second one is opened once and removed. KVM takes K,
 * and vcpu->mutex under it. Another guest needs G and M.
 *
 * LINUX_6_1: close does not wait for K; it takes the hook away and leaves the masks
 * to a worker. Open gives up if K stays busy.
 *
 * NOTIFIER, for broken variants only: besides close, something else detaches.
 */
#include "locks.pmh"

#define MDEVS	2
#ifdef LINUX_6_1
#define VCPUS	1
#else
#define VCPUS	2
#endif
#define INSTRUCTIONS	1

#if defined(S1_DROPPED_LOCK) || defined(S1_TWO_DETACHES) || defined(S1_BAILS_OUT) || \
	defined(S1_ARMED_REMOVE)
#define NOTIFIER
#endif

/* Nothing waits under M, so a section under M is one atomic step. */
byte K, G;
rw_semaphore H;
byte vcpu_mutex[VCPUS];
byte group_lock;		/* of the first mdev's group */

/* The guest */
bool hook;
byte hook_owner;		/* F1: the mdev that the hook points into */
byte apcb;			/* the mdev whose queues the vCPUs see, plus one */
byte blocked;			/* how many want no vCPU in SIE */
byte in_sie;

/* The mdevs */
bool attached[MDEVS];
bool has[MDEVS];		/* its present guest has the queues */
bool held[MDEVS];		/* the queues are, or might be, in an APCB */
bool listed[MDEVS] = true;
bool registered[MDEVS] = true;	/* the vfio core hands the device out */
byte users[MDEVS];		/* what vfio_unregister_group_dev() waits for */
byte refs[MDEVS] = 1;
bool freed[MDEVS];
byte open_files;		/* of the first mdev */
bool second_file;		/* for the other thread to close */

bool other_guest_done;

#define anybody_attached	(attached[0] || attached[1])

inline put(mdev)
{
	atomic {
		assert(refs[mdev] > 0);
		refs[mdev]--;
		freed[mdev] = (refs[mdev] == 0)
	}
}

inline block_vcpus()
{
	blocked++;
	in_sie == 0
}

inline set_masks(who)
{
	assert(holds(K));		/* E10 */
	block_vcpus();
	atomic { apcb = who; blocked-- }
}

#ifdef E17_HOOK_LOCK_INSIDE_G
#define lock_hook()	lock(G); block_vcpus(); write_lock(H)
#define unlock_hook()	write_unlock(H); blocked--; unlock(G)
#define state_free	(G == 0 || holds(G))
#else
#define state_free	(G == 0)
#if defined(E6_NO_HOOK_LOCK) || defined(S1_DROPPED_LOCK)
#define lock_hook()	skip
#define unlock_hook()	skip
#else
#define lock_hook()	block_vcpus(); write_lock(H)
#define unlock_hook()	write_unlock(H); blocked--
#endif
#endif

/* S1, the first repair: K only around the masks, everything else dropped for it. */
#ifdef S1_DROPPED_LOCK
#define lock_guest()		skip
#define unlock_guest()		skip
#define lock_for_masks()	lock(K)
#define unlock_for_masks()	unlock(K)
#define masks_of(mdev)		(mdev + 1)	/* its matrix, whatever happened meanwhile */
#else
#define lock_guest()		lock(K)
#define unlock_guest()		unlock(K)
#define lock_for_masks()	skip
#define unlock_for_masks()	skip
#define masks_of(mdev)		(has[mdev] -> mdev + 1 : 0)
#endif

/* With K: the queues leave the guest. From then on they are reset and go elsewhere. */
inline clear_masks(mdev)
{
#ifndef E9_CLEAR_WITHOUT_LOOKING
	replaced = anybody_attached;	/* that one has set its own masks */
#endif
	if
	:: !replaced ->
		lock_for_masks();
		set_masks(0);
		unlock_for_masks()
	:: else -> replaced = false
	fi;
	atomic {
		assert(!freed[mdev]);
		assert(held[mdev]);	/* cleaned up once */
		held[mdev] = false
	}
}

inline attach(m)
{
#ifdef LINUX_6_1
	if
	:: atomic { lock(K); locked = true }
	:: skip				/* -EAGAIN */
	fi;
#else
	lock_guest();
	locked = true;
#endif
	if
	:: locked ->
		lock_hook();
#ifdef S1_HOOK_BEFORE_KVM
		hook = true;
		unlock_hook();
		lock_hook();
#endif
		atomic {
			state_free;
#ifdef F1_HOOK_BEFORE_CHECK
			hook = true;
			hook_owner = m;
#endif
			if
			:: !anybody_attached ->
				opened = true;
				attached[m] = true;
				refs[m]++;
				/* What its last guest did not lose yet comes later. */
				has[m] = !held[m];
				held[m] = true;
				hook = true;
				hook_owner = m
			:: else			/* -EPERM */
			fi
		}
		if
		:: opened ->
			lock_for_masks();
			set_masks(masks_of(m));
			unlock_for_masks()
		:: else
		fi;
		unlock_hook();
		unlock_guest();
		locked = false
	:: else
	fi
}

/* With H (write): from here on each instruction of the guest answers 01. */
inline withdraw(m)
{
	atomic {
		state_free;
		hook = false;
		attached[m] = false;
		had = has[m];
		has[m] = false
	}
}

#ifdef LINUX_6_1
proctype clear_work(byte m)
{
	bool replaced;

	lock(K);
	clear_masks(m);
	unlock(K);
	put(m)
}
#endif

inline detach(m)
{
	atomic {
		state_free;
		mine = attached[m];
#if defined(S1_BAILS_OUT) || defined(S1_ARMED_REMOVE) || defined(S1_DROPPED_LOCK)
		attached[m] = false
#endif
	}
	if
	:: mine ->
		mine = false;
#ifdef LINUX_6_1
		trylock(K, locked);
#else
		lock_guest();
		locked = true;
#endif
		lock_hook();
		withdraw(m);
		unlock_hook();
		if
		:: locked && had -> had = false; clear_masks(m)
		:: else
		fi;
		if
		:: locked -> unlock_guest(); put(m); locked = false
#ifdef LINUX_6_1
		:: !locked && had -> atomic { run clear_work(m); had = false }
		:: !locked && !had -> put(m)
#endif
		fi
	:: else
	fi
}

/* The core calls the driver for the last descriptor, with its lock held. */
inline close_first()
{
	lock(group_lock);
	open_files--;
	if
	:: open_files == 0 ->
		detach(0);
#ifndef LINUX_6_1
		assert(!held[0]);	/* E7: nobody returns before it is done */
#endif
		users[0]--
	:: else
	fi;
	unlock(group_lock)
}

inline use_first(files)
{
	if
	:: atomic { registered[0] -> users[0]++ };
		lock(group_lock);
		attach(0);
		if
		:: opened -> open_files = files; second_file = (files > 1)
		:: else -> users[0]--
		fi;
		unlock(group_lock);
		if
		:: opened -> opened = false; close_first(); open_files == 0
		:: else
		fi
	:: !registered[0]
	fi
}

inline remove(m)
{
	registered[m] = false;
#ifdef S0_EARLY_RETURN
	if
	:: attached[m] -> goto gone		/* -EBUSY, which nobody reads */
	:: else
	fi;
#endif
#ifdef S1_ARMED_REMOVE
	atomic { !attached[m] -> freed[m] = true };
#else
	users[m] == 0;
#endif
	atomic { state_free; listed[m] = false }
	put(m);
gone:	skip
}

proctype first_user()
{
	bool locked, opened, mine, had, replaced;

#ifdef LINUX_6_1
	use_first(1);
	use_first(1);
	remove(0)
#else
	use_first(2)
#endif
}

#ifndef LINUX_6_1
/* Another thread, with another descriptor of the same device. */
proctype first_users_thread()
{
	bool locked, mine, had, replaced;

end:	do
	:: atomic { second_file -> second_file = false };
		close_first()
	od
}
#endif

#ifndef LINUX_6_1
proctype remover()
{
	remove(0)
}
#endif

proctype second_user()
{
	bool locked, opened, mine, had, replaced;

	users[1]++;
	attach(1);
	if
	:: opened ->
		opened = false;
#ifndef S1_DROPPED_LOCK
		assert(!has[1] || apcb == 2);
#endif
		detach(1)
	:: else
	fi;
	users[1]--;
	remove(1)
}

#ifdef NOTIFIER
proctype notifier()
{
	bool locked, mine, had, replaced;

	detach(0)
}
#endif

/* PQAP(AQIC): with vcpu->mutex H is only tried, and M taken where nobody sleeps. */
inline aqic()
{
	if
	:: atomic { H.writer == 0 && H.waiting == 0 -> H.readers++ };
		if
		:: hook ->
			atomic {
				assert(!freed[hook_owner]);
				assert(anybody_attached);	/* E6: a hook without a guest */
				owner = (attached[0] -> 0 : 1);
				assert(!freed[owner])
			}
			if
			:: skip
			:: skip -> other_guest_done	/* the VMM provides the page only then */
			fi;
			atomic {
				assert(attached[owner]);
				assert(!freed[owner]);
				owner = 0
			}
		:: else
		fi;
		read_unlock(H);
		done = true
	:: atomic { !(H.writer == 0 && H.waiting == 0) }
	fi
}

/* An instruction that the machine interprets: only the masks count. */
inline interpreted()
{
	if
	:: atomic { blocked == 0 -> in_sie++ };
		assert(apcb == 0 || held[apcb - 1]);
		in_sie--;
		done = true
	:: blocked > 0
	fi
}

proctype vcpu(byte i)
{
	bool done;
	byte owner;
	byte n;

	do
	:: n < INSTRUCTIONS ->
		blocked == 0;
		lock(vcpu_mutex[i]);
		if
		:: aqic()
		:: i == VCPUS - 1 -> interpreted()
		fi;
		unlock(vcpu_mutex[i]);
		n = (done -> n + 1 : n);
		done = false
	:: else -> break
	od
}

/* E11: KVM takes vcpu->mutex with K held, of a secure guest for long. */
proctype kvm()
{
	lock(K);
	lock(vcpu_mutex[0]);
	unlock(vcpu_mutex[0]);
	unlock(K)
}

proctype other_guest()
{
	atomic { state_free; other_guest_done = true }
}

/* Who never ends: the thread that waits for descriptors. */
#ifdef LINUX_6_1
#define IDLE	0
#else
#define IDLE	1
#endif

init {
	atomic {
#ifndef LINUX_6_1
		run first_users_thread();
		run remover();
#endif
		run first_user();
		run second_user();
#ifdef NOTIFIER
		run notifier();
#endif
		run vcpu(0);
#if VCPUS > 1
		run vcpu(1);
#endif
		run kvm();
		run other_guest()
	}
end:	timeout && _nr_pr == 1 + IDLE;
	assert(apcb == 0);		/* E9: no lost clear */
	assert(!hook);
	assert(freed[0] && freed[1]);	/* E1 */
	assert(!listed[0] && !listed[1])
}
