// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "bindings.h"
#include "clean.h"
#include "masks.h"

#define POLL_INTERVAL	msecs_to_jiffies(20)
/* After a refusal that only a change of the configuration mends. */
#define RETRY_INTERVAL	msecs_to_jiffies(1000)

enum clean_state {
	CLEAN,		/* verified, or never used */
	OWNED,		/* a driver has it */
	DIRTY,		/* needs a reset */
	RESETTING,	/* our ZAPQ was accepted */
};

/**
 * struct clean_record - what is known about the cleanliness of a queue
 * @apqn: the queue
 * @state: see there
 * @holds: how often it is held; no reset is started meanwhile
 * @retry: not before this time a reset is tried again
 * @offer: offer it to the drivers when it is clean
 * @offering: that is being done
 * @pass: the last of the worker's passes that has come by
 * @queue: the queue on the bus, NULL if it is not there
 * @active: in active_records, if the worker has something to do for it
 *
 * Records live as long as the module.
 */
struct clean_record {
	u16 apqn;
	enum clean_state state;
	unsigned int holds;
	unsigned long retry;
	bool offer;
	bool offering;
	unsigned int pass;
	struct ap_queue *queue;
	struct list_head active;
};

DECLARE_WAIT_QUEUE_HEAD(ap_clean_wait);

static DEFINE_XARRAY(records);
/* Guards the records and the list; instructions are executed under it. */
static DEFINE_SPINLOCK(clean_lock);
static LIST_HEAD(active_records);
static unsigned int current_pass;
static struct workqueue_struct *clean_queue;

static void clean_worker(struct work_struct *work);
static DECLARE_DELAYED_WORK(clean_work, clean_worker);

static struct clean_record *find_record(u16 apqn)
{
	return xa_load(&records, apqn);
}

static bool has_work(const struct clean_record *record)
{
	if (!record->queue)
		return false;
	if (record->state == OWNED)
		return record->offer;
	if (record->holds)
		return false;
	return record->offer || record->state != CLEAN;
}

/* With clean_lock. Called whenever a record has changed. */
static void update_record(struct clean_record *record)
{
	lockdep_assert_held(&clean_lock);
	if (!has_work(record)) {
		list_del_init(&record->active);
	} else if (list_empty(&record->active)) {
		list_add_tail(&record->active, &active_records);
		queue_delayed_work(clean_queue, &clean_work, POLL_INTERVAL);
	}
	wake_up_all(&ap_clean_wait);
}

/* Whether a reset that somebody else started is still in progress. */
static bool others_reset(const struct clean_record *record)
{
	u32 status = ap_hardware_tapq(&ap_bus_caller, record->apqn, NULL);

	return AP_STATUS_RC(status) == AP_RC_RESET_IN_PROGRESS;
}

static void start_reset(struct clean_record *record)
{
	if (time_before(jiffies, record->retry) || others_reset(record))
		return;
	switch (AP_STATUS_RC(ap_hardware_zapq(&ap_bus_caller, record->apqn))) {
	case AP_RC_NORMAL:
		record->state = RESETTING;
		break;
	case AP_RC_RESET_IN_PROGRESS:
	case AP_RC_BUSY:
	case AP_RC_STATE_CHANGE:
		break;
	case AP_RC_DECONFIGURED:
	case AP_RC_CHECKSTOPPED:
		/* It cannot be reset. If nothing is left to clear, it need not be. */
		if (ap_hardware_fresh(record->apqn)) {
			record->state = CLEAN;
			break;
		}
		fallthrough;
	default:
		record->retry = jiffies + RETRY_INTERVAL;
		break;
	}
}

static void check_reset(struct clean_record *record)
{
	u32 status = ap_hardware_tapq(&ap_bus_caller, record->apqn, NULL);

	if (status & AP_STATUS_ASYNC) {
		record->state = DIRTY;
		return;
	}
	switch (AP_STATUS_RC(status)) {
	case AP_RC_NORMAL:
		record->state = status & AP_STATUS_QUEUE_EMPTY ? CLEAN : DIRTY;
		break;
	case AP_RC_Q_NOT_AVAIL:
	case AP_RC_DECONFIGURED:
	case AP_RC_CHECKSTOPPED:
	case AP_RC_STATE_CHANGE:
		record->state = DIRTY;
		break;
	default:
		break;
	}
}

/* With clean_lock: do the next step of a reset. */
static void step(struct clean_record *record)
{
	if (record->holds || !record->queue)
		return;
	if (record->state == RESETTING)
		check_reset(record);
	if (record->state == DIRTY)
		start_reset(record);
}

/* With clean_lock: the next record of this pass, NULL if it has seen all. */
static struct clean_record *next_record(void)
{
	struct clean_record *record;

	record = list_first_entry_or_null(&active_records, struct clean_record, active);
	if (!record || record->pass == current_pass)
		return NULL;
	record->pass = current_pass;
	list_move_tail(&record->active, &active_records);
	return record;
}

/* One record at a time, so that interrupts are not off for all of them together. */
static bool step_next(void)
{
	struct clean_record *record;
	unsigned long flags;

	spin_lock_irqsave(&clean_lock, flags);
	record = next_record();
	if (record) {
		step(record);
		update_record(record);
	}
	spin_unlock_irqrestore(&clean_lock, flags);
	return record;
}

/* The next record with a queue to be offered. */
static struct clean_record *begin_offer(struct ap_queue **queue)
{
	struct clean_record *record;
	unsigned long flags;

	spin_lock_irqsave(&clean_lock, flags);
	do {
		record = next_record();
	} while (record && !record->offer);
	if (record) {
		record->offering = true;
		*queue = record->queue;
		get_device(&record->queue->public.device);
	}
	spin_unlock_irqrestore(&clean_lock, flags);
	return record;
}

static bool ready_for_offer(struct clean_record *record)
{
	unsigned long flags;
	bool ready;

	spin_lock_irqsave(&clean_lock, flags);
	ready = record->state == OWNED || (record->state == CLEAN && !record->holds);
	if (ready)
		record->offer = false;
	spin_unlock_irqrestore(&clean_lock, flags);
	return ready;
}

static void end_offer(struct clean_record *record)
{
	unsigned long flags;

	spin_lock_irqsave(&clean_lock, flags);
	record->offering = false;
	update_record(record);
	spin_unlock_irqrestore(&clean_lock, flags);
}

/*
 * A device whose lock is busy is left for the next pass, so that one slow driver does
 * not keep the other queues from theirs.
 */
static void offer(struct clean_record *record, struct ap_queue *queue)
{
	struct device *dev = &queue->public.device;

	if (!ap_release_misbound(queue) || !device_trylock(dev))
		return;
	device_unlock(dev);
	if (ready_for_offer(record) && device_attach(dev) < 0)
		dev_dbg(dev, "cannot be offered to the drivers\n");
}

static void offer_all(void)
{
	struct clean_record *record;
	bool offered = false;
	struct ap_queue *queue;

	while ((record = begin_offer(&queue))) {
		offer(record, queue);
		end_offer(record);
		put_device(&queue->public.device);
		offered = true;
	}
	if (offered)
		ap_bindings_check();
}

static void clean_worker(struct work_struct *work)
{
	unsigned long flags;

	current_pass++;
	while (step_next())
		cond_resched();
	current_pass++;
	offer_all();
	spin_lock_irqsave(&clean_lock, flags);
	if (!list_empty(&active_records))
		queue_delayed_work(clean_queue, &clean_work, POLL_INTERVAL);
	spin_unlock_irqrestore(&clean_lock, flags);
}

int ap_clean_init(void)
{
	clean_queue = alloc_workqueue("ap_clean", 0, 0);
	return clean_queue ? 0 : -ENOMEM;
}

/* Whoever changes a mask may start it once more, but it finds no queue then. */
void ap_clean_stop(void)
{
	cancel_delayed_work_sync(&clean_work);
}

void ap_clean_exit(void)
{
	struct clean_record *record;
	unsigned long apqn;

	cancel_delayed_work_sync(&clean_work);
	destroy_workqueue(clean_queue);
	xa_for_each(&records, apqn, record)
		kfree(record);
	xa_destroy(&records);
}

/* The scan's lock keeps this from running twice at a time. */
static struct clean_record *create_record(u16 apqn)
{
	struct clean_record *record = find_record(apqn);

	if (record)
		return record;
	record = kzalloc(sizeof(*record), GFP_KERNEL);
	if (!record)
		return NULL;
	record->apqn = apqn;
	record->state = CLEAN;
	record->retry = jiffies;
	INIT_LIST_HEAD(&record->active);
	if (xa_err(xa_store(&records, apqn, record, GFP_KERNEL))) {
		kfree(record);
		return NULL;
	}
	return record;
}

int ap_clean_arrive(struct ap_queue *queue)
{
	struct clean_record *record = create_record(queue->public.apqn);
	unsigned long flags;

	if (!record)
		return -ENOMEM;
	spin_lock_irqsave(&clean_lock, flags);
	record->queue = queue;
	update_record(record);
	spin_unlock_irqrestore(&clean_lock, flags);
	return 0;
}

void ap_clean_depart(u16 apqn)
{
	struct clean_record *record = find_record(apqn);
	unsigned long flags;

	spin_lock_irqsave(&clean_lock, flags);
	record->queue = NULL;
	record->offer = false;
	update_record(record);
	spin_unlock_irqrestore(&clean_lock, flags);
}

struct ap_queue *ap_clean_get_queue(u16 apqn)
{
	struct clean_record *record = find_record(apqn);
	struct ap_queue *queue = NULL;
	unsigned long flags;

	if (!record)
		return NULL;
	spin_lock_irqsave(&clean_lock, flags);
	if (record->queue) {
		queue = record->queue;
		get_device(&queue->public.device);
	}
	spin_unlock_irqrestore(&clean_lock, flags);
	return queue;
}

bool ap_clean_claim(u16 apqn)
{
	struct clean_record *record = find_record(apqn);
	unsigned long flags;
	bool claimed;

	spin_lock_irqsave(&clean_lock, flags);
	claimed = record->state == CLEAN && !record->holds;
	if (claimed)
		record->state = OWNED;
	record->offer = !claimed;
	update_record(record);
	spin_unlock_irqrestore(&clean_lock, flags);
	return claimed;
}

void ap_clean_left(u16 apqn)
{
	struct clean_record *record = find_record(apqn);
	unsigned long flags;

	spin_lock_irqsave(&clean_lock, flags);
	record->state = DIRTY;
	record->retry = jiffies;
	step(record);
	update_record(record);
	spin_unlock_irqrestore(&clean_lock, flags);
}

void ap_clean_offer(u16 apqn)
{
	struct clean_record *record = find_record(apqn);
	unsigned long flags;

	spin_lock_irqsave(&clean_lock, flags);
	if (record->queue)
		record->offer = true;
	update_record(record);
	if (record->state == CLEAN || record->state == OWNED)
		mod_delayed_work(clean_queue, &clean_work, 0);
	spin_unlock_irqrestore(&clean_lock, flags);
}

void ap_clean_retry(u16 apqn)
{
	struct clean_record *record = find_record(apqn);
	unsigned long flags;

	spin_lock_irqsave(&clean_lock, flags);
	record->retry = jiffies;
	step(record);
	update_record(record);
	spin_unlock_irqrestore(&clean_lock, flags);
}

void ap_clean_hold(u16 apqn)
{
	struct clean_record *record = find_record(apqn);
	unsigned long flags;

	if (!record)
		return;
	spin_lock_irqsave(&clean_lock, flags);
	record->holds++;
	/* Whatever is cleared meanwhile, the guest can leave behind again. */
	if (record->state != OWNED)
		record->state = DIRTY;
	update_record(record);
	spin_unlock_irqrestore(&clean_lock, flags);
}

void ap_clean_unhold(u16 apqn)
{
	struct clean_record *record = find_record(apqn);
	unsigned long flags;

	if (!record)
		return;
	spin_lock_irqsave(&clean_lock, flags);
	record->holds--;
	step(record);
	update_record(record);
	spin_unlock_irqrestore(&clean_lock, flags);
}

bool ap_clean_settled(u16 apqn)
{
	struct clean_record *record = find_record(apqn);
	unsigned long flags;
	bool settled;

	if (!record)
		return true;
	spin_lock_irqsave(&clean_lock, flags);
	settled = !record->queue || (!record->offer && !record->offering &&
				     (record->state == OWNED || record->state == CLEAN));
	spin_unlock_irqrestore(&clean_lock, flags);
	return settled;
}

bool ap_clean_is_clean(u16 apqn)
{
	struct clean_record *record = find_record(apqn);
	unsigned long flags;
	bool clean;

	if (!record)
		return true;
	spin_lock_irqsave(&clean_lock, flags);
	clean = record->state == CLEAN && !record->holds;
	spin_unlock_irqrestore(&clean_lock, flags);
	return clean;
}
