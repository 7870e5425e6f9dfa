// SPDX-License-Identifier: GPL-2.0
/*
 * Switching an interrupt off: a card may refuse for a while, and what it accepted it
 * confirms later. Until then it may write to the page.
 */
#include <linux/delay.h>
#include <linux/lockdep.h>

#include "../include/ap_hw.h"
#include "interrupt.h"
#include "interrupt_off.h"
#include "mdev.h"
#include "queue.h"

/* How long to wait for the card to confirm that an interrupt is disabled. */
#define OFF_POLLS		10
#define OFF_POLL_US		2000

/* For all devices: who waits for a card waits for some milliseconds, and never for VFIO. */
static struct workqueue_struct *confirm_queue;

int vfio_ap_interrupt_off_start(void)
{
	confirm_queue = alloc_workqueue("vfio_ap_confirm", WQ_UNBOUND, 0);
	return confirm_queue ? 0 : -ENOMEM;
}

void vfio_ap_interrupt_off_stop(void)
{
	destroy_workqueue(confirm_queue);
}

/**
 * vfio_ap_interrupt_off_accepted - whether the card will switch an interrupt off
 * @status: what it answered to AQIC
 *
 * Return: true if it will, or did; then vfio_ap_interrupt_is_off() tells when.
 */
bool vfio_ap_interrupt_off_accepted(u32 status)
{
	return AP_STATUS_RC(status) == AP_RC_NORMAL ||
	       AP_STATUS_RC(status) == AP_RC_OTHERWISE_CHANGED;
}

/**
 * vfio_ap_interrupt_is_off - wait for the card to confirm a disabled interrupt
 * @apqn: the queue, whose card accepted to switch it off
 *
 * With no lock but H (read) held; sleeps for some milliseconds at most.
 *
 * Return: false if it did not confirm in time.
 */
bool vfio_ap_interrupt_is_off(u16 apqn)
{
	int i;

	for (i = 0; i < OFF_POLLS; i++) {
		u32 status = ap_hw_get()->tapq(apqn, NULL);

		if (AP_STATUS_RC(status) == AP_RC_NORMAL && !(status & AP_STATUS_IRQ_ENABLED))
			return true;
		usleep_range(OFF_POLL_US, 2 * OFF_POLL_US);
	}
	return false;
}

/**
 * vfio_ap_interrupt_switch_off - ask the card to switch an interrupt off
 * @interrupt: the interrupt, which may be off already
 *
 * With the leaf lock held. While the card refuses, what the guest enabled last may be on
 * its way still, and TAPQ would show that nothing is enabled.
 */
void vfio_ap_interrupt_switch_off(struct vfio_ap_interrupt *interrupt)
{
	const struct ap_aqic_request disable = { .enable = false };
	u32 status;

	lockdep_assert_held(&interrupt->mdev->interrupts.lock);
	if (!interrupt->armed)
		return;
	status = ap_hw_get()->aqic(interrupt->apqn, &disable);
	interrupt->armed = !vfio_ap_interrupt_off_accepted(status);
}

static bool is_switched_off(struct vfio_ap_interrupt *interrupt)
{
	struct vfio_ap_interrupts *all = &interrupt->mdev->interrupts;
	bool done;

	spin_lock(&all->lock);
	vfio_ap_interrupt_switch_off(interrupt);
	done = !interrupt->armed;
	spin_unlock(&all->lock);
	return done;
}

/* Returns false if the card did not accept in time to switch it off. */
static bool repeat_switch_off(struct vfio_ap_interrupt *interrupt)
{
	int i;

	for (i = 0; i < OFF_POLLS; i++) {
		if (is_switched_off(interrupt))
			return true;
		usleep_range(OFF_POLL_US, 2 * OFF_POLL_US);
	}
	return false;
}

/* What the card does not confirm stays with the queue until a reset. */
static void confirm_work(struct work_struct *work)
{
	struct vfio_ap_interrupt *interrupt =
		container_of(work, struct vfio_ap_interrupt, confirm_work);

	if (repeat_switch_off(interrupt) && vfio_ap_interrupt_is_off(interrupt->apqn))
		vfio_ap_queue_drop_interrupt(interrupt);
	vfio_ap_interrupt_put(interrupt);
}

/* The record is new. */
void vfio_ap_interrupt_off_init(struct vfio_ap_interrupt *interrupt)
{
	INIT_WORK(&interrupt->confirm_work, confirm_work);
}

/**
 * vfio_ap_interrupt_confirm_later - let a worker wait until an interrupt is off
 * @interrupt: the interrupt, unpinned; the caller's reference is consumed
 *
 * May be called with any lock held.
 */
void vfio_ap_interrupt_confirm_later(struct vfio_ap_interrupt *interrupt)
{
	queue_work(confirm_queue, &interrupt->confirm_work);
}
