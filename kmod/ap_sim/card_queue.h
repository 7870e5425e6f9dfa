/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One queue inside a simulated card: its state, its faults, its counters.
 */
#ifndef AP_SIM_CARD_QUEUE_H
#define AP_SIM_CARD_QUEUE_H

#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

#include "../include/ap_hw.h"

enum ap_instruction {
	AP_TAPQ,
	AP_RAPQ,
	AP_ZAPQ,
	AP_AQIC,
	AP_NQAP,
	AP_DQAP,
	AP_INSTRUCTIONS,
};

/**
 * struct ap_rc_override - a response code instead of the execution of an instruction
 * @rc: the response code
 * @left: how many more times; AP_FOREVER: until changed
 */
struct ap_rc_override {
	u8 rc;
	unsigned int left;
};

#define AP_FOREVER	UINT_MAX

/**
 * struct ap_queue_faults - how a queue behaves
 * @reset_ms: duration of a reset
 * @stuck: no reset completes
 * @aqic_ms: time until a change of the interrupt control becomes effective
 * @message_ms: processing time of a message
 * @rc: response codes by instruction
 * @async: resets end with this asynchronous error or 00; the queue is not reset then
 */
struct ap_queue_faults {
	unsigned int reset_ms;
	bool stuck;
	unsigned int aqic_ms;
	unsigned int message_ms;
	struct ap_rc_override rc[AP_INSTRUCTIONS];
	struct ap_rc_override async;
};

/**
 * struct ap_queue_counters - what happened to a queue
 * @executed: instructions, the refused ones included
 * @resets_started: RAPQ and ZAPQ that answered 00
 * @resets_completed: resets that ended with a clean queue
 * @messages: messages accepted
 * @replies: replies fetched
 * @notifications: notification bytes written
 * @violations: instructions of a guest on a queue with another guest's data
 * @premature: times it was shown to a guest though its last user's reset was not complete
 */
struct ap_queue_counters {
	u64 executed[AP_INSTRUCTIONS];
	u64 resets_started;
	u64 resets_completed;
	u64 messages;
	u64 replies;
	u64 notifications;
	u64 violations;
	u64 premature;
};

/**
 * struct ap_card_queue - a queue inside a card
 * @lock: guards all the rest; taken with interrupts off, also by @timer
 * @apqn: adapter and domain number
 * @faults: how it behaves
 * @counters: what happened to it
 * @resetting: a reset started at @reset_start is not complete; @zeroize: it is a ZAPQ
 * @async_rc: asynchronous error that the last reset ended with, 0 if none
 * @irq: interrupt control in effect
 * @irq_pending: @irq_next becomes effective @faults.aqic_ms after @irq_start
 * @messages: messages and replies, oldest first, @n_messages of them
 * @owner: the guest whose data is in the queue, 0 if none; only a completed ZAPQ clears it
 * @used: a guest executed something other than TAPQ since the last completed ZAPQ
 * @timer: writes notification bytes
 *
 * Resets and interrupt control have no timers: whether the time is over is found
 * out when somebody looks, so that a fault changed meanwhile counts.
 */
struct ap_card_queue {
	spinlock_t lock;
	u16 apqn;
	struct ap_queue_faults faults;
	struct ap_queue_counters counters;
	bool resetting;
	bool zeroize;
	ktime_t reset_start;
	u8 async_rc;
	struct ap_aqic_request irq;
	bool irq_pending;
	struct ap_aqic_request irq_next;
	ktime_t irq_start;
	struct list_head messages;
	unsigned int n_messages;
	u64 owner;
	bool used;
	struct timer_list timer;
};

/**
 * struct ap_message - a message inside a card, later its reply
 * @node: in ap_card_queue.messages
 * @psmid: program-supplied identifier
 * @ready: when the reply is ready
 * @notified: the notification byte has been written for this reply
 * @length: number of bytes in @data
 */
struct ap_message {
	struct list_head node;
	u64 psmid;
	ktime_t ready;
	bool notified;
	u32 length;
	u8 data[];
};

/* The queue; made if there was none. NULL if out of memory. Sleeps. */
struct ap_card_queue *ap_card_queue_create(u16 apqn);

/* The queue, NULL if there never was one. Queues live until the module unloads. */
struct ap_card_queue *ap_card_queue_find(u16 apqn);
void ap_card_queues_destroy(void);

/* Reset time of queues without a time of their own. */
extern unsigned int ap_default_reset_ms;

/* The behaviour of a queue without faults. */
struct ap_queue_faults ap_no_faults(void);

/* With the queue's lock: */
void ap_card_queue_advance(struct ap_card_queue *queue);
void ap_card_queue_flush(struct ap_card_queue *queue);
bool ap_message_ready(const struct ap_message *message);
void ap_interrupt_deliver(struct ap_card_queue *queue);
void ap_interrupt_arm(struct ap_card_queue *queue);
void ap_interrupt_forget(struct ap_card_queue *queue);

/* The timer function, with @timer of the queue. */
void ap_interrupt_expired(struct timer_list *timer);

#define for_each_card_queue(apqn, queue) \
	xa_for_each(&ap_card_queues, apqn, queue)

extern struct xarray ap_card_queues;

#endif
