// SPDX-License-Identifier: GPL-2.0
/*
 * The table of queues, the driver on the AP bus, and which guest holds which queue.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "attributes.h"
#include "core_calls.h"
#include "defect.h"
#include "guest.h"
#include "interrupt.h"
#include "locks.h"
#include "matrix.h"
#include "mdev.h"
#include "pause.h"
#include "pin.h"
#include "queue.h"
#include "reset.h"

/* By APQN; each entry holds a reference. M. */
static DEFINE_XARRAY(queues);

void vfio_ap_queue_get(struct vfio_ap_queue *queue)
{
	kref_get(&queue->ref);
}

static void queue_free(struct kref *ref)
{
	kfree(container_of(ref, struct vfio_ap_queue, ref));
}

void vfio_ap_queue_put(struct vfio_ap_queue *queue)
{
	kref_put(&queue->ref, queue_free);
}

struct vfio_ap_queue *vfio_ap_queue_find(u16 apqn)
{
	state_assert_locked();
	return xa_load(&queues, apqn);
}

/* The queue after @queue, the first one after NULL. */
struct vfio_ap_queue *vfio_ap_queue_next(struct vfio_ap_queue *queue)
{
	unsigned long apqn = queue ? queue->apqn : 0;

	state_assert_locked();
	if (!queue)
		return xa_find(&queues, &apqn, ULONG_MAX, XA_PRESENT);
	return xa_find_after(&queues, &apqn, ULONG_MAX, XA_PRESENT);
}

bool vfio_ap_queue_is_in(const struct vfio_ap_queue *queue, const struct ap_matrix *matrix)
{
	return ap_matrix_has_queue(matrix, AP_APQN_APID(queue->apqn), AP_APQN_APQI(queue->apqn));
}

/**
 * vfio_ap_queue_is_with - whether a guest has a queue
 * @queue: the queue
 * @attachment: the guest
 *
 * With M held. One that is about to appear in the guest or to disappear is not with it.
 *
 * Return: true if so.
 */
bool vfio_ap_queue_is_with(const struct vfio_ap_queue *queue,
			   const struct vfio_ap_attachment *attachment)
{
	state_assert_locked();
	return queue->bound && queue->holder == attachment &&
	       vfio_ap_queue_is_in(queue, &attachment->apcb);
}

/**
 * vfio_ap_queue_passable - whether a guest may have a queue
 * @queue: the queue or NULL
 * @attachment: the guest; NULL for a device that is not in use
 *
 * Return: true if so.
 */
bool vfio_ap_queue_passable(const struct vfio_ap_queue *queue,
			    const struct vfio_ap_attachment *attachment)
{
	state_assert_locked();
	if (!queue || !queue->bound)
		return false;
	if (queue->holder)
		return queue->holder == attachment && !queue->failed;
	return queue->clean;
}

/**
 * vfio_ap_queues_expose - queues are about to appear in an APCB
 * @attachment: the guest
 * @apcb: its new masks
 *
 * With K and M held, before the masks are set.
 */
void vfio_ap_queues_expose(struct vfio_ap_attachment *attachment, const struct ap_matrix *apcb)
{
	struct vfio_ap_queue *queue;
	unsigned int apid, apqi;

	guest_assert_locked(attachment->guest);
	for_each_ap_id(apid, &apcb->apm)
		for_each_ap_id(apqi, &apcb->aqm) {
			queue = vfio_ap_queue_find(AP_APQN(apid, apqi));
			if (queue->holder)
				continue;
			vfio_ap_attachment_get(attachment);
			queue->holder = attachment;
			queue->clean = false;
		}
}

static void queue_withdraw(struct vfio_ap_queue *queue, bool settle)
{
	vfio_ap_attachment_put(queue->holder);
	queue->holder = NULL;
	queue->failed = false;
	/* Its VMM may keep it as long as it likes; the next guest does not wait for that. */
	queue->aqic = NULL;
	vfio_ap_queue_park(queue);
	/* A queue that has left the driver is the bus's own business. */
	vfio_ap_reset_start(queue, settle && queue->bound);
	vfio_ap_queue_retire(queue);
}

/**
 * vfio_ap_queues_withdraw - queues have disappeared from an APCB
 * @attachment: the guest
 * @before: masks that it had
 * @now: masks that it has
 * @settle: the bus caused it
 *
 * With K and M held, after the masks were set. Starts the resets.
 */
void vfio_ap_queues_withdraw(struct vfio_ap_attachment *attachment, const struct ap_matrix *before,
			     const struct ap_matrix *now, bool settle)
{
	struct vfio_ap_queue *queue;
	unsigned int apid, apqi;

	guest_assert_locked(attachment->guest);
	for_each_ap_id(apid, &before->apm)
		for_each_ap_id(apqi, &before->aqm) {
			if (ap_matrix_has_queue(now, apid, apqi))
				continue;
			queue = vfio_ap_queue_find(AP_APQN(apid, apqi));
			if (queue && queue->holder == attachment)
				queue_withdraw(queue, settle);
		}
}

/* Keep what the guest enabled until the next verified reset. */
void vfio_ap_queue_park(struct vfio_ap_queue *queue)
{
	state_assert_locked();
	if (!queue->interrupt)
		return;
	vfio_ap_interrupt_disarm(queue->interrupt);
	list_add(&queue->interrupt->parked, &queue->parked);
	queue->interrupt = NULL;
}

/**
 * vfio_ap_queue_drop_interrupt - the card confirmed that an interrupt is disabled
 * @interrupt: the interrupt; the caller keeps its own reference
 *
 * With no lock but H (read) held. Does nothing if the queue has another one by now,
 * or waits for a reset.
 */
void vfio_ap_queue_drop_interrupt(struct vfio_ap_interrupt *interrupt)
{
	struct vfio_ap_queue *queue;
	bool dropped = false;

	state_lock();
	queue = vfio_ap_queue_find(interrupt->apqn);
	if (queue && queue->interrupt == interrupt) {
		queue->interrupt = NULL;
		vfio_ap_interrupt_disarm(interrupt);
		dropped = true;
	}
	state_unlock();
	if (!dropped)
		return;
	PAUSE("interrupt-dropped");
	vfio_ap_interrupt_release(interrupt);
}

/**
 * vfio_ap_queue_retire - forget a queue that is not bound, if nothing of it is left
 * @queue: the queue; the caller or the table has a reference
 *
 * With M held. Then the bus resets and verifies it before it offers it to anybody.
 */
void vfio_ap_queue_retire(struct vfio_ap_queue *queue)
{
	bool listed;

	state_assert_locked();
	if (queue->bound || queue->holder || queue->interrupt || !list_empty(&queue->parked))
		return;
	vfio_ap_reset_cancel(queue);
	listed = xa_load(&queues, queue->apqn) == queue;
	if (listed)
		xa_erase(&queues, queue->apqn);
	/* From here on the bus may offer it, and that finds its place free. */
	if (queue->kept)
		ap_hw_get()->unhold(queue->apqn);
	queue->kept = false;
	if (listed)
		vfio_ap_queue_put(queue);
}

static struct vfio_ap_queue *queue_new(u16 apqn)
{
	struct vfio_ap_queue *queue = kzalloc(sizeof(*queue), GFP_KERNEL);

	if (!queue)
		return NULL;
	kref_init(&queue->ref);
	queue->apqn = apqn;
	queue->bound = true;
	queue->clean = true;
	INIT_LIST_HEAD(&queue->parked);
	vfio_ap_reset_init(queue);
	return queue;
}

/* With M: the device that has the queue, with a reference, or NULL. */
static struct vfio_ap_mdev *owner_get(u16 apqn)
{
	struct vfio_ap_mdev *mdev = vfio_ap_mdev_of_queue(apqn);

	if (DEFECT(B16))
		mdev = vfio_ap_linked(apqn);
	if (mdev)
		vfio_ap_mdev_get(mdev);
	return mdev;
}

static int queue_insert(struct vfio_ap_queue *queue, struct vfio_ap_mdev **mdev)
{
	int ret;

	ret = vfio_ap_core_reserve(&queues, queue->apqn);
	if (ret)
		return DEFECT(F9) ? 0 : ret;
	state_lock();
	if (vfio_ap_queue_find(queue->apqn))
		ret = -EBUSY;
	else
		ret = xa_err(xa_store(&queues, queue->apqn, queue, 0));
	if (!ret) {
		vfio_ap_queue_get(queue);
		*mdev = owner_get(queue->apqn);
	}
	state_unlock();
	return ret;
}

static void owner_sync_put(struct vfio_ap_mdev *mdev)
{
	if (!mdev)
		return;
	vfio_ap_sync(mdev, true);
	vfio_ap_mdev_put(mdev);
}

/* The bus verified a reset; the reference of the device goes with its driver data. */
static int queue_probe(struct ap_queue_device *device)
{
	struct vfio_ap_queue *queue = queue_new(device->apqn);
	struct vfio_ap_mdev *mdev = NULL;
	int ret;

	if (!queue)
		return -ENOMEM;
	ret = queue_insert(queue, &mdev);
	if (ret) {
		vfio_ap_queue_put(queue);
		return ret;
	}
	dev_set_drvdata(&device->device, queue);
	owner_sync_put(mdev);
	return 0;
}

/*
 * The queue goes. If it is in a guest, that loses it as soon as its lock is free; if
 * a card may still write to a page, that waits for a reset. The bus is told to offer
 * the queue to nobody until then, and nobody waits here.
 */
static void queue_remove(struct ap_queue_device *device)
{
	struct vfio_ap_queue *queue = dev_get_drvdata(&device->device);
	struct vfio_ap_mdev *mdev;

	dev_set_drvdata(&device->device, NULL);
	state_lock();
	queue->bound = false;
	queue->kept = true;
	ap_hw_get()->hold(queue->apqn);
	mdev = owner_get(queue->apqn);
	state_unlock();
	PAUSE("queue-removed");
	owner_sync_put(mdev);
	state_lock();
	vfio_ap_queue_retire(queue);
	state_unlock();
	vfio_ap_queue_put(queue);
}

static int queues_in_use(const struct ap_mask *apm, const struct ap_mask *aqm)
{
	const struct ap_matrix wanted = { .apm = *apm, .aqm = *aqm };

	owners_assert_locked();
	return vfio_ap_matrix_in_use(&wanted);
}

/* Adapter types from CEX4 on. */
static const struct ap_device_id queue_ids[] = {
	{ .dev_type = AP_TYPE_CEX4, .match_flags = AP_DEVICE_ID_MATCH_QUEUE_TYPE },
	{ .dev_type = AP_TYPE_CEX5, .match_flags = AP_DEVICE_ID_MATCH_QUEUE_TYPE },
	{ .dev_type = AP_TYPE_CEX6, .match_flags = AP_DEVICE_ID_MATCH_QUEUE_TYPE },
	{ .dev_type = AP_TYPE_CEX7, .match_flags = AP_DEVICE_ID_MATCH_QUEUE_TYPE },
	{ .dev_type = AP_TYPE_CEX8, .match_flags = AP_DEVICE_ID_MATCH_QUEUE_TYPE },
	{ }
};

static struct ap_queue_driver queue_driver = {
	.driver = {
		.name = "vfio_ap",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
		.dev_groups = vfio_ap_queue_groups,
	},
	.ids = queue_ids,
	.probe = queue_probe,
	.remove = queue_remove,
	.in_use = queues_in_use,
	.config_changed = vfio_ap_config_changed,
	.scan_complete = vfio_ap_scan_complete,
	.settle = vfio_ap_settle,
};

int vfio_ap_queues_start(void)
{
	int ret;

	ret = vfio_ap_reset_start_engine();
	if (ret)
		return ret;
	ret = ap_queue_driver_register(&queue_driver);
	if (ret)
		vfio_ap_reset_stop_engine();
	return ret;
}

/* No device exists any more. */
void vfio_ap_queues_stop(void)
{
	ap_queue_driver_unregister(&queue_driver);
	vfio_ap_reset_stop_engine();
	xa_destroy(&queues);
}
