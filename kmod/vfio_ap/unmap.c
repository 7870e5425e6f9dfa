// SPDX-License-Identifier: GPL-2.0
/*
 * The VMM takes guest memory back: notification bytes in it end.
 */
#include <linux/error-injection.h>
#include <linux/jiffies.h>

#include "../compat.h"
#include "../include/ap_hw.h"
#include "defect.h"
#include "hold_off.h"
#include "interrupt.h"
#include "interrupt_off.h"
#include "locks.h"
#include "mdev.h"
#include "pause.h"
#include "pin.h"
#include "unmap.h"

/*
 * type1 calls dma_unmap again while something is pinned, until its BUG(). The first calls return
 * after this time even if the page is still pinned, because whoever shall unpin it
 * may wait for a lock that another unmapping thread holds while it waits for ours.
 */
#define UNMAP_WAIT		(HZ / 4)

/*
 * With so many calls the worker's turn has come, whoever else wants type1's lock, if all of
 * them run. If the first one gets no processor, the lock is free, nobody waits for ours, and
 * the caller would take it out of turn until BUG(). So the next calls wait long, and the last
 * one without a limit.
 */
#define LONG_CALLS		2
#define QUICK_CALLS		(VFIO_AP_TYPE1_CALLS - 1 - LONG_CALLS)
#define UNMAP_WAIT_LONG		(60 * HZ)

/*
 * Whether VFIO has pinned it, and its thread only did not get to say so. Exact for
 * type1, which sets the page with T held as the last that can fail. iommufd may set it
 * and then fail, but unmap_by_iommufd() waits for the thread.
 */
static bool has_pinned(const struct vfio_ap_interrupt *interrupt)
{
	return READ_ONCE(interrupt->pinned) && !ap_vfio_uses_iommufd(&interrupt->mdev->vdev);
}

/* With the leaf lock: a pin ends, as soon as VFIO has pinned the page. */
static void take_back(struct vfio_ap_interrupt *interrupt)
{
	if (interrupt->pin == VFIO_AP_PINNING && has_pinned(interrupt))
		interrupt->pin = VFIO_AP_PINNED;
	if (interrupt->pin != VFIO_AP_PINNED)
		return;
	vfio_ap_interrupt_switch_off(interrupt);
	vfio_ap_unpin_later(interrupt);
}

static bool is_within(const struct vfio_ap_interrupt *interrupt, u64 first, u64 last)
{
	if (DEFECT(F16))
		return interrupt->iova == first;
	return interrupt->iova >= first && interrupt->iova <= last;
}

/* With the leaf lock: those in the range with a pin of their own, or without. */
static void unmap_range(struct vfio_ap_interrupts *all, u64 first, u64 last, bool has_pin)
{
	struct vfio_ap_interrupt *interrupt, *next;

	list_for_each_entry_safe(interrupt, next, &all->list, node)
		if (interrupt->has_pin == has_pin && is_within(interrupt, first, last)) {
			interrupt->unmapped = true;
			take_back(interrupt);
		}
}

/*
 * With the leaf lock. Those without a pin first, so that none is handed on, with a look for whom,
 * over and over.
 */
static void unmap_all(struct vfio_ap_interrupts *all, u64 first, u64 last)
{
	unmap_range(all, first, last, false);
	unmap_range(all, first, last, true);
}

/*
 * With the leaf lock: pins that have only begun end too, wherever they are. They may become pins of
 * what type1 looks at next and takes for the same mapping, if that is gone and another one has its
 * address in the kernel.
 */
static void recall_begun(struct vfio_ap_interrupts *all)
{
	struct vfio_ap_interrupt *interrupt, *next;

	list_for_each_entry_safe(interrupt, next, &all->list, node) {
		if (interrupt->pin == VFIO_AP_PINNING && !has_pinned(interrupt))
			interrupt->recalled = true;
		if (interrupt->recalled)
			take_back(interrupt);
	}
}

/* B17: asks the cards whatever is unmapped. */
static void disable_all(struct vfio_ap_mdev *mdev)
{
	const struct ap_aqic_request disable = { .enable = false };
	unsigned int apid, apqi;

	for_each_ap_id(apid, &mdev->shadow.apm)
		for_each_ap_id(apqi, &mdev->shadow.aqm)
			ap_hw_get()->aqic(AP_APQN(apid, apqi), &disable);
}

/* And nothing is recalled. */
static bool range_is_free(struct vfio_ap_interrupts *all, u64 first, u64 last)
{
	struct vfio_ap_interrupt *interrupt;
	bool is_free = true;

	spin_lock(&all->lock);
	list_for_each_entry(interrupt, &all->list, node)
		if (interrupt->recalled || is_within(interrupt, first, last))
			is_free = false;
	spin_unlock(&all->lock);
	return is_free;
}

/* By fault injection at once, so that a test need not wait for minutes. */
static noinline __noclone bool unmap_in_vain(struct vfio_ap_interrupts *all, u64 first, u64 last,
					     unsigned long limit)
{
	return !wait_event_idle_timeout(all->wait, range_is_free(all, first, last), limit);
}
ALLOW_ERROR_INJECTION(unmap_in_vain, TRUE);

/* Called again and again, with a lock that those who pin or unpin may want. */
static void unmap_by_type1(struct vfio_ap_mdev *mdev, u64 first, u64 last)
{
	struct vfio_ap_visit *visit = vfio_ap_visit_get(mdev);
	struct vfio_ap_interrupts *all = &mdev->interrupts;
	unsigned int delays;
	bool in_vain = false;

	if (DEFECT(B18))
		state_lock();
	spin_lock(&all->lock);
	delays = vfio_ap_visit_begin(visit);
	unmap_all(all, first, last);
	recall_begun(all);
	spin_unlock(&all->lock);
	if (DEFECT(B18))
		state_unlock();
	if (delays < QUICK_CALLS)
		in_vain = unmap_in_vain(all, first, last, UNMAP_WAIT);
	else if (delays < QUICK_CALLS + LONG_CALLS)
		in_vain = unmap_in_vain(all, first, last, UNMAP_WAIT_LONG);
	else
		wait_event_idle(all->wait, range_is_free(all, first, last));
	PAUSE("unmap-ending");
	vfio_ap_visit_end(visit, in_vain);
}

/*
 * Called once and not again when the device is detached, and what is pinned then stays so for ever.
 * With no lock that those who pin or unpin want. iommufd itself refuses pins from now on.
 */
static void unmap_by_iommufd(struct vfio_ap_mdev *mdev, u64 first, u64 last)
{
	struct vfio_ap_interrupts *all = &mdev->interrupts;

	spin_lock(&all->lock);
	all->unmapping++;
	unmap_all(all, first, last);
	spin_unlock(&all->lock);
	wait_event_idle(all->wait, range_is_free(all, first, last));
	PAUSE("unmap-ending");
	spin_lock(&all->lock);
	all->unmapping--;
	spin_unlock(&all->lock);
	wake_up_all(&all->wait);
}

/**
 * vfio_ap_interrupts_unmap - the VMM takes guest memory back
 * @mdev: the device
 * @iova: first guest address
 * @length: number of bytes
 *
 * Called by type1 with its device_list_lock held, where neither M may be taken nor
 * a page be unpinned: both are taken in the other order elsewhere. A worker unpins. By
 * iommufd with no such lock held.
 * No pin begins from here on until the calling thread leaves the kernel, or with iommufd this
 * function.
 * It does not wait for the card: until the card confirms, the record keeps a
 * reference of the page.
 */
void vfio_ap_interrupts_unmap(struct vfio_ap_mdev *mdev, u64 iova, u64 length)
{
	u64 last = iova + length - 1;

	if (DEFECT(B17))
		disable_all(mdev);
	if (ap_vfio_uses_iommufd(&mdev->vdev))
		unmap_by_iommufd(mdev, iova, last);
	else
		unmap_by_type1(mdev, iova, last);
	PAUSE("unmapped");
}
