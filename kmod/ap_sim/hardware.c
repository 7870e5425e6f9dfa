// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>

#include "card_queue.h"
#include "hardware.h"
#include "instruction_log.h"
#include "topology.h"

/**
 * struct execution - an instruction being executed
 * @caller: by whom
 * @instruction: which
 * @apqn: on which queue
 * @adapter: the adapter as it is now
 * @queue: the queue, locked; NULL if there is none
 * @flags: of the queue's lock
 * @rc: response code; not 00: the instruction must not be carried out
 * @async: @rc is an asynchronous error
 * @residue: a foreign owner whose data is in the queue, 0 if none
 */
struct execution {
	const struct ap_caller *caller;
	enum ap_instruction instruction;
	u16 apqn;
	struct ap_adapter adapter;
	struct ap_card_queue *queue;
	unsigned long flags;
	u8 rc;
	bool async;
	u64 residue;
};

/* The response code that a fault asks for, if it does. */
static bool overridden(struct execution *x)
{
	struct ap_rc_override *override = &x->queue->faults.rc[x->instruction];

	if (!override->left)
		return false;
	if (override->left != AP_FOREVER)
		override->left--;
	x->rc = override->rc;
	return true;
}

static void check_state(struct execution *x)
{
	bool reset = x->instruction == AP_RAPQ || x->instruction == AP_ZAPQ;

	if (overridden(x))
		return;
	if (!x->adapter.configured) {
		x->rc = AP_RC_DECONFIGURED;
	} else if (x->adapter.checkstopped) {
		x->rc = AP_RC_CHECKSTOPPED;
	} else if (x->queue->resetting) {
		x->rc = AP_RC_RESET_IN_PROGRESS;
	} else if (x->queue->async_rc && !reset) {
		x->rc = x->queue->async_rc;
		x->async = true;
	}
}

static void check_isolation(struct execution *x)
{
	struct ap_card_queue *queue = x->queue;

	if (x->caller->kind != AP_CALLER_GUEST)
		return;
	if (queue->owner && queue->owner != x->caller->owner) {
		x->residue = queue->owner;
		queue->counters.violations++;
	}
	if (x->instruction != AP_TAPQ)
		queue->used = true;
}

/*
 * Find and lock the queue and see whether it would carry out the instruction now.
 * To be followed by finish() in any case.
 */
static void start(struct execution *x)
{
	if (!ap_topology_has_queue(x->apqn)) {
		x->rc = AP_RC_Q_NOT_AVAIL;
		return;
	}
	x->queue = ap_card_queue_find(x->apqn);
	ap_topology_read_adapter(AP_APQN_APID(x->apqn), &x->adapter);
	spin_lock_irqsave(&x->queue->lock, x->flags);
	ap_card_queue_advance(x->queue);
	x->queue->counters.executed[x->instruction]++;
	check_state(x);
	check_isolation(x);
}

static u32 queue_status(const struct execution *x)
{
	struct ap_card_queue *queue = x->queue;
	const struct ap_message *first;
	u32 status = 0;

	first = list_first_entry_or_null(&queue->messages, struct ap_message, node);
	if (!first)
		status |= AP_STATUS_QUEUE_EMPTY;
	else if (ap_message_ready(first))
		status |= AP_STATUS_REPLIES;
	if (queue->n_messages >= x->adapter.depth)
		status |= AP_STATUS_QUEUE_FULL;
	if (queue->irq.enable)
		status |= AP_STATUS_IRQ_ENABLED;
	if (x->async)
		status |= AP_STATUS_ASYNC;
	return status;
}

/* Return the status word. */
static u32 finish(struct execution *x)
{
	u32 status = AP_STATUS(x->rc);

	if (x->queue)
		status |= queue_status(x);
	ap_log_instruction(x->caller, x->instruction, x->apqn, status);
	if (x->queue)
		spin_unlock_irqrestore(&x->queue->lock, x->flags);
	return status;
}

static bool tapq_tells_more(const struct execution *x)
{
	return x->async || x->rc == AP_RC_NORMAL ||
	       (x->rc >= AP_RC_RESET_IN_PROGRESS && x->rc <= AP_RC_BUSY);
}

u32 ap_hardware_tapq(const struct ap_caller *caller, u16 apqn, struct ap_tapq_info *info)
{
	struct execution x = { .caller = caller, .instruction = AP_TAPQ, .apqn = apqn };

	if (info)
		*info = (struct ap_tapq_info){};
	start(&x);
	if (info && x.queue && tapq_tells_more(&x)) {
		info->functions = ap_adapter_functions(&x.adapter);
		info->type = x.adapter.type;
		info->domains = AP_IDS - 1;
		info->ml = x.adapter.ml;
		info->depth = x.adapter.depth - 1;
	}
	return finish(&x);
}

static u32 reset(const struct ap_caller *caller, enum ap_instruction instruction, u16 apqn)
{
	struct execution x = { .caller = caller, .instruction = instruction, .apqn = apqn };

	start(&x);
	if (x.rc == AP_RC_NORMAL) {
		x.queue->resetting = true;
		x.queue->zeroize = instruction == AP_ZAPQ;
		x.queue->reset_start = ktime_get();
		x.queue->async_rc = 0;
		x.queue->counters.resets_started++;
	}
	return finish(&x);
}

u32 ap_hardware_rapq(const struct ap_caller *caller, u16 apqn)
{
	return reset(caller, AP_RAPQ, apqn);
}

u32 ap_hardware_zapq(const struct ap_caller *caller, u16 apqn)
{
	return reset(caller, AP_ZAPQ, apqn);
}

u32 ap_hardware_aqic(const struct ap_caller *caller, u16 apqn,
		     const struct ap_aqic_request *request)
{
	struct execution x = { .caller = caller, .instruction = AP_AQIC, .apqn = apqn };

	start(&x);
	if (x.rc == AP_RC_NORMAL) {
		if (x.queue->irq_pending) {
			x.rc = AP_RC_BUSY;
		} else if (x.queue->irq.enable == request->enable) {
			x.rc = AP_RC_OTHERWISE_CHANGED;
		} else {
			x.queue->irq_next = *request;
			x.queue->irq_start = ktime_get();
			x.queue->irq_pending = true;
			ap_card_queue_advance(x.queue);
			ap_interrupt_arm(x.queue);
		}
	}
	return finish(&x);
}

/* What TAPQ's field ml means in bytes. */
static u32 largest_message(u8 ml)
{
	return (ml > 3 ? ml : 3) * 4096;
}

static struct ap_message *make_message(u64 psmid, const void *data, u32 length)
{
	struct ap_message *message;

	if (length > largest_message(U8_MAX))
		return NULL;
	message = kmalloc(struct_size(message, data, length), GFP_ATOMIC | __GFP_NOWARN);
	if (!message)
		return NULL;
	message->psmid = psmid;
	message->notified = false;
	message->length = length;
	memcpy(message->data, data, length);
	return message;
}

/* A card works on the messages of a queue one after the other. */
static ktime_t reply_time(const struct ap_card_queue *queue)
{
	ktime_t begin = ktime_get();

	if (!list_empty(&queue->messages))
		begin = max(begin, list_last_entry(&queue->messages, struct ap_message,
						   node)->ready);
	return ktime_add_ms(begin, queue->faults.message_ms);
}

u32 ap_hardware_nqap(const struct ap_caller *caller, u16 apqn, u64 psmid,
		     const void *data, u32 length, u64 *residue)
{
	struct execution x = { .caller = caller, .instruction = AP_NQAP, .apqn = apqn };
	struct ap_message *message = make_message(psmid, data, length);
	u32 status;

	start(&x);
	if (x.rc == AP_RC_NORMAL) {
		if (length > largest_message(x.adapter.ml))
			x.rc = AP_RC_MESSAGE_TOO_BIG;
		else if (!message)
			x.rc = AP_RC_BUSY;
		else if (x.queue->n_messages >= x.adapter.depth)
			x.rc = AP_RC_QUEUE_FULL;
	}
	if (x.rc == AP_RC_NORMAL) {
		message->ready = reply_time(x.queue);
		list_add_tail(&message->node, &x.queue->messages);
		message = NULL;
		x.queue->n_messages++;
		x.queue->counters.messages++;
		if (caller->kind == AP_CALLER_GUEST && !x.queue->owner)
			x.queue->owner = caller->owner;
		ap_interrupt_arm(x.queue);
	}
	status = finish(&x);
	kfree(message);
	*residue = x.residue;
	return status;
}

u32 ap_hardware_dqap(const struct ap_caller *caller, u16 apqn, u64 *psmid,
		     void *reply, u32 *length, u64 *residue)
{
	struct execution x = { .caller = caller, .instruction = AP_DQAP, .apqn = apqn };
	struct ap_message *message = NULL;
	u32 status;

	start(&x);
	if (x.rc == AP_RC_NORMAL) {
		message = list_first_entry_or_null(&x.queue->messages, struct ap_message, node);
		if (!message || !ap_message_ready(message))
			x.rc = AP_RC_NO_PENDING_REPLY;
		else if (message->length > *length)
			x.rc = AP_RC_MESSAGE_TOO_BIG;
	}
	if (x.rc == AP_RC_NORMAL) {
		list_del(&message->node);
		x.queue->n_messages--;
		x.queue->counters.replies++;
	} else {
		message = NULL;
	}
	status = finish(&x);
	*length = 0;
	if (message) {
		*psmid = message->psmid;
		*length = message->length;
		memcpy(reply, message->data, message->length);
		kfree(message);
	}
	*residue = x.residue;
	return status;
}

void ap_hardware_qci(struct ap_config_info *info)
{
	ap_topology_read_config(info);
}

bool ap_hardware_used(u16 apqn)
{
	struct ap_card_queue *queue = ap_card_queue_find(apqn);
	unsigned long flags;
	bool used;

	if (!queue)
		return false;
	spin_lock_irqsave(&queue->lock, flags);
	ap_card_queue_advance(queue);
	used = queue->used;
	spin_unlock_irqrestore(&queue->lock, flags);
	return used;
}
