// SPDX-License-Identifier: GPL-2.0
/*
 * Pages of notification bytes: pinned for AQIC, unpinned by a worker.
 */
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "../compat.h"
#include "core_calls.h"
#include "defect.h"
#include "hold_off.h"
#include "interrupt.h"
#include "interrupt_off.h"
#include "locks.h"
#include "mdev.h"
#include "pause.h"
#include "pin.h"

/*
 * Between two looks of type1 the worker may get type1's lock only once, and once more in vain. So
 * what a device may have pinned ends within eight looks, however many interrupts it has.
 */
#define MAX_PINS		4

/*
 * VFIO says in the log that the VMM may lock no more memory, each time. How often it is asked is
 * not for the guest to decide: it is not, after so many refusals, until the time is over.
 */
#define MAX_REFUSALS		10
#define REFUSALS_INTERVAL	(5 * HZ)

/* Who may not pin yet looks again after this time, should nobody wake him. */
#define PIN_RETRY		(HZ / 10)

/* With the leaf lock: it needs no pin any more, and has none. */
static void unlist(struct vfio_ap_interrupt *interrupt)
{
	interrupt->pin = VFIO_AP_UNPINNED;
	list_del_init(&interrupt->node);
	wake_up_all(&interrupt->mdev->interrupts.wait);
}

/* VFIO has nothing pinned for it. */
static void pin_finished(struct vfio_ap_interrupt *interrupt)
{
	struct vfio_ap_interrupts *all = &interrupt->mdev->interrupts;

	spin_lock(&all->lock);
	interrupt->has_pin = false;
	all->pins--;
	unlist(interrupt);
	spin_unlock(&all->lock);
}

/* With the leaf lock: another interrupt with the same page whose pin is in this state, or NULL. */
static struct vfio_ap_interrupt *find_sharer(const struct vfio_ap_interrupt *interrupt,
					     enum vfio_ap_pin pin)
{
	struct vfio_ap_interrupt *other;

	list_for_each_entry(other, &interrupt->mdev->interrupts.list, node)
		if (other != interrupt && other->iova == interrupt->iova && other->pin == pin)
			return other;
	return NULL;
}

/* With the leaf lock: false if nobody else needs the pin that it has. */
static bool hand_on_pin(struct vfio_ap_interrupt *interrupt)
{
	struct vfio_ap_interrupt *heir = find_sharer(interrupt, VFIO_AP_PINNED);

	if (!heir)
		return false;
	heir->has_pin = true;
	interrupt->has_pin = false;
	return true;
}

static bool is_unpinned(struct vfio_ap_interrupt *interrupt)
{
	struct vfio_ap_interrupts *all = &interrupt->mdev->interrupts;
	bool unpinned;

	spin_lock(&all->lock);
	unpinned = interrupt->pin == VFIO_AP_UNPINNED;
	spin_unlock(&all->lock);
	return unpinned;
}

/*
 * With the leaf lock: the device's worker shall unpin it. Nobody else does: a thread of
 * the VMM can be kept from running, between here and VFIO, for longer than type1 calls
 * dma_unmap before its BUG().
 */
static void unpin_by_worker(struct vfio_ap_interrupt *interrupt)
{
	interrupt->pin = VFIO_AP_UNPIN_DUE;
	kref_get(&interrupt->ref);
	kthread_queue_work(interrupt->mdev->interrupts.worker, &interrupt->mdev->interrupts.work);
}

/**
 * vfio_ap_unpin_later - an interrupt needs no pin any more
 * @interrupt: the interrupt; the caller has a reference, or finds it in the device's list
 *
 * With the leaf lock held. Does nothing if the page is not pinned.
 */
void vfio_ap_unpin_later(struct vfio_ap_interrupt *interrupt)
{
	if (interrupt->pin != VFIO_AP_PINNED)
		return;
	if (interrupt->has_pin && !hand_on_pin(interrupt)) {
		unpin_by_worker(interrupt);
		return;
	}
	unlist(interrupt);
	if (interrupt->unmapped) {
		kref_get(&interrupt->ref);
		vfio_ap_interrupt_confirm_later(interrupt);
	}
}

/**
 * vfio_ap_interrupt_release - give back what an interrupt holds
 * @interrupt: the interrupt; the caller's reference is consumed
 *
 * With no lock but H (read) held. The card does not use it any more. Waits for VFIO if
 * the page is still pinned.
 */
void vfio_ap_interrupt_release(struct vfio_ap_interrupt *interrupt)
{
	struct vfio_ap_interrupts *all = &interrupt->mdev->interrupts;

	spin_lock(&all->lock);
	vfio_ap_unpin_later(interrupt);
	spin_unlock(&all->lock);
	wait_event_idle(all->wait, is_unpinned(interrupt));
	vfio_ap_interrupt_put(interrupt);
}

/**
 * vfio_ap_interrupts_release_later - the same for a list, by those who must not wait
 * @parked: the list
 *
 * With no lock held.
 */
void vfio_ap_interrupts_release_later(struct list_head *parked)
{
	struct vfio_ap_interrupt *interrupt, *next;

	list_for_each_entry_safe(interrupt, next, parked, parked) {
		struct vfio_ap_interrupts *all = &interrupt->mdev->interrupts;

		list_del_init(&interrupt->parked);
		spin_lock(&all->lock);
		vfio_ap_unpin_later(interrupt);
		spin_unlock(&all->lock);
		vfio_ap_interrupt_put(interrupt);
	}
}

/* The next interrupt to be unpinned, with the reference that vfio_ap_unpin_later() got. */
static struct vfio_ap_interrupt *next_due(struct vfio_ap_interrupts *all)
{
	struct vfio_ap_interrupt *interrupt, *due = NULL;

	spin_lock(&all->lock);
	list_for_each_entry(interrupt, &all->list, node)
		if (interrupt->pin == VFIO_AP_UNPIN_DUE) {
			interrupt->pin = VFIO_AP_UNPINNING;
			due = interrupt;
			break;
		}
	spin_unlock(&all->lock);
	return due;
}

/* What the card does comes second: the VMM waits for the page. */
static void unpin_work(struct kthread_work *work)
{
	struct vfio_ap_interrupts *all = container_of(work, struct vfio_ap_interrupts, work);
	struct vfio_ap_mdev *mdev = container_of(all, struct vfio_ap_mdev, interrupts);
	struct vfio_ap_interrupt *interrupt;

	while ((interrupt = next_due(all))) {
		PAUSE("unpinning");
		vfio_unpin_pages(&mdev->vdev, interrupt->iova, 1);
		pin_finished(interrupt);
		if (interrupt->unmapped)
			vfio_ap_interrupt_confirm_later(interrupt);
		else
			vfio_ap_interrupt_put(interrupt);
	}
}

void vfio_ap_interrupts_init(struct vfio_ap_interrupts *interrupts)
{
	spin_lock_init(&interrupts->lock);
	INIT_LIST_HEAD(&interrupts->list);
	init_waitqueue_head(&interrupts->wait);
}

/**
 * vfio_ap_interrupts_open - get ready to pin, because the device is being opened
 * @interrupts: the pins of the device
 *
 * VFIO keeps an unpinning worker waiting as long as the VMM likes. So each device has one of
 * its own, who is there even if there is no memory, and who does not stand back for the VMM.
 * A workqueue would write to the log if the VMM is killed now.
 *
 * Return: 0, -ENOMEM or -EINTR.
 */
int vfio_ap_interrupts_open(struct vfio_ap_interrupts *interrupts)
{
	struct kthread_worker *worker = vfio_ap_core_worker("vfio_ap_unpin");

	if (IS_ERR(worker))
		return PTR_ERR(worker);
	set_user_nice(worker->task, MIN_NICE);
	interrupts->worker = worker;
	/* It remembers whose it was. */
	kthread_init_work(&interrupts->work, unpin_work);
	spin_lock(&interrupts->lock);
	vfio_ap_hold_off_opened(interrupts);
	spin_unlock(&interrupts->lock);
	return 0;
}

/* With the leaf lock: use the pin of another interrupt with the same page. */
static bool share_pin(struct vfio_ap_interrupt *interrupt)
{
	struct vfio_ap_interrupt *sharer = find_sharer(interrupt, VFIO_AP_PINNED);

	if (!sharer)
		return false;
	interrupt->pin = VFIO_AP_PINNED;
	interrupt->page = sharer->page;
	get_page(interrupt->page);
	list_add(&interrupt->node, &interrupt->mdev->interrupts.list);
	return true;
}

static bool has_unpin_due(struct vfio_ap_interrupts *all)
{
	struct vfio_ap_interrupt *interrupt;

	list_for_each_entry(interrupt, &all->list, node)
		if (interrupt->pin > VFIO_AP_PINNED)
			return true;
	return false;
}

static bool refusals_are_old(const struct vfio_ap_interrupts *all)
{
	return time_after(jiffies, all->refused_since + REFUSALS_INTERVAL);
}

static void count_refusal(struct vfio_ap_interrupts *all)
{
	spin_lock(&all->lock);
	if (refusals_are_old(all)) {
		all->refused_since = jiffies;
		all->refusals = 0;
	}
	all->refusals++;
	spin_unlock(&all->lock);
}

/* With the leaf lock: from here on VFIO may pin the page at any time. */
static int list_to_pin(struct vfio_ap_interrupt *interrupt)
{
	struct vfio_ap_interrupts *all = &interrupt->mdev->interrupts;

	if (all->refusals >= MAX_REFUSALS && !refusals_are_old(all))
		return -ENOMEM;
	if (all->pins == MAX_PINS)
		return has_unpin_due(all) ? -EAGAIN : -ENOSPC;
	all->pins++;
	interrupt->has_pin = true;
	interrupt->pin = VFIO_AP_PINNING;
	list_add(&interrupt->node, &all->list);
	vfio_ap_hold_off_pinning(all);
	return 1;
}

/*
 * Returns 0 if it has a pin, 1 if VFIO is to pin the page; -EAGAIN while somebody unmaps, pins
 * the same page, or unpins one of the last that there may be; -EBUSY, -ENOSPC or -ENOMEM.
 */
static int pin_try_begin(struct vfio_ap_interrupt *interrupt)
{
	struct vfio_ap_interrupts *all = &interrupt->mdev->interrupts;
	int ret;

	spin_lock(&all->lock);
	ret = vfio_ap_hold_off_pin(all);
	if (!ret && find_sharer(interrupt, VFIO_AP_PINNING))
		ret = -EAGAIN;
	if (!ret)
		ret = share_pin(interrupt) ? 0 : list_to_pin(interrupt);
	spin_unlock(&all->lock);
	return ret;
}

static int pin_begin(struct vfio_ap_interrupt *interrupt)
{
	struct vfio_ap_interrupts *all = &interrupt->mdev->interrupts;
	long left;
	int ret;

	do {
		left = wait_event_killable_timeout(all->wait, (ret = pin_try_begin(interrupt)) !=
						   -EAGAIN, PIN_RETRY);
	} while (!left);
	return left < 0 ? -EINTR : ret;
}

/*
 * Fails if the VMM wants the page back already, or unmapped another one; whoever unmaps may even
 * have seen to it, and then the page may be gone.
 */
static int pin_complete(struct vfio_ap_interrupt *interrupt)
{
	struct vfio_ap_interrupts *all = &interrupt->mdev->interrupts;
	int ret = 0;

	spin_lock(&all->lock);
	if (interrupt->unmapped)
		ret = -EFAULT;
	else if (interrupt->recalled)
		ret = -ECANCELED;
	if (interrupt->pin == VFIO_AP_PINNING) {
		interrupt->pin = VFIO_AP_PINNED;
		interrupt->page = interrupt->pinned;
		get_page(interrupt->page);
		if (ret)
			vfio_ap_unpin_later(interrupt);
	}
	spin_unlock(&all->lock);
	/* Others may wait to share it. */
	wake_up_all(&all->wait);
	return ret;
}

static int pin_with_vfio(struct vfio_ap_interrupt *interrupt)
{
	int ret;

	PAUSE("aqic-pinning");
	if (DEFECT(B18))
		state_lock();
	ret = vfio_ap_core_pin(&interrupt->mdev->vdev, interrupt->iova, &interrupt->pinned);
	if (DEFECT(B18))
		state_unlock();
	PAUSE("aqic-pinned");
	if (ret == -ENOMEM)
		count_refusal(&interrupt->mdev->interrupts);
	if (ret) {
		pin_finished(interrupt);
		return ret;
	}
	return pin_complete(interrupt);
}

/**
 * vfio_ap_interrupt_pin - pin the page of an interrupt
 * @interrupt: the interrupt
 *
 * With H (read) held, so that the device stays open; may sleep long, if the VMM does
 * not provide the page. It is in the list from before it is pinned: an unmapping
 * thread that found nothing in the list, but the page pinned, would end in BUG().
 * Interrupts of a device with the same page have one pin.
 *
 * Return: 0 or a negative error number; -ENOSPC if the device has MAX_PINS pages pinned, -ENOMEM
 * if VFIO has no memory, or had none MAX_REFUSALS times, -EBUSY as vfio_ap_hold_off_pin(),
 * -ECANCELED if the VMM unmapped other memory meanwhile: a new record may be pinned.
 */
int vfio_ap_interrupt_pin(struct vfio_ap_interrupt *interrupt)
{
	int ret = pin_begin(interrupt);

	return ret > 0 ? pin_with_vfio(interrupt) : ret;
}

static bool has_no_pins(struct vfio_ap_interrupts *interrupts)
{
	bool empty;

	spin_lock(&interrupts->lock);
	empty = list_empty(&interrupts->list);
	spin_unlock(&interrupts->lock);
	return empty;
}

/**
 * vfio_ap_interrupts_close - end all pins, because the device is being closed
 * @interrupts: the pins of the device; its guest can execute AQIC no more
 *
 * With no lock of ours held. Waits for the worker: afterwards VFIO must not be asked any
 * more, and nothing is there that could be unpinned later.
 */
void vfio_ap_interrupts_close(struct vfio_ap_interrupts *interrupts)
{
	struct vfio_ap_interrupt *interrupt, *next;

	spin_lock(&interrupts->lock);
	list_for_each_entry_safe(interrupt, next, &interrupts->list, node)
		vfio_ap_unpin_later(interrupt);
	spin_unlock(&interrupts->lock);
	wait_event_idle(interrupts->wait, has_no_pins(interrupts));
	kthread_destroy_worker(interrupts->worker);
	interrupts->worker = NULL;
}
