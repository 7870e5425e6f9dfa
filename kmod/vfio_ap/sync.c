// SPDX-License-Identifier: GPL-2.0
/*
 * Plug and unplug.
 *
 * The order in which a guest gets and loses a queue: the queue is marked as held,
 * the masks are set; the masks are set, the queue is marked as lost, its reset
 * starts. So a queue that no guest holds is in no APCB.
 */
#include <linux/jiffies.h>
#include <linux/sched/signal.h>

#include "defect.h"
#include "filter.h"
#include "guest.h"
#include "locks.h"
#include "matrix.h"
#include "mdev.h"
#include "pause.h"
#include "queue.h"
#include "reset.h"

/*
 * How long until a busy guest is tried again. A worker that waited would be one less for the
 * other guests, and there is a limit to their number.
 */
#define RETRY_INTERVAL	msecs_to_jiffies(5)

static struct workqueue_struct *guest_queue;

int vfio_ap_sync_start(void)
{
	guest_queue = alloc_workqueue("vfio_ap_guest", WQ_UNBOUND, 0);
	return guest_queue ? 0 : -ENOMEM;
}

void vfio_ap_sync_stop(void)
{
	destroy_workqueue(guest_queue);
}

void vfio_ap_sync_flush(void)
{
	flush_workqueue(guest_queue);
}

void vfio_ap_guest_work(struct work_struct *work)
{
	queue_work(guest_queue, work);
}

bool vfio_ap_guest_retry(struct delayed_work *work)
{
	return queue_delayed_work(guest_queue, work, RETRY_INTERVAL);
}

static bool is_passable(const void *attachment, u16 apqn)
{
	return vfio_ap_queue_passable(vfio_ap_queue_find(apqn), attachment);
}

/**
 * vfio_ap_shadow_compute - what a guest shall have
 * @mdev: its device
 * @shadow: out: the masks
 *
 * With M held. Depends on nothing but the present state.
 */
void vfio_ap_shadow_compute(const struct vfio_ap_mdev *mdev, struct ap_matrix *shadow)
{
	state_assert_locked();
	if (mdev->removing)
		*shadow = (struct ap_matrix){};
	else
		ap_filter(&mdev->matrix, vfio_ap_host_matrix(), is_passable, mdev->attachment,
			  shadow);
}

/* With M held: whether the guest must change. */
static bool guest_is_outdated(const struct vfio_ap_attachment *attachment)
{
	struct ap_matrix next;

	vfio_ap_shadow_compute(attachment->mdev, &next);
	if (DEFECT(F5) || attachment->changing || !ap_matrix_equal(&next, &attachment->mdev->shadow))
		return true;
	return attachment->present && !ap_matrix_equal(&next, &attachment->apcb);
}

static bool is_unchanged(const struct ap_matrix *next, const struct ap_matrix *before)
{
	if (DEFECT(F6) && (ap_mask_empty(&next->apm) || ap_mask_empty(&next->aqm)))
		return true;
	return ap_matrix_equal(next, before) && !DEFECT(F5);
}

/**
 * vfio_ap_sync_guest - give a guest what it shall have
 * @attachment: the guest
 * @settle: the bus caused it
 *
 * With K held, but not G. Sets the masks once, if they differ, and starts the resets of
 * the queues that the guest lost.
 */
void vfio_ap_sync_guest(struct vfio_ap_attachment *attachment, bool settle)
{
	struct vfio_ap_mdev *mdev = attachment->mdev;
	struct vfio_ap_eventfd *changed;
	struct ap_matrix before, next;

	guest_assert_locked(attachment->guest);
	state_lock();
	if (!attachment->attached) {
		state_unlock();
		return;
	}
	vfio_ap_shadow_compute(mdev, &next);
	mdev->shadow = next;
	before = attachment->apcb;
	if (!attachment->present || is_unchanged(&next, &before)) {
		state_unlock();
		return;
	}
	vfio_ap_queues_expose(attachment, &next);
	/* Nothing may be done to a queue that appears before it has, or disappears. */
	attachment->apcb = ap_matrix_and(&before, &next);
	attachment->changing = true;
	changed = vfio_ap_eventfd_get(mdev, VFIO_AP_EVENT_CFG_CHG);
	state_unlock();

	PAUSE("sync-published");
	ap_guest_ops_get()->set_masks(attachment->guest, &next);
	PAUSE("sync-masks-set");

	state_lock();
	attachment->apcb = next;
	attachment->changing = false;
	vfio_ap_queues_withdraw(attachment, &before, &next, settle);
	state_unlock();
	vfio_ap_eventfd_signal_put(changed);
}

/* With G held: the attachment with a reference, if the guest must change. */
static struct vfio_ap_attachment *outdated_get(struct vfio_ap_mdev *mdev)
{
	struct vfio_ap_attachment *attachment;

	guests_assert_locked();
	state_lock();
	attachment = mdev->attachment;
	if (!attachment)
		vfio_ap_shadow_compute(mdev, &mdev->shadow);
	else if (guest_is_outdated(attachment))
		vfio_ap_attachment_get(attachment);
	else
		attachment = NULL;
	state_unlock();
	return attachment;
}

static bool try_guest(struct ap_guest *guest)
{
	if (!DEFECT(E15))
		return guest_trylock(guest);
	guest_lock(guest);
	return true;
}

/* With none of our locks held: false if the guest must change and its lock is busy. */
static bool try_sync(struct vfio_ap_mdev *mdev, bool settle)
{
	struct vfio_ap_attachment *attachment;
	bool locked;

	guests_lock();
	attachment = outdated_get(mdev);
	locked = attachment && try_guest(attachment->guest);
	guests_unlock();
	if (!attachment)
		return true;
	if (DEFECT(B43) && !locked && current_work()) {
		guest_lock(attachment->guest);
		locked = true;
	}
	if (locked) {
		vfio_ap_sync_guest(attachment, settle);
		guest_unlock(attachment->guest);
	}
	vfio_ap_attachment_put(attachment);
	return locked;
}

/**
 * vfio_ap_sync - bring a device, and its guest if there is one, up to date
 * @mdev: the device
 * @settle: the bus caused it
 *
 * With none of our locks held. Does not wait: if the guest's lock is busy, a worker
 * does it later.
 */
void vfio_ap_sync(struct vfio_ap_mdev *mdev, bool settle)
{
	if (try_sync(mdev, settle))
		return;
	state_lock();
	vfio_ap_sync_later(mdev, settle);
	state_unlock();
}

/* With M held: let the worker do it. */
void vfio_ap_sync_later(struct vfio_ap_mdev *mdev, bool settle)
{
	struct vfio_ap_sync *sync = &mdev->sync;

	state_assert_locked();
	if (settle) {
		sync->settle = true;
		sync->caused = jiffies;
	}
	vfio_ap_mdev_get(mdev);
	/* If it is queued already it has a reference, so this is not the last one. */
	if (queue_delayed_work(guest_queue, &sync->work, 0))
		WRITE_ONCE(sync->pending, sync->pending + 1);
	else
		vfio_ap_mdev_put(mdev);
}

/* The work is done, or cancelled. */
static void sync_done(struct vfio_ap_mdev *mdev)
{
	struct vfio_ap_sync *sync = &mdev->sync;

	state_lock();
	WRITE_ONCE(sync->pending, sync->pending - 1);
	if (!sync->pending)
		sync->settle = false;
	state_unlock();
	wake_up_all(&sync->wait);
	vfio_ap_mdev_put(mdev);
}

static void sync_work(struct work_struct *work)
{
	struct vfio_ap_sync *sync =
		container_of(to_delayed_work(work), struct vfio_ap_sync, work);
	struct vfio_ap_mdev *mdev = container_of(sync, struct vfio_ap_mdev, sync);
	bool settle;

	state_lock();
	settle = sync->settle;
	state_unlock();
	if (try_sync(mdev, settle) || !vfio_ap_guest_retry(&sync->work))
		sync_done(mdev);
}

void vfio_ap_sync_init(struct vfio_ap_sync *sync)
{
	INIT_DELAYED_WORK(&sync->work, sync_work);
	init_waitqueue_head(&sync->wait);
}

/**
 * vfio_ap_sync_cancel - nothing is to be brought up to date any more
 * @mdev: the device, which is closed and in no list
 *
 * With none of our locks held, and a reference to the device. Somebody who found the guest's lock
 * busy before the close may queue the work once more; it has a reference, and finds nothing to do.
 */
void vfio_ap_sync_cancel(struct vfio_ap_mdev *mdev)
{
	if (cancel_delayed_work_sync(&mdev->sync.work))
		sync_done(mdev);
}

/* Devices that are not in use are brought up to date, the others are marked. */
static void mark_all(void)
{
	struct vfio_ap_mdev *mdev;

	state_lock();
	for_each_vfio_ap_mdev(mdev) {
		if (mdev->attachment)
			mdev->sync.stale = guest_is_outdated(mdev->attachment);
		else
			vfio_ap_shadow_compute(mdev, &mdev->shadow);
	}
	state_unlock();
}

/* The first device that was marked, with a reference and without the mark; NULL if there is none. */
static struct vfio_ap_mdev *stale_get(void)
{
	struct vfio_ap_mdev *mdev;

	state_lock();
	for_each_vfio_ap_mdev(mdev)
		if (mdev->sync.stale) {
			mdev->sync.stale = false;
			vfio_ap_mdev_get(mdev);
			break;
		}
	state_unlock();
	return mdev;
}

/* If the worker is at it already, somebody else has caused it. */
static void sync_all_later(struct vfio_ap_mdev *mdev, bool settle)
{
	state_lock();
	vfio_ap_sync_later(mdev, settle && !mdev->sync.pending);
	state_unlock();
}

/**
 * vfio_ap_sync_all - bring all devices up to date
 * @settle: the bus caused it
 *
 * With none of our locks held. Touches only the guests that have to change.
 */
void vfio_ap_sync_all(bool settle)
{
	struct vfio_ap_mdev *mdev;

	mark_all();
	while ((mdev = stale_get())) {
		if (!try_sync(mdev, settle))
			sync_all_later(mdev, settle);
		vfio_ap_mdev_put(mdev);
	}
}

/**
 * vfio_ap_sync_wait - wait until the worker has brought a device up to date
 * @mdev: the device
 * @deadline: when to give up, in jiffies
 *
 * With none of our locks held. Returns early if the caller is killed.
 */
void vfio_ap_sync_wait(struct vfio_ap_mdev *mdev, unsigned long deadline)
{
	long left = deadline - jiffies;

	wait_event_killable_timeout(mdev->sync.wait, !READ_ONCE(mdev->sync.pending),
				    max(left, 0L));
}

/* A device that the worker is at because of what the bus did since then, with a reference, or NULL. */
static struct vfio_ap_mdev *unsettled_get(unsigned long began)
{
	struct vfio_ap_mdev *mdev;

	state_lock();
	for_each_vfio_ap_mdev(mdev)
		if (mdev->sync.pending && mdev->sync.settle &&
		    !time_before(mdev->sync.caused, began)) {
			vfio_ap_mdev_get(mdev);
			break;
		}
	state_unlock();
	return mdev;
}

static void settle_guests(unsigned long began, unsigned long deadline)
{
	struct vfio_ap_mdev *mdev;

	while (time_before(jiffies, deadline) && !fatal_signal_pending(current) &&
	       (mdev = unsettled_get(began))) {
		vfio_ap_sync_wait(mdev, deadline);
		vfio_ap_mdev_put(mdev);
	}
}

/**
 * vfio_ap_settle - wait for what the bus caused
 * @began: since when, in jiffies
 * @deadline: when to give up, in jiffies
 *
 * With no lock held, after a scan, a change of the bus's masks, or the like. What was
 * caused before, and never ends, delays nobody.
 */
void vfio_ap_settle(unsigned long began, unsigned long deadline)
{
	settle_guests(began, deadline);
	vfio_ap_resets_settle(began, deadline);
	settle_guests(began, deadline);
}
