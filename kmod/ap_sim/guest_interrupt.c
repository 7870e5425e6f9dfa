// SPDX-License-Identifier: GPL-2.0
/*
 * Interruption subclasses of a guest, and the eventfds that stand for them.
 *
 * A driver may give a subclass back after the guest is gone, and a card may fire
 * until then. So the guest's eight subclasses are one counted object of its own,
 * which the cards know by number only: a card that fires too late finds nothing
 * and says so, instead of using freed memory.
 */
#include <linux/eventfd.h>
#include <linux/slab.h>

#include "../compat.h"
#include "guest.h"
#include "hardware.h"

#define AP_ISCS		8

/**
 * struct ap_guest_isc - an interruption subclass
 * @all: the object it is part of
 * @users: how often it was given out
 * @signalled: number of interrupts
 * @trigger: eventfd or NULL
 */
struct ap_guest_isc {
	struct ap_interrupts *all;
	unsigned int users;
	u64 signalled;
	struct eventfd_ctx *trigger;
};

/**
 * struct ap_interrupts - the interruption subclasses of a guest
 * @ref: one for the guest, one for each subclass given out
 * @gisa: its number
 * @lock: for @isc
 * @isc: the subclasses
 * @rcu: cards look it up under RCU
 */
struct ap_interrupts {
	struct kref ref;
	u32 gisa;
	spinlock_t lock;
	struct ap_guest_isc isc[AP_ISCS];
	struct rcu_head rcu;
};

static DEFINE_XARRAY_FLAGS(gisas, XA_FLAGS_ALLOC | XA_FLAGS_LOCK_IRQ);
static u32 gisa_next = 1;

/* How many there are: 0 when all guests are gone and the driver gave everything back. */
atomic_t ap_interrupts_held;

struct ap_interrupts *ap_interrupts_new(void)
{
	struct ap_interrupts *all = kzalloc(sizeof(*all), GFP_KERNEL);
	int i;

	if (!all)
		return NULL;
	kref_init(&all->ref);
	spin_lock_init(&all->lock);
	for (i = 0; i < AP_ISCS; i++)
		all->isc[i].all = all;
	if (xa_alloc_cyclic_irq(&gisas, &all->gisa, all, XA_LIMIT(1, UINT_MAX),
				&gisa_next, GFP_KERNEL) < 0) {
		kfree(all);
		return NULL;
	}
	atomic_inc(&ap_interrupts_held);
	return all;
}

static void interrupts_release(struct kref *ref)
{
	struct ap_interrupts *all = container_of(ref, struct ap_interrupts, ref);
	unsigned long flags;

	xa_lock_irqsave(&gisas, flags);
	__xa_erase(&gisas, all->gisa);
	xa_unlock_irqrestore(&gisas, flags);
	atomic_dec(&ap_interrupts_held);
	kfree_rcu(all, rcu);
}

void ap_interrupts_put(struct ap_interrupts *all)
{
	kref_put(&all->ref, interrupts_release);
}

/* The cards are gone, so nobody uses what a driver could not give back because of them. */
void ap_interrupts_exit(void)
{
	struct ap_interrupts *all;
	unsigned long gisa;

	xa_for_each(&gisas, gisa, all)
		kfree(all);
	xa_destroy(&gisas);
}

/* Returns the previous eventfd, which now belongs to the caller. */
struct eventfd_ctx *ap_interrupts_set(struct ap_interrupts *all, u8 isc,
				      struct eventfd_ctx *trigger)
{
	unsigned long flags;

	spin_lock_irqsave(&all->lock, flags);
	swap(all->isc[isc].trigger, trigger);
	spin_unlock_irqrestore(&all->lock, flags);
	return trigger;
}

void ap_interrupts_clear(struct ap_interrupts *all)
{
	struct eventfd_ctx *trigger;
	int i;

	for (i = 0; i < AP_ISCS; i++) {
		trigger = ap_interrupts_set(all, i, NULL);
		if (trigger)
			eventfd_ctx_put(trigger);
	}
}

u64 ap_interrupts_count(struct ap_interrupts *all, u8 isc)
{
	return READ_ONCE(all->isc[isc].signalled);
}

struct ap_guest_isc *ap_guest_isc_get(struct kvm *kvm, u8 isc, u64 *gisa)
{
	struct ap_interrupts *all = ap_guest_interrupts(kvm);
	unsigned long flags;

	if (!all)
		return ERR_PTR(-ENODEV);
	if (isc >= AP_ISCS)
		return ERR_PTR(-EINVAL);
	kref_get(&all->ref);
	spin_lock_irqsave(&all->lock, flags);
	all->isc[isc].users++;
	spin_unlock_irqrestore(&all->lock, flags);
	*gisa = all->gisa;
	return &all->isc[isc];
}

void ap_guest_isc_put(struct ap_guest_isc *isc)
{
	struct ap_interrupts *all = isc->all;
	unsigned long flags;

	spin_lock_irqsave(&all->lock, flags);
	isc->users--;
	spin_unlock_irqrestore(&all->lock, flags);
	ap_interrupts_put(all);
}

static bool isc_signal(struct ap_interrupts *all, u8 number)
{
	struct ap_guest_isc *isc = &all->isc[number];
	unsigned long flags;
	bool used;

	spin_lock_irqsave(&all->lock, flags);
	used = isc->users;
	if (used) {
		isc->signalled++;
		if (isc->trigger)
			ap_eventfd_signal(isc->trigger);
	}
	spin_unlock_irqrestore(&all->lock, flags);
	return used;
}

/*
 * An interrupt of a subclass that was given back means that the driver let go of
 * it before the card did. No guest can cause that, only a defect of the driver.
 */
void ap_guest_isc_signal(u64 gisa, u8 isc)
{
	struct ap_interrupts *all;
	bool used;

	rcu_read_lock();
	all = xa_load(&gisas, gisa);
	used = all && isc < AP_ISCS && isc_signal(all, isc);
	rcu_read_unlock();
	WARN_ONCE(!used, "ap_sim: interrupt of subclass %u of GISA %llu, which nobody holds\n",
		  isc, gisa);
}
