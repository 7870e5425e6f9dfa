// SPDX-License-Identifier: GPL-2.0
/*
 * Pages of notification bytes: pinned for AQIC, unpinned when the VMM unmaps them.
 */
#include <linux/anon_inodes.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "../compat.h"
#include "../include/ap_guest.h"
#include "../include/ap_hw.h"
#include "core_calls.h"
#include "defect.h"
#include "interrupt.h"
#include "locks.h"
#include "mdev.h"
#include "pause.h"
#include "queue.h"

/*
 * type1 calls dma_unmap up to ten times and then gives up with BUG(). A call returns
 * after this time even if the page is still pinned, because whoever shall unpin it
 * may wait for a lock that another unmapping thread holds while it waits for ours.
 */
#define UNMAP_WAIT		(HZ / 4)

/* How long no pin begins after dma_unmap, if there is no file that tells when type1 is through. */
#define HOLD_OFF		(HZ / 10)

/* How long to wait for the card to confirm that an interrupt is disabled. */
#define OFF_POLLS		10
#define OFF_POLL_US		2000

/* For all devices: who waits for a card waits for some milliseconds, and never for VFIO. */
static struct workqueue_struct *confirm_queue;

int vfio_ap_interrupt_start(void)
{
	confirm_queue = alloc_workqueue("vfio_ap_confirm", WQ_UNBOUND, 0);
	return confirm_queue ? 0 : -ENOMEM;
}

void vfio_ap_interrupt_stop(void)
{
	destroy_workqueue(confirm_queue);
}

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

static void pin_finished(struct vfio_ap_interrupt *interrupt)
{
	struct vfio_ap_interrupts *all = &interrupt->mdev->interrupts;

	spin_lock(&all->lock);
	interrupt->pin = VFIO_AP_UNPINNED;
	list_del_init(&interrupt->node);
	spin_unlock(&all->lock);
	wake_up_all(&all->wait);
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
static void unpin_later(struct vfio_ap_interrupt *interrupt)
{
	if (interrupt->pin != VFIO_AP_PINNED)
		return;
	interrupt->pin = VFIO_AP_UNPIN_DUE;
	kref_get(&interrupt->ref);
	queue_work(interrupt->mdev->interrupts.queue, &interrupt->mdev->interrupts.work);
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

/*
 * With the leaf lock: ask the card to switch it off. While it refuses, what the guest
 * enabled last may be on its way still, and TAPQ would show that nothing is enabled.
 */
static void switch_off(struct vfio_ap_interrupt *interrupt)
{
	const struct ap_aqic_request disable = { .enable = false };
	u32 status;

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
	switch_off(interrupt);
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
			queue_work(confirm_queue, &interrupt->confirm_work);
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
	interrupts->opened++;
	interrupts->unmapping = 0;
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
	INIT_WORK(&interrupt->confirm_work, confirm_work);
	vfio_ap_mdev_get(mdev);
	interrupt->mdev = mdev;
	interrupt->apqn = apqn;
	interrupt->iova = iova;
	return interrupt;
}

static bool may_pin(const struct vfio_ap_interrupts *all)
{
	return !READ_ONCE(all->unmapping) && time_after_eq(jiffies, READ_ONCE(all->calm));
}

/* Lists the interrupt, unless somebody unmaps. */
static bool pin_try_begin(struct vfio_ap_interrupt *interrupt)
{
	struct vfio_ap_interrupts *all = &interrupt->mdev->interrupts;
	bool begun;

	spin_lock(&all->lock);
	begun = may_pin(all);
	if (begun) {
		interrupt->pin = VFIO_AP_PINNING;
		list_add(&interrupt->node, &all->list);
	}
	spin_unlock(&all->lock);
	return begun;
}

static int pin_begin(struct vfio_ap_interrupt *interrupt)
{
	struct vfio_ap_interrupts *all = &interrupt->mdev->interrupts;

	while (!pin_try_begin(interrupt)) {
		if (wait_event_killable_timeout(all->wait, may_pin(all), HOLD_OFF) < 0)
			return -EINTR;
	}
	return 0;
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
	return wanted;
}

/**
 * vfio_ap_interrupt_pin - pin the page of an interrupt
 * @interrupt: the interrupt
 *
 * With H (read) held, so that the device stays open; may sleep long, if the VMM does
 * not provide the page. It is in the list from before it is pinned: an unmapping
 * thread that found nothing in the list, but the page pinned, would end in BUG().
 *
 * Return: 0 or a negative error number.
 */
int vfio_ap_interrupt_pin(struct vfio_ap_interrupt *interrupt)
{
	int ret;

	ret = pin_begin(interrupt);
	if (ret)
		return ret;
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
	switch_off(interrupt);
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

/*
 * From @calm on, if nobody else unmaps, pins may begin. A thread of an earlier user of the
 * device, who may stay in the kernel for as long as he likes, is none of this one's business.
 */
static void unmap_end(struct vfio_ap_interrupts *all, unsigned int opened, unsigned long calm)
{
	spin_lock(&all->lock);
	if (opened == all->opened) {
		all->unmapping--;
		if (time_after(calm, all->calm))
			all->calm = calm;
	}
	spin_unlock(&all->lock);
	wake_up_all(&all->wait);
}

/**
 * struct unmap_marker - a thread is in dma_unmap, or in what called it
 * @mdev: the device; a reference is held
 * @opened: how often the device was opened by then
 */
struct unmap_marker {
	struct vfio_ap_mdev *mdev;
	unsigned int opened;
};

static void marker_free(struct unmap_marker *marker)
{
	vfio_ap_mdev_put(marker->mdev);
	kfree(marker);
}

static int marker_release(struct inode *inode, struct file *file)
{
	struct unmap_marker *marker = file->private_data;

	unmap_end(&marker->mdev->interrupts, marker->opened, jiffies);
	marker_free(marker);
	return 0;
}

static const struct file_operations marker_fops = {
	.owner = THIS_MODULE,
	.release = marker_release,
};

static struct unmap_marker *marker_new(struct vfio_ap_mdev *mdev)
{
	struct unmap_marker *marker = kmalloc(sizeof(*marker), GFP_KERNEL_ACCOUNT);

	if (!marker)
		return NULL;
	vfio_ap_mdev_get(mdev);
	marker->mdev = mdev;
	marker->opened = mdev->interrupts.opened;
	return marker;
}

/*
 * The kernel calls the release of a file whose last reference is dropped in a system call
 * when the thread is about to return to its program: here, when type1 is through.
 */
static bool end_on_return(struct vfio_ap_mdev *mdev)
{
	struct unmap_marker *marker = marker_new(mdev);
	struct file *file;

	if (!marker)
		return false;
	file = anon_inode_getfile("[vfio_ap_unmap]", &marker_fops, marker, O_RDONLY);
	if (IS_ERR(file)) {
		marker_free(marker);
		return false;
	}
	fput(file);
	return true;
}

/*
 * type1 looks whether something is pinned still, or again, and calls once more. Between
 * two calls may be whatever time other devices of the container need, or the VMM likes to
 * keep type1's lock. iommufd itself refuses pins.
 */
static void unmap_finish(struct vfio_ap_mdev *mdev)
{
	struct vfio_ap_interrupts *all = &mdev->interrupts;

	if (ap_vfio_uses_iommufd(&mdev->vdev))
		unmap_end(all, all->opened, jiffies);
	else if (!end_on_return(mdev))
		unmap_end(all, all->opened, jiffies + HOLD_OFF);
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
	struct vfio_ap_interrupt *interrupt;
	u64 last = iova + length - 1;
	bool found = false;

	if (DEFECT(B17))
		disable_all(mdev);
	if (DEFECT(B18))
		state_lock();
	spin_lock(&all->lock);
	all->unmapping++;
	list_for_each_entry(interrupt, &all->list, node)
		if (is_within(interrupt, iova, last)) {
			unmap_one(interrupt);
			found = true;
		}
	spin_unlock(&all->lock);
	if (DEFECT(B18))
		state_unlock();
	if (found)
		unmap_wait(mdev, iova, last);
	unmap_finish(mdev);
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
	struct vfio_ap_interrupt *interrupt;

	spin_lock(&interrupts->lock);
	list_for_each_entry(interrupt, &interrupts->list, node)
		unpin_later(interrupt);
	spin_unlock(&interrupts->lock);
	destroy_workqueue(interrupts->queue);
}
