// SPDX-License-Identifier: GPL-2.0
/*
 * The VMM takes guest memory back: notification bytes in it end.
 */
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
 * type1 calls dma_unmap eleven times and then gives up with BUG(). The first calls return
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
#define QUICK_CALLS		8
#define LONG_CALLS		2
#define UNMAP_WAIT_LONG		(60 * HZ)

/*
 * Whether VFIO has pinned it, and its thread only did not get to say so. Exact for
 * type1, which sets the page with T held as the last that can fail. iommufd may set it
 * and then fail, but waits for the thread, see unmap_wait().
 */
static bool has_pinned(const struct vfio_ap_interrupt *interrupt)
{
	return READ_ONCE(interrupt->pinned) && !ap_vfio_uses_iommufd(&interrupt->mdev->vdev);
}

/* With the leaf lock: the VMM wants the page of @interrupt back. */
static void unmap_one(struct vfio_ap_interrupt *interrupt)
{
	interrupt->unmapped = true;
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

/* With the leaf lock: those in the range with a pin of their own, or without. False if none is there. */
static bool unmap_range(struct vfio_ap_interrupts *all, u64 first, u64 last, bool has_pin)
{
	struct vfio_ap_interrupt *interrupt, *next;
	bool found = false;

	list_for_each_entry_safe(interrupt, next, &all->list, node)
		if (interrupt->has_pin == has_pin && is_within(interrupt, first, last)) {
			unmap_one(interrupt);
			found = true;
		}
	return found;
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

static bool range_is_free(struct vfio_ap_interrupts *all, u64 first, u64 last)
{
	struct vfio_ap_interrupt *interrupt;
	bool is_free = true;

	spin_lock(&all->lock);
	list_for_each_entry(interrupt, &all->list, node)
		if (is_within(interrupt, first, last))
			is_free = false;
	spin_unlock(&all->lock);
	return is_free;
}

/*
 * @earlier calls of the thread found something pinned. iommufd calls once and not again when the
 * device is detached, and what is pinned then stays so for ever. It holds no lock that those who
 * pin or unpin want.
 */
static void unmap_wait(struct vfio_ap_mdev *mdev, u64 first, u64 last, unsigned int earlier)
{
	struct vfio_ap_interrupts *all = &mdev->interrupts;
	unsigned long limit = earlier < QUICK_CALLS ? UNMAP_WAIT : UNMAP_WAIT_LONG;

	if (ap_vfio_uses_iommufd(&mdev->vdev) || earlier >= QUICK_CALLS + LONG_CALLS)
		wait_event_idle(all->wait, range_is_free(all, first, last));
	else
		wait_event_idle_timeout(all->wait, range_is_free(all, first, last), limit);
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
 * No pin begins from here on until the calling thread leaves the kernel.
 * It does not wait for the card: until the card confirms, the record keeps a
 * reference of the page.
 */
void vfio_ap_interrupts_unmap(struct vfio_ap_mdev *mdev, u64 iova, u64 length)
{
	struct vfio_ap_interrupts *all = &mdev->interrupts;
	u64 last = iova + length - 1;
	unsigned int opened, earlier;
	bool found;

	if (DEFECT(B17))
		disable_all(mdev);
	if (DEFECT(B18))
		state_lock();
	spin_lock(&all->lock);
	opened = vfio_ap_hold_off_begin(all);
	earlier = vfio_ap_hold_off_waits(all);
	/* Those without a pin first, so that none is handed on, with a look for whom, over and over. */
	found = unmap_range(all, iova, last, false);
	found |= unmap_range(all, iova, last, true);
	spin_unlock(&all->lock);
	if (DEFECT(B18))
		state_unlock();
	if (found)
		unmap_wait(mdev, iova, last, earlier);
	PAUSE("unmap-ending");
	vfio_ap_hold_off_end(mdev, opened, found);
	PAUSE("unmapped");
}
