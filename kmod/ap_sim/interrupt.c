// SPDX-License-Identifier: GPL-2.0
/*
 * An enabled interrupt: each reply that gets ready makes the card write the
 * notification byte and signal the guest.
 *
 * Both happen with the queue's lock held. A driver that saw the interrupt disabled,
 * or a reset complete, thus knows that the card is through with its page.
 */
#include <linux/highmem.h>
#include <linux/io.h>

#include "card_queue.h"
#include "hardware.h"

#define NOTIFICATION	0x80

static void write_notification_byte(phys_addr_t nib)
{
	u8 *page = kmap_local_pfn(PHYS_PFN(nib));

	WRITE_ONCE(page[offset_in_page(nib)], NOTIFICATION);
	kunmap_local(page);
}

/* The host's own interrupts have no byte; nobody waits for them. */
static void notify(struct ap_card_queue *queue)
{
	if (!queue->irq.nib)
		return;
	write_notification_byte(queue->irq.nib);
	queue->counters.notifications++;
	ap_guest_isc_signal(queue->irq.gisa, queue->irq.isc);
}

static struct ap_message *first_unnotified(struct ap_card_queue *queue)
{
	struct ap_message *message;

	list_for_each_entry(message, &queue->messages, node) {
		if (!message->notified)
			return message;
	}
	return NULL;
}

/* Set the timer to the next notification, if there will be one. */
void ap_interrupt_arm(struct ap_card_queue *queue)
{
	struct ap_message *message = first_unnotified(queue);
	ktime_t when;
	s64 delay;

	lockdep_assert_held(&queue->lock);
	if (!message)
		return;
	when = message->ready;
	if (queue->irq_pending && queue->irq_next.enable)
		when = max(when, ktime_add_ms(queue->irq_start, queue->faults.aqic_ms));
	else if (!queue->irq.enable)
		return;
	delay = max_t(s64, ktime_sub(when, ktime_get()), 0);
	mod_timer(&queue->timer, jiffies + nsecs_to_jiffies(delay) + 1);
}

/**
 * ap_interrupt_deliver - notify of the replies that got ready
 * @queue: the queue, whose lock is held
 *
 * The timer is late by up to a jiffy, so a guest may fetch a reply before it expires:
 * that must not swallow the interrupt.
 */
void ap_interrupt_deliver(struct ap_card_queue *queue)
{
	struct ap_message *message;

	lockdep_assert_held(&queue->lock);
	while (queue->irq.enable) {
		message = first_unnotified(queue);
		if (!message || !ap_message_ready(message))
			break;
		message->notified = true;
		notify(queue);
	}
}

/* No notification byte is written until the interrupt is enabled again. */
void ap_interrupt_forget(struct ap_card_queue *queue)
{
	lockdep_assert_held(&queue->lock);
	queue->irq.enable = false;
	queue->irq_pending = false;
}

void ap_interrupt_expired(struct timer_list *timer)
{
	struct ap_card_queue *queue = container_of(timer, struct ap_card_queue, timer);
	unsigned long flags;

	spin_lock_irqsave(&queue->lock, flags);
	ap_card_queue_advance(queue);
	ap_interrupt_deliver(queue);
	ap_interrupt_arm(queue);
	spin_unlock_irqrestore(&queue->lock, flags);
}
