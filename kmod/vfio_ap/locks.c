// SPDX-License-Identifier: GPL-2.0
/*
 * The locks.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>

#include "../compat.h"
#include "../include/ap_guest.h"
#include "../include/ap_hw.h"
#include "locks.h"

static DEFINE_MUTEX(guests_mutex);
static DEFINE_MUTEX(state_mutex);

void owners_lock(void)
{
	mutex_lock(&ap_perms_mutex);
}

void owners_unlock(void)
{
	mutex_unlock(&ap_perms_mutex);
}

void owners_assert_locked(void)
{
	lockdep_assert_held(&ap_perms_mutex);
}

void guests_lock(void)
{
	mutex_lock(&guests_mutex);
}

void guests_unlock(void)
{
	mutex_unlock(&guests_mutex);
}

void guests_assert_locked(void)
{
	lockdep_assert_held(&guests_mutex);
}

void guest_lock(struct ap_guest *guest)
{
	ap_guest_ops_get()->lock(guest);
}

bool guest_trylock(struct ap_guest *guest)
{
	return ap_guest_ops_get()->trylock(guest);
}

#ifdef VFIO_CORE_LOCKS_GROUP_UNDER_KVM

/* How long an open waits for a busy guest. */
#define OPEN_WAIT	(2 * HZ)

/**
 * guest_lock_to_open - take K in open_device
 * @guest: the guest
 *
 * The core of this kernel calls with the group lock held, and takes the group lock
 * under K when the kvm-vfio device is released. So whoever waits for K here may wait
 * for ever: try for a while instead.
 *
 * Return: 0, -EAGAIN if it stays busy, -EINTR if killed.
 */
int guest_lock_to_open(struct ap_guest *guest)
{
	unsigned long deadline = jiffies + OPEN_WAIT;

	while (!guest_trylock(guest)) {
		if (fatal_signal_pending(current))
			return -EINTR;
		if (time_after(jiffies, deadline))
			return -EAGAIN;
		usleep_range(1000, 2000);
	}
	return 0;
}

/* Whether K was taken in close_device; see guest_lock_to_open(). */
bool guest_lock_to_close(struct ap_guest *guest)
{
	return guest_trylock(guest);
}

#else

/* Take K in open_device. Return: 0, or -EINTR if killed. */
int guest_lock_to_open(struct ap_guest *guest)
{
	return ap_guest_ops_get()->lock_killable(guest);
}

/* Whether K was taken in close_device: always. */
bool guest_lock_to_close(struct ap_guest *guest)
{
	guest_lock(guest);
	return true;
}

#endif

void guest_unlock(struct ap_guest *guest)
{
	ap_guest_ops_get()->unlock(guest);
}

void guest_assert_locked(struct ap_guest *guest)
{
	ap_guest_ops_get()->assert_locked(guest);
}

void hook_lock(struct ap_guest *guest)
{
	ap_guest_ops_get()->hook_lock(guest);
}

void hook_unlock(struct ap_guest *guest)
{
	ap_guest_ops_get()->hook_unlock(guest);
}

void state_lock(void)
{
	mutex_lock(&state_mutex);
}

void state_unlock(void)
{
	mutex_unlock(&state_mutex);
}

void state_assert_locked(void)
{
	lockdep_assert_held(&state_mutex);
}

void list_assert_locked(void)
{
	lockdep_assert(lockdep_is_held(&guests_mutex) || lockdep_is_held(&state_mutex));
}

void list_assert_changeable(void)
{
	guests_assert_locked();
	state_assert_locked();
}

void nothing_assert_locked(void)
{
	lockdep_assert_not_held(&ap_perms_mutex);
	lockdep_assert_not_held(&guests_mutex);
	lockdep_assert_not_held(&state_mutex);
}
