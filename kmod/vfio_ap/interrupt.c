// SPDX-License-Identifier: GPL-2.0
/*
 * Pages of notification bytes: pinned for AQIC, unpinned when the VMM unmaps them.
 */
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "../compat.h"
#include "../include/ap_guest.h"
#include "../include/ap_hw.h"
#include "core_calls.h"
#include "defect.h"
#include "interrupt.h"
#include "interrupt_off.h"
#include "locks.h"
#include "mdev.h"
#include "pause.h"
#include "unmapping.h"

/*
 * type1 calls dma_unmap up to ten times and then gives up with BUG(). A call returns
 * after this time even if the page is still pinned, because whoever shall unpin it
 * may wait for a lock that another unmapping thread holds while it waits for ours.
 */
#define UNMAP_WAIT		(HZ / 4)

/*
 * Between two looks of type1 the worker may get type1's lock only once, and once more in vain. So
 * what a device may have pinned ends within these ten looks, however many interrupts it has.
 */
#define MAX_PINS		4

/* Who may not pin yet looks again after this time, should nobody wake him. */
#define PIN_RETRY		(HZ / 10)

static void interrupt_free(struct kref *ref)
{
	struct vfio_ap_interrupt *interrupt = container_of(ref, struct vfio_ap_interrupt, ref);

	if (interrupt->isc)
		ap_guest_ops_get()->isc_put(interrupt->isc);
	if (interrupt->page)
		put_page(interrupt->page);
	vfio_ap_mdev_put(interrupt->mdev);
	kfree(interrupt);
}

/* Not with a lock held. */
void vfio_ap_interrupt_put(struct vfio_ap_interrupt *interrupt)
{
	kref_put(&interrupt->ref, interrupt_free);
}

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

	if (!heir || heir->has_pin)
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
	queue_work(interrupt->mdev->interrupts.queue, &interrupt->mdev->interrupts.work);
}

/* With the leaf lock: it needs no pin any more. While it is pinned somebody has a reference. */
static void unpin_later(struct vfio_ap_interrupt *interrupt)
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
	unpin_later(interrupt);
	spin_unlock(&all->lock);
	wait_event(all->wait, is_unpinned(interrupt));
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
		unpin_later(interrupt);
		spin_unlock(&all->lock);
		vfio_ap_interrupt_put(interrupt);
	}
}

/* The next interrupt to be unpinned, with the reference that unpin_later() got. */
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
static void unpin_work(struct work_struct *work)
{
	struct vfio_ap_interrupts *all = container_of(work, struct vfio_ap_interrupts, work);
	struct vfio_ap_mdev *mdev = container_of(all, struct vfio_ap_mdev, interrupts);
	struct vfio_ap_interrupt *interrupt;

	while ((interrupt = next_due(all))) {
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
	interrupts->calm = jiffies;
	init_waitqueue_head(&interrupts->wait);
	INIT_WORK(&interrupts->work, unpin_work);
}

/**
 * vfio_ap_interrupts_open - get ready to pin, because the device is being opened
 * @interrupts: the pins of the device
 *
 * VFIO keeps an unpinning worker waiting as long as the VMM likes. So each device has a
 * queue of its own, and one who runs it even if no memory is there for another worker.
 *
 * Return: 0 or -ENOMEM.
 */
int vfio_ap_interrupts_open(struct vfio_ap_interrupts *interrupts)
{
	interrupts->queue = alloc_ordered_workqueue("vfio_ap_unpin", WQ_MEM_RECLAIM | WQ_HIGHPRI);
	if (!interrupts->queue)
		return -ENOMEM;
	spin_lock(&interrupts->lock);
	vfio_ap_unmapping_forget(interrupts);
	spin_unlock(&interrupts->lock);
	return 0;
}

/**
 * vfio_ap_interrupt_new - make the record of an interrupt
 * @mdev: the device
 * @apqn: the queue
 * @iova: guest address of the page that holds the notification byte
 *
 * Return: the record, not pinned yet; NULL without memory.
 */
struct vfio_ap_interrupt *vfio_ap_interrupt_new(struct vfio_ap_mdev *mdev, u16 apqn, u64 iova)
{
	struct vfio_ap_interrupt *interrupt = kzalloc(sizeof(*interrupt), GFP_KERNEL_ACCOUNT);

	if (!interrupt)
		return NULL;
	kref_init(&interrupt->ref);
	INIT_LIST_HEAD(&interrupt->node);
	INIT_LIST_HEAD(&interrupt->parked);
	vfio_ap_interrupt_off_init(interrupt);
	vfio_ap_mdev_get(mdev);
	interrupt->mdev = mdev;
	interrupt->apqn = apqn;
	interrupt->iova = iova;
	return interrupt;
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

/* With the leaf lock: from here on VFIO may pin the page at any time. */
static int list_to_pin(struct vfio_ap_interrupt *interrupt)
{
	struct vfio_ap_interrupts *all = &interrupt->mdev->interrupts;

	if (all->pins == MAX_PINS)
		return has_unpin_due(all) ? -EAGAIN : -ENOSPC;
	all->pins++;
	interrupt->has_pin = true;
	interrupt->pin = VFIO_AP_PINNING;
	list_add(&interrupt->node, &all->list);
	return 1;
}

/*
 * Returns 0 if it has a pin, 1 if VFIO is to pin the page; -EAGAIN while somebody unmaps, pins
 * the same page, or unpins one of the last that there may be; -ENOSPC.
 */
static int pin_try_begin(struct vfio_ap_interrupt *interrupt)
{
	struct vfio_ap_interrupts *all = &interrupt->mdev->interrupts;
	int ret = -EAGAIN;

	spin_lock(&all->lock);
	if (vfio_ap_may_pin(all) && !find_sharer(interrupt, VFIO_AP_PINNING))
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
 * Returns false if the VMM wants the page back already; whoever unmaps may even have
 * seen to it, and then the page may be gone.
 */
static bool pin_complete(struct vfio_ap_interrupt *interrupt)
{
	struct vfio_ap_interrupts *all = &interrupt->mdev->interrupts;
	bool wanted = false;

	spin_lock(&all->lock);
	if (interrupt->pin == VFIO_AP_PINNING) {
		interrupt->pin = VFIO_AP_PINNED;
		interrupt->page = interrupt->pinned;
		get_page(interrupt->page);
		wanted = !interrupt->unmapped;
		if (!wanted)
			unpin_later(interrupt);
	}
	spin_unlock(&all->lock);
	/* Others may wait to share it. */
	wake_up_all(&all->wait);
	return wanted;
}

static int pin_with_vfio(struct vfio_ap_interrupt *interrupt)
{
	int ret;

	if (DEFECT(B18))
		state_lock();
	ret = vfio_ap_core_pin(&interrupt->mdev->vdev, interrupt->iova, &interrupt->pinned);
	if (DEFECT(B18))
		state_unlock();
	PAUSE("aqic-pinned");
	if (ret) {
		pin_finished(interrupt);
		return ret;
	}
	return pin_complete(interrupt) ? 0 : -EFAULT;
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
 * Return: 0 or a negative error number; -ENOSPC if the device has MAX_PINS pages pinned.
 */
int vfio_ap_interrupt_pin(struct vfio_ap_interrupt *interrupt)
{
	int ret = pin_begin(interrupt);

	return ret > 0 ? pin_with_vfio(interrupt) : ret;
}

/**
 * vfio_ap_interrupt_arm - tell the card to use it
 * @interrupt: the interrupt
 * @previous: the queue's previous one of the same device, or NULL
 * @nib: offset of the notification byte in the page
 * @isc: the guest's interruption subclass
 * @gisa: where the guest gets interrupts
 *
 * With M held. Under the leaf lock, because a page that is being unmapped must not
 * be given to the card any more.
 *
 * Return: the status word.
 */
u32 vfio_ap_interrupt_arm(struct vfio_ap_interrupt *interrupt, struct vfio_ap_interrupt *previous,
			  u64 nib, u8 isc, u64 gisa)
{
	struct vfio_ap_interrupts *all = &interrupt->mdev->interrupts;
	struct ap_aqic_request request = {
		.enable = true,
		.isc = isc,
		.gisa = gisa,
		.nib = page_to_phys(interrupt->page) + nib,
	};
	u32 status = AP_STATUS(AP_RC_INVALID_ADDRESS);

	state_assert_locked();
	spin_lock(&all->lock);
	if (interrupt->pin == VFIO_AP_PINNED)
		status = ap_hw_get()->aqic(interrupt->apqn, &request);
	interrupt->armed = AP_STATUS_RC(status) == AP_RC_NORMAL;
	if (interrupt->armed && previous)
		previous->armed = false;
	spin_unlock(&all->lock);
	return status;
}

/*
 * With M held: from now on this record says nothing of the queue's interrupt, because
 * the queue has another one or none, or is being reset, or left the guest.
 */
void vfio_ap_interrupt_disarm(struct vfio_ap_interrupt *interrupt)
{
	struct vfio_ap_interrupts *all = &interrupt->mdev->interrupts;

	state_assert_locked();
	spin_lock(&all->lock);
	interrupt->armed = false;
	spin_unlock(&all->lock);
}

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
	unpin_later(interrupt);
}

static bool is_within(const struct vfio_ap_interrupt *interrupt, u64 first, u64 last)
{
	if (DEFECT(F16))
		return interrupt->iova == first;
	return interrupt->iova >= first && interrupt->iova <= last;
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
 * iommufd calls once and not again when the device is detached, and what is pinned then
 * stays so for ever. It holds no lock that those who pin or unpin want.
 */
static void unmap_wait(struct vfio_ap_mdev *mdev, u64 first, u64 last)
{
	struct vfio_ap_interrupts *all = &mdev->interrupts;

	if (ap_vfio_uses_iommufd(&mdev->vdev))
		wait_event_idle(all->wait, range_is_free(all, first, last));
	else
		wait_event_timeout(all->wait, range_is_free(all, first, last), UNMAP_WAIT);
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
	struct vfio_ap_interrupt *interrupt, *next;
	u64 last = iova + length - 1;
	unsigned int opened;
	bool found = false;

	if (DEFECT(B17))
		disable_all(mdev);
	if (DEFECT(B18))
		state_lock();
	spin_lock(&all->lock);
	opened = vfio_ap_unmapping_begin(all);
	list_for_each_entry_safe(interrupt, next, &all->list, node)
		if (is_within(interrupt, iova, last)) {
			unmap_one(interrupt);
			found = true;
		}
	spin_unlock(&all->lock);
	if (DEFECT(B18))
		state_unlock();
	if (found)
		unmap_wait(mdev, iova, last);
	PAUSE("unmap-ending");
	vfio_ap_unmapping_end(mdev, opened);
	PAUSE("unmapped");
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
		unpin_later(interrupt);
	spin_unlock(&interrupts->lock);
	destroy_workqueue(interrupts->queue);
}
