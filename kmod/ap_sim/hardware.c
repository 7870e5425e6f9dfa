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
 * @info: TAPQ: in: NULL or where the answer goes
 * @request: AQIC: what to do
 * @message: NQAP: in: the message or NULL if there was no memory for it, out: NULL if
 *	the queue has it; DQAP: out: the reply
 * @length: NQAP: length of the message; DQAP: size of the buffer
 * @adapter: the adapter as it is now
 * @queue: the queue, locked; NULL if there never was one
 * @rc: response code
 * @async: @rc is an asynchronous error
 * @residue: a foreign owner whose data is in the queue, 0 if none
 */
struct execution {
	const struct ap_caller *caller;
	enum ap_instruction instruction;
	u16 apqn;
	struct ap_tapq_info *info;
	const struct ap_aqic_request *request;
	struct ap_message *message;
	u32 length;
	struct ap_adapter adapter;
	struct ap_card_queue *queue;
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

static u32 queue_status(const struct execution *x)
{
	struct ap_card_queue *queue = x->queue;
	const struct ap_message *first;
	u32 status = AP_STATUS(x->rc);

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

static bool tapq_tells_more(const struct execution *x)
{
	return x->async || x->rc == AP_RC_NORMAL ||
	       (x->rc >= AP_RC_RESET_IN_PROGRESS && x->rc <= AP_RC_BUSY);
}

static void tell_more(const struct execution *x)
{
	if (!x->info || !tapq_tells_more(x))
		return;
	x->info->functions = ap_adapter_functions(&x->adapter);
	x->info->type = x->adapter.type;
	x->info->domains = AP_IDS - 1;
	x->info->ml = x->adapter.ml;
	x->info->depth = x->adapter.depth - 1;
}

static void start_reset(struct execution *x)
{
	struct ap_card_queue *queue = x->queue;

	queue->resetting = true;
	queue->zeroize = x->instruction == AP_ZAPQ;
	queue->reset_start = ktime_get();
	queue->async_rc = 0;
	queue->counters.resets_started++;
}

static void control_interrupt(struct execution *x)
{
	struct ap_card_queue *queue = x->queue;

	if (queue->irq_pending) {
		x->rc = AP_RC_BUSY;
		return;
	}
	if (queue->irq.enable == x->request->enable) {
		x->rc = AP_RC_OTHERWISE_CHANGED;
		return;
	}
	queue->irq_next = *x->request;
	queue->irq_start = ktime_get();
	queue->irq_pending = true;
	ap_card_queue_advance(queue);
	ap_interrupt_arm(queue);
}

/* What TAPQ's field ml means in bytes. */
static u32 largest_message(u8 ml)
{
	return (ml > 3 ? ml : 3) * 4096;
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

static void enqueue(struct execution *x)
{
	struct ap_card_queue *queue = x->queue;

	if (x->length > largest_message(x->adapter.ml)) {
		x->rc = AP_RC_MESSAGE_TOO_BIG;
		return;
	}
	if (queue->n_messages >= x->adapter.depth) {
		x->rc = AP_RC_QUEUE_FULL;
		return;
	}
	if (!x->message) {
		x->rc = AP_RC_BUSY;
		return;
	}
	x->message->ready = reply_time(queue);
	list_add_tail(&x->message->node, &queue->messages);
	x->message = NULL;
	queue->n_messages++;
	queue->counters.messages++;
	if (x->caller->kind == AP_CALLER_GUEST && !queue->owner)
		queue->owner = x->caller->owner;
	ap_interrupt_arm(queue);
}

static void dequeue(struct execution *x)
{
	struct ap_card_queue *queue = x->queue;
	struct ap_message *first;

	first = list_first_entry_or_null(&queue->messages, struct ap_message, node);
	if (!first || !ap_message_ready(first)) {
		x->rc = AP_RC_NO_PENDING_REPLY;
		return;
	}
	if (first->length > x->length) {
		x->rc = AP_RC_MESSAGE_TOO_BIG;
		return;
	}
	ap_interrupt_deliver(queue);
	list_del(&first->node);
	x->message = first;
	queue->n_messages--;
	queue->counters.replies++;
}

static void carry_out(struct execution *x)
{
	switch (x->instruction) {
	case AP_RAPQ:
	case AP_ZAPQ:
		start_reset(x);
		break;
	case AP_AQIC:
		control_interrupt(x);
		break;
	case AP_NQAP:
		enqueue(x);
		break;
	case AP_DQAP:
		dequeue(x);
		break;
	default:
		break;
	}
}

/*
 * Whoever is answered like this cannot switch the interrupt off any more, and lets go of
 * the page with the notification byte.
 */
static bool is_unreachable(u8 rc)
{
	return rc == AP_RC_Q_NOT_AVAIL || rc == AP_RC_DECONFIGURED ||
	       rc == AP_RC_CHECKSTOPPED;
}

/* With the queue's lock: on a queue that the machine has. */
static u32 execute_on_queue(struct execution *x)
{
	ap_topology_read_adapter(AP_APQN_APID(x->apqn), &x->adapter);
	ap_card_queue_advance(x->queue);
	x->queue->counters.executed[x->instruction]++;
	check_isolation(x);
	check_state(x);
	if (x->rc == AP_RC_NORMAL)
		carry_out(x);
	tell_more(x);
	if (is_unreachable(x->rc))
		ap_interrupt_forget(x->queue);
	return queue_status(x);
}

/* With the queue's lock: on a queue that the machine has, or once had. */
static u32 execute_locked(struct execution *x)
{
	if (ap_topology_has_queue(x->apqn))
		return execute_on_queue(x);
	ap_interrupt_forget(x->queue);
	return AP_STATUS(AP_RC_Q_NOT_AVAIL);
}

/* Return the status word. */
static u32 execute(struct execution *x)
{
	u32 status = AP_STATUS(AP_RC_Q_NOT_AVAIL);
	unsigned long flags;

	x->queue = ap_card_queue_find(x->apqn);
	if (!x->queue) {
		ap_log_instruction(x->caller, x->instruction, x->apqn, status);
		return status;
	}
	spin_lock_irqsave(&x->queue->lock, flags);
	status = execute_locked(x);
	ap_log_instruction(x->caller, x->instruction, x->apqn, status);
	spin_unlock_irqrestore(&x->queue->lock, flags);
	return status;
}

u32 ap_hardware_tapq(const struct ap_caller *caller, u16 apqn, struct ap_tapq_info *info)
{
	struct execution x = {
		.caller = caller, .instruction = AP_TAPQ, .apqn = apqn, .info = info,
	};

	if (info)
		*info = (struct ap_tapq_info){};
	return execute(&x);
}

u32 ap_hardware_rapq(const struct ap_caller *caller, u16 apqn)
{
	struct execution x = { .caller = caller, .instruction = AP_RAPQ, .apqn = apqn };

	return execute(&x);
}

u32 ap_hardware_zapq(const struct ap_caller *caller, u16 apqn)
{
	struct execution x = { .caller = caller, .instruction = AP_ZAPQ, .apqn = apqn };

	return execute(&x);
}

u32 ap_hardware_aqic(const struct ap_caller *caller, u16 apqn,
		     const struct ap_aqic_request *request)
{
	struct execution x = {
		.caller = caller, .instruction = AP_AQIC, .apqn = apqn, .request = request,
	};

	return execute(&x);
}

static struct ap_message *make_message(u64 psmid, const void *data, u32 length)
{
	struct ap_message *message;

	message = kmalloc(struct_size(message, data, length), GFP_ATOMIC | __GFP_NOWARN);
	if (!message)
		return NULL;
	message->psmid = psmid;
	message->notified = false;
	message->length = length;
	memcpy(message->data, data, length);
	return message;
}

u32 ap_hardware_nqap(const struct ap_caller *caller, u16 apqn, u64 psmid,
		     const void *data, u32 length, u64 *residue)
{
	struct execution x = {
		.caller = caller, .instruction = AP_NQAP, .apqn = apqn, .length = length,
	};
	u32 status;

	if (length <= largest_message(U8_MAX))
		x.message = make_message(psmid, data, length);
	status = execute(&x);
	kfree(x.message);
	*residue = x.residue;
	return status;
}

u32 ap_hardware_dqap(const struct ap_caller *caller, u16 apqn, u64 *psmid,
		     void *reply, u32 *length, u64 *residue)
{
	struct execution x = {
		.caller = caller, .instruction = AP_DQAP, .apqn = apqn, .length = *length,
	};
	u32 status = execute(&x);

	*length = 0;
	if (x.message) {
		*psmid = x.message->psmid;
		*length = x.message->length;
		memcpy(reply, x.message->data, x.message->length);
		kfree(x.message);
	}
	*residue = x.residue;
	return status;
}

void ap_hardware_qci(struct ap_config_info *info)
{
	ap_topology_read_config(info);
}

/*
 * The interrupt of a guest is enabled or about to be. A driver enables it on behalf of the
 * guest, so it does not count as used.
 */
static bool has_guest_interrupt(const struct ap_card_queue *queue)
{
	return (queue->irq.enable && queue->irq.nib) ||
	       (queue->irq_pending && queue->irq_next.enable && queue->irq_next.nib);
}

/* With the queue's lock. */
static bool is_fresh(struct ap_card_queue *queue)
{
	ap_card_queue_advance(queue);
	return !queue->resetting && !queue->used && !has_guest_interrupt(queue);
}

bool ap_hardware_fresh(u16 apqn)
{
	struct ap_card_queue *queue = ap_card_queue_find(apqn);
	unsigned long flags;
	bool fresh;

	if (!queue)
		return true;
	spin_lock_irqsave(&queue->lock, flags);
	fresh = is_fresh(queue);
	spin_unlock_irqrestore(&queue->lock, flags);
	return fresh;
}

void ap_hardware_shown(u16 apqn)
{
	struct ap_card_queue *queue = ap_card_queue_find(apqn);
	unsigned long flags;

	if (!queue)
		return;
	spin_lock_irqsave(&queue->lock, flags);
	if (!is_fresh(queue))
		queue->counters.premature++;
	spin_unlock_irqrestore(&queue->lock, flags);
}
