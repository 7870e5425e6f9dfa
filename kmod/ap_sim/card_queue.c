// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>
#include <linux/xarray.h>

#include "card_queue.h"

DEFINE_XARRAY(ap_card_queues);

struct ap_queue_faults ap_no_faults(void)
{
	return (struct ap_queue_faults){ .reset_ms = ap_default_reset_ms };
}

struct ap_card_queue *ap_card_queue_find(u16 apqn)
{
	return xa_load(&ap_card_queues, apqn);
}

struct ap_card_queue *ap_card_queue_create(u16 apqn)
{
	struct ap_card_queue *queue = ap_card_queue_find(apqn), *other;

	if (queue)
		return queue;
	queue = kzalloc(sizeof(*queue), GFP_KERNEL);
	if (!queue)
		return NULL;
	spin_lock_init(&queue->lock);
	queue->apqn = apqn;
	queue->faults = ap_no_faults();
	INIT_LIST_HEAD(&queue->messages);
	timer_setup(&queue->timer, ap_interrupt_expired, 0);

	other = xa_cmpxchg(&ap_card_queues, apqn, NULL, queue, GFP_KERNEL);
	if (!other)
		return queue;
	kfree(queue);
	return xa_is_err(other) ? NULL : other;
}

void ap_card_queue_flush(struct ap_card_queue *queue)
{
	struct ap_message *message, *next;

	list_for_each_entry_safe(message, next, &queue->messages, node)
		kfree(message);
	INIT_LIST_HEAD(&queue->messages);
	queue->n_messages = 0;
}

void ap_card_queues_destroy(void)
{
	struct ap_card_queue *queue;
	unsigned long apqn;

	for_each_card_queue(apqn, queue) {
		timer_shutdown_sync(&queue->timer);
		ap_card_queue_flush(queue);
		kfree(queue);
	}
	xa_destroy(&ap_card_queues);
}

static bool time_over(ktime_t start, unsigned int ms)
{
	return ktime_compare(ktime_get(), ktime_add_ms(start, ms)) >= 0;
}

static void complete_interrupt_control(struct ap_card_queue *queue)
{
	if (!queue->irq_pending || !time_over(queue->irq_start, queue->faults.aqic_ms))
		return;
	queue->irq = queue->irq_next;
	queue->irq_pending = false;
}

/*
 * Until here the queue keeps everything: the interrupt, so that a driver that frees
 * the notification byte too early is found out, and the data.
 */
static void clean(struct ap_card_queue *queue)
{
	ap_card_queue_flush(queue);
	ap_interrupt_forget(queue);
	if (queue->zeroize) {
		queue->owner = 0;
		queue->used = false;
	}
	queue->counters.resets_completed++;
}

static void complete_reset(struct ap_card_queue *queue)
{
	struct ap_queue_faults *faults = &queue->faults;

	if (!queue->resetting || faults->stuck ||
	    !time_over(queue->reset_start, faults->reset_ms))
		return;
	queue->resetting = false;
	if (faults->async.left) {
		if (faults->async.left != AP_FOREVER)
			faults->async.left--;
		queue->async_rc = faults->async.rc;
		return;
	}
	clean(queue);
}

/* Catch up with what the time has brought about. */
void ap_card_queue_advance(struct ap_card_queue *queue)
{
	lockdep_assert_held(&queue->lock);
	complete_interrupt_control(queue);
	complete_reset(queue);
}

bool ap_message_ready(const struct ap_message *message)
{
	return ktime_compare(ktime_get(), message->ready) >= 0;
}
