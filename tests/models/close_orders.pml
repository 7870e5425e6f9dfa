/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A VMM goes away: its threads close the VM, the kvm-vfio device, the AP facility
 * and the VFIO device in any order and at the same time, some before the device was
 * opened at all. Workers of the driver hold references meanwhile.
 *
 * The vfio core differs. Linux 6.12 has a reference to the VM from before open_device
 * until after close_device. LINUX_6_1 has none, and the kvm-vfio device takes the
 * group lock with K held when it is released (defect B51).
 */
#include "locks.pmh"

/* Nothing waits under M, so a section under M is one atomic step. */
byte K, G;
rw_semaphore H;
byte group_lock, dev_set_lock;

/* Descriptors of the VM and of kvm-vfio, and the guest's crypto state */
byte kvm_refs = 3;
bool kvm_destroyed;
bool group_has_kvm = true;
bool kvm_vfio_freed;

byte guest_refs = 1;		/* that of the facility */
bool facility = true;
bool apcb;

/* The attachment of the device */
byte attachment_refs;
bool attached;
bool hook;
bool clear_queued;
bool free_queued;
bool attachment_freed;

#define no_lock_held	(!holds(K) && !holds(G) && !holds(H.writer) && \
			 !holds(group_lock) && !holds(dev_set_lock))

#define lock_K()	lock(K); assert(!kvm_destroyed)
#define unlock_K()	assert(!kvm_destroyed); unlock(K)

inline destroy_vm()
{
	assert(!kvm_destroyed);
	/* What there is to clean up may need any of these. */
	lock(K);
	unlock(K);
	lock(G);
	unlock(G);
#ifdef LINUX_6_1
	lock(group_lock);
	unlock(group_lock);
#endif
#ifdef S4_DESTROY_CALLS_BACK
	lock(group_lock);
	atomic { group_has_kvm = false; kvm_vfio_freed = true }
	unlock(group_lock);
#endif
#ifdef E20_DESTROY_AFTER_RELEASE
	atomic { assert(!kvm_vfio_freed); kvm_vfio_freed = true }
#endif
	kvm_destroyed = true
}

inline put_kvm()
{
	atomic { assert(kvm_refs > 0); kvm_refs--; last = (kvm_refs == 0) }
	if
	:: last -> last = false; destroy_vm()
	:: else
	fi
}

inline put_guest()
{
	atomic { assert(guest_refs > 0); guest_refs--; last = (guest_refs == 0) }
	if
	:: last ->
		assert(no_lock_held);
		last = false;
		put_kvm()
	:: else
	fi
}

/* With any lock: a worker drops what the attachment holds. */
inline put_attachment()
{
	atomic {
		assert(attachment_refs > 0);
		attachment_refs--;
		free_queued = (attachment_refs == 0)
	}
}

inline put_attachment_here()
{
	attachment_refs--;
	if
	:: attachment_refs == 0 -> attachment_freed = true; put_guest()
	:: else
	fi
}

#ifdef E18_PUT_IN_CLOSE
#define put_at_close()	put_attachment_here()
#else
#define put_at_close()	put_attachment()
#endif

proctype vm_file()
{
	bool last;

	put_kvm()
}

proctype kvm_vfio_file()
{
	bool last;

#ifndef S4_DESTROY_CALLS_BACK
	lock_K();
#ifdef LINUX_6_1
	lock(group_lock);
	group_has_kvm = false;
	unlock(group_lock);
#else
	group_has_kvm = false;
#endif
	atomic { assert(!kvm_vfio_freed); kvm_vfio_freed = true }
	unlock_K();
#endif
	put_kvm()
}

proctype facility_file()
{
	bool last;

	lock_K();
	facility = false;
	apcb = false;
	unlock_K();
	put_guest()
}

inline lock_core()
{
#ifdef LINUX_6_1
	lock(dev_set_lock);
	lock(group_lock)
#else
	lock(group_lock);
	lock(dev_set_lock)
#endif
}

inline unlock_core()
{
	unlock(group_lock);
	unlock(dev_set_lock)
}

inline set_masks(on)
{
	assert(holds(K));
	apcb = on && facility
}

/* A reference to the guest's crypto state, which has one to the VM. */
inline get_guest()
{
	atomic {
		assert(kvm_refs > 0);
		if
		:: guest_refs == 0 -> kvm_refs++
		:: else
		fi;
		guest_refs++;
		attachment_refs = 1
	}
}

inline attach()
{
#if defined(LINUX_6_1) && !defined(B51_OPEN_WAITS_FOR_K)
	if
	:: atomic { K == 0 -> K = ME; locked = true }
	:: timeout			/* longer than anything takes that can go on */
	fi;
#else
	lock(K);
	locked = true;
#endif
	if
	:: locked ->
		write_lock(H);
		atomic { G == 0 -> attached = true; hook = true; attachment_refs++ };
		set_masks(true);
		write_unlock(H);
		unlock_K();
		locked = false
	:: else
	fi;
	put_attachment()
}

inline clear_masks()
{
	set_masks(false)
}

inline detach()
{
#ifdef LINUX_6_1
	trylock(K, locked);
#else
	lock_K();
	locked = true;
#endif
	write_lock(H);
	atomic { G == 0 -> attached = false; hook = false };
	write_unlock(H);
	if
	:: locked ->
		clear_masks();
#ifdef F11_PUT_UNDER_LOCK
		put_attachment_here();
		unlock_K();
#else
		unlock_K();
		put_at_close();
#endif
		locked = false
	:: else ->
		atomic { clear_queued = true; attachment_refs++ };
		put_at_close();
#ifdef B51_CLOSE_FLUSHES
		!clear_queued
#else
		if
		:: !clear_queued
		:: timeout
		fi
#endif
	fi
}

proctype device_file()
{
	bool last, locked;

	lock_core();
	if
#ifdef LINUX_6_1
	:: group_has_kvm ->
#else
	:: atomic { group_has_kvm && kvm_refs > 0 -> kvm_refs++ };	/* under a spinlock */
#endif
		get_guest();
		attach();
		if
		:: attached ->
			unlock_core();
			lock_core();
			detach()
		:: else
		fi;
#ifndef LINUX_6_1
		put_kvm()
#endif
	:: !(group_has_kvm && kvm_refs > 0)	/* -EINVAL */
	fi;
	unlock_core()
}

proctype clear_work()
{
end:	do
	:: clear_queued ->
		lock_K();
		clear_masks();
		clear_queued = false;
		unlock_K();
		put_attachment()
	od
}

proctype free_work()
{
	bool last;

end:	do
	:: atomic { free_queued -> free_queued = false };
		atomic { assert(!attachment_freed); attachment_freed = true }
		put_guest()
	od
}

init {
	byte workers;

	atomic {
		run clear_work();
		run free_work();
		workers = _nr_pr - 1;
		run vm_file();
		run kvm_vfio_file();
		run facility_file();
		run device_file()
	}
end:	timeout && _nr_pr == 1 + workers;
	assert(kvm_destroyed && kvm_vfio_freed);
	assert(guest_refs == 0 && attachment_refs == 0);
	assert(!apcb && !hook && !attached)
}
