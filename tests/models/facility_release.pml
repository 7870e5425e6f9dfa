/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The AP facility of a guest is released while its VM runs on.
 *
 * Ways in: an instruction of each vCPU, one of them endless unless it is kicked out,
 * a register set of either vCPU by another thread, a reader of debugfs, and KVM,
 * which takes vcpu->mutex under K. A device is opened and closed meanwhile, and a
 * second facility is made.
 */
#include "locks.pmh"

#define VCPUS		2
#define FACILITIES	2
#define NONE		FACILITIES

mtype = { absent, present, freed };

byte K;
rw_semaphore H;
byte vcpu_mutex[VCPUS];

byte facility = NONE;		/* the guest's; K */
bool ready[FACILITIES];
mtype part[VCPUS] = absent;	/* the vCPU's part of the first facility */

/* SIE */
byte inside;
byte blocked;
byte apcb;

bool hook;			/* a device is attached; H and K */
byte debugfs_readers;
bool debugfs_there;

inline block_vcpus()
{
	blocked++;
	inside == 0
}

inline set_masks(mask)
{
	assert(holds(K));
	if
	:: facility != NONE ->
		block_vcpus();
		atomic { apcb = mask; blocked-- }
	:: else
	fi
}

/* The driver sets the masks of a guest whose facility came up. */
inline make_facility(f)
{
	lock(K);
	if
	:: facility == NONE ->
		made = true;
		facility = f;
		atomic { ready[f] = true; apcb = 0 }
		if
		:: hook -> set_masks(1)
		:: else
		fi
	:: else				/* -EEXIST */
	fi;
	unlock(K)
}

#ifdef S2_NO_KICK
#define must_leave	(blocked > 0)
#elif defined(S2_NOT_KEPT_OUT)
bool kicked;
#define must_leave	(blocked > 0 || kicked)
#else
#define must_leave	(blocked > 0 || !ready[0])
#endif

inline free_part(i)
{
#ifdef S2_NO_VCPU_MUTEX
	part[i] = (part[i] == present -> freed : part[i])
#else
	lock(vcpu_mutex[i]);
	part[i] = (part[i] == present -> freed : part[i]);
	unlock(vcpu_mutex[i])
#endif
}

inline stop_vcpus()
{
	atomic { ready[0] = false; apcb = 0 }
}

inline remove_debugfs()
{
	debugfs_there = false;
	debugfs_readers == 0
}

proctype releaser()
{
#if !defined(E13_DEBUGFS_LAST) && !defined(E13_DEBUGFS_UNDER_K)
	remove_debugfs();
#endif
	lock(K);
#ifdef E13_DEBUGFS_UNDER_K
	remove_debugfs();
#endif
#ifdef S2_NOT_KEPT_OUT
	kicked = true;
#else
	stop_vcpus();
#endif
	free_part(0);
	free_part(1);
#ifdef S2_NOT_KEPT_OUT
	stop_vcpus();
#endif
	facility = NONE;
	unlock(K);
#ifdef E13_DEBUGFS_LAST
	remove_debugfs()
#endif
}

/* Take vcpu->mutex and find the part; the mutex is dropped again if there is none. */
inline lock_vcpu(i)
{
	lock(vcpu_mutex[i]);
	if
	:: ready[0] ->
		assert(part[i] != freed);
		part[i] = present
	:: else ->
#ifdef S2_SLOW_PATH_TAKES_K
		lock(K);
		unlock(K);
#endif
		unlock(vcpu_mutex[i]);
		gone = true
	fi
}

inline use_part(i)
{
	assert(part[i] == present)
}

/* Executed by the machine; the first vCPU's goes on until somebody wants it out. */
inline in_sie(i)
{
	if
	:: atomic { ready[0] && blocked == 0 -> inside++ };
		if
		:: must_leave
		:: i > 0 -> done = true
		fi;
		inside--
	:: atomic { !ready[0] || blocked > 0 }
	fi
}

inline intercepted()
{
	if
	:: atomic { H.writer == 0 && H.waiting == 0 -> H.readers++ };
		read_unlock(H);
		done = true
	:: atomic { !(H.writer == 0 && H.waiting == 0) }
	fi
}

proctype vcpu(byte i)
{
	bool gone, done;

	do
	:: !gone && !done ->
		blocked == 0 || !ready[0];
		lock_vcpu(i);
		if
		:: !gone ->
			if
			:: in_sie(i)
			:: i > 0 -> intercepted()
			fi;
			use_part(i);
			unlock(vcpu_mutex[i])
		:: else
		fi
	:: else -> break
	od
}

proctype set_register()
{
	bool gone;
	byte i;

	if
	:: i = 0
	:: i = 1
	fi;
	lock_vcpu(i);
	if
	:: !gone ->
		use_part(i);
		unlock(vcpu_mutex[i])
	:: else
	fi
}

/* Walks the parts of all vCPUs without their mutexes. */
proctype debugfs_reader()
{
	if
	:: atomic { debugfs_there -> debugfs_readers++ };
#ifdef E13_DEBUGFS_UNDER_K
		lock(K);
		unlock(K);
#endif
		assert(part[0] != freed);
		assert(part[1] != freed);
		debugfs_readers--
	:: !debugfs_there
	fi
}

proctype kvm()
{
	lock(K);
	lock(vcpu_mutex[1]);
	unlock(vcpu_mutex[1]);
	unlock(K)
}

/* As attach_detach.pml has it in detail. */
proctype device_user()
{
	lock(K);
	block_vcpus();
	write_lock(H);
	hook = true;
	set_masks(1);
	write_unlock(H);
	blocked--;
	unlock(K);
	if
	:: skip
	:: lock(K);
		block_vcpus();
		write_lock(H);
		hook = false;
		write_unlock(H);
		blocked--;
		set_masks(0);
		unlock(K)
	fi
}

proctype second_facility()
{
	bool made;

	make_facility(1)
}

init {
	atomic {
		facility = 0;
		ready[0] = true;
		debugfs_there = true;
		run releaser();
		run vcpu(0);
		run vcpu(1);
		run set_register();
		run debugfs_reader();
		run kvm();
		run device_user();
		run second_facility()
	}
end:	timeout && _nr_pr == 1;
	assert(part[0] != present && part[1] != present);	/* nothing is left behind */
	assert(facility != 0);
	assert(apcb == (hook && facility != NONE))
}
