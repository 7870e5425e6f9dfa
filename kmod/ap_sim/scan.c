// SPDX-License-Identifier: GPL-2.0
#include <linux/workqueue.h>

#include "bindings.h"
#include "clean.h"
#include "drivers.h"
#include "host_queue.h"
#include "masks.h"
#include "scan.h"
#include "settle.h"

#define DEFAULT_INTERVAL	30	/* seconds */
#define RETRY_INTERVAL		msecs_to_jiffies(100)

/* What a machine without APXA, or without QCI, can have at most. */
#define LAST_ADAPTER_WITHOUT_APXA	63
#define LAST_DOMAIN_WITHOUT_APXA	15

/*
 * One scan at a time. A scan waits neither for hardware nor for a device that is busy:
 * that is left to the next scan.
 */
static DEFINE_MUTEX(scan_mutex);
static struct ap_card *cards[AP_IDS];	/* scan_mutex */
static bool running;			/* scan_mutex */
static u64 n_scans;			/* scan_mutex to change */
static unsigned int interval = DEFAULT_INTERVAL;

static DEFINE_SPINLOCK(config_lock);
static struct ap_config_info seen_config;	/* config_lock; changed with scan_mutex, too */

static void scan_by_time(struct work_struct *work);
static DECLARE_DELAYED_WORK(scan_work, scan_by_time);

/**
 * struct scan - a scan in progress
 * @now: what QCI says
 * @before: what it said last time
 * @apm: adapters to look for
 * @aqm: domains to look for
 * @caused: new queues that have to be reset first, NULL if nobody wants to know
 * @changed: something came or went
 * @found_new: something new was found, whether supported or not
 * @again: something was busy
 */
struct scan {
	struct ap_config_info now;
	struct ap_config_info before;
	struct ap_mask apm;
	struct ap_mask aqm;
	struct ap_caused *caused;
	bool changed;
	bool found_new;
	bool again;
};

void ap_scan_read_config(struct ap_config_info *config)
{
	spin_lock(&config_lock);
	*config = seen_config;
	spin_unlock(&config_lock);
}

static bool same_config(const struct ap_config_info *a, const struct ap_config_info *b)
{
	return a->flags == b->flags && a->has_qci == b->has_qci && a->na == b->na &&
	       a->nd == b->nd && ap_matrix_equal(&a->host, &b->host);
}

/* The type the bus uses, 0 for an adapter it does not support. */
static u8 supported_type(u8 raw_type)
{
	if (raw_type < AP_TYPE_CEX4)
		return 0;
	return min_t(u8, raw_type, AP_TYPE_CEX8);
}

/* With scan_mutex. False: the device is busy. */
static bool remove_queue(struct scan *scan, struct ap_queue *queue)
{
	struct device *dev = &queue->public.device;
	u16 apqn = queue->public.apqn;

	/* From here on it is only getting less busy. */
	WRITE_ONCE(queue->leaving, true);
	if (!device_trylock(dev)) {
		scan->again = true;
		return false;
	}
	device_unlock(dev);
	device_del(dev);
	ap_clean_depart(apqn);
	ap_override_drop(queue);
	ap_queue_card(queue)->n_queues--;
	put_device(dev);
	scan->changed = true;
	return true;
}

/*
 * A card never stands on the bus without a queue: programs do not expect that. True: it
 * was removed.
 */
static bool remove_card_if_empty(struct scan *scan, u8 apid)
{
	struct ap_card *card = cards[apid];

	if (!card || card->n_queues)
		return false;
	cards[apid] = NULL;
	device_unregister(&card->device);
	scan->changed = true;
	return true;
}

static struct ap_card *find_or_add_card(struct scan *scan, u8 apid,
					const struct ap_tapq_info *info, u8 rc)
{
	struct ap_card *card = cards[apid];

	if (card)
		return card;
	card = ap_card_create(apid, info, supported_type(info->type));
	if (!card)
		return NULL;
	card->config = ap_rc_configured(rc);
	card->chkstop = ap_rc_checkstopped(rc);
	if (device_add(&card->device)) {
		put_device(&card->device);
		return NULL;
	}
	cards[apid] = card;
	scan->changed = true;
	scan->found_new = true;
	return card;
}

static void note_unsettled(struct scan *scan, u16 apqn)
{
	if (scan->caused && !ap_clean_settled(apqn))
		ap_caused_add(scan->caused, apqn);
}

static void add_queue(struct scan *scan, u16 apqn, const struct ap_tapq_info *info, u8 rc)
{
	struct ap_card *card = find_or_add_card(scan, AP_APQN_APID(apqn), info, rc);
	struct ap_queue *queue;

	if (!card)
		return;
	queue = ap_queue_create(card, apqn, info);
	if (!queue)
		return;
	queue->config = ap_rc_configured(rc);
	queue->chkstop = ap_rc_checkstopped(rc);
	if (ap_clean_arrive(queue))
		goto put;
	if (device_add(&queue->public.device))
		goto depart;
	card->n_queues++;
	scan->changed = true;
	scan->found_new = true;
	note_unsettled(scan, apqn);
	return;

depart:
	ap_clean_depart(apqn);
put:
	put_device(&queue->public.device);
}

static void send_config_uevent(struct device *dev, bool config)
{
	ap_send_uevent(dev, config ? "CONFIG=1" : "CONFIG=0");
}

static bool usable(const struct ap_queue *queue)
{
	return queue->config && !queue->chkstop;
}

/* A driver that asked for it meanwhile was refused, and does not ask again. */
static void keep_queue(struct ap_queue *queue)
{
	WRITE_ONCE(queue->leaving, false);
	ap_clean_offer(queue->public.apqn);
}

static void update_queue(struct scan *scan, struct ap_queue *queue, u8 rc)
{
	bool config = ap_rc_configured(rc);
	bool was_configured = queue->config, was_usable = usable(queue);
	u16 apqn = queue->public.apqn;

	if (queue->leaving)
		keep_queue(queue);
	WRITE_ONCE(queue->chkstop, ap_rc_checkstopped(rc));
	WRITE_ONCE(queue->config, config);
	if (config != was_configured)
		send_config_uevent(&queue->public.device, config);
	if (usable(queue) && !was_usable) {
		ap_clean_retry(apqn);
		note_unsettled(scan, apqn);
	}
}

static void update_card(struct ap_card *card, u8 rc)
{
	bool config = ap_rc_configured(rc);

	WRITE_ONCE(card->chkstop, ap_rc_checkstopped(rc));
	if (READ_ONCE(card->config) == config)
		return;
	WRITE_ONCE(card->config, config);
	send_config_uevent(&card->device, config);
}

/* The adapter was replaced by one of another kind. */
static bool is_other_card(const struct ap_card *card, const struct ap_tapq_info *info)
{
	return card->raw_type != info->type || card->functions != info->functions ||
	       card->depth != info->depth;
}

static void scan_queue(struct scan *scan, u16 apqn)
{
	struct ap_queue *queue = ap_clean_get_queue(apqn);
	struct ap_card *card = cards[AP_APQN_APID(apqn)];
	struct ap_tapq_info info = {};
	u8 rc = AP_RC_Q_NOT_AVAIL;

	if (ap_mask_test(&scan->aqm, AP_APQN_APQI(apqn)))
		rc = AP_STATUS_RC(ap_hardware_tapq(&ap_bus_caller, apqn, &info));
	if (rc == AP_RC_Q_NOT_AVAIL || (info.type && !supported_type(info.type)) ||
	    (queue && info.type && is_other_card(card, &info))) {
		if (queue)
			remove_queue(scan, queue);
	} else if (info.type && queue) {
		update_card(card, rc);
		update_queue(scan, queue, rc);
	} else if (info.type && (!card || !is_other_card(card, &info))) {
		add_queue(scan, apqn, &info, rc);
	}
	if (queue)
		put_device(&queue->public.device);
}

static void scan_queues(struct scan *scan, u8 apid)
{
	unsigned int apqi;

	for (apqi = 0; apqi < AP_IDS; apqi++)
		scan_queue(scan, AP_APQN(apid, apqi));
	cond_resched();
}

/* Where a card was removed there may be one of another kind. */
static void scan_adapter(struct scan *scan, u8 apid)
{
	scan_queues(scan, apid);
	if (!remove_card_if_empty(scan, apid))
		return;
	scan_queues(scan, apid);
	remove_card_if_empty(scan, apid);
}

/* Only a machine with APXA tells its highest numbers. */
static void limit_numbers(struct ap_config_info *config)
{
	if (!config->has_qci)
		config->flags = 0;
	if (config->flags & AP_QCI_APXA)
		return;
	config->na = LAST_ADAPTER_WITHOUT_APXA;
	config->nd = LAST_DOMAIN_WITHOUT_APXA;
}

static void read_config(struct scan *scan)
{
	ap_scan_read_config(&scan->before);
	ap_hardware_qci(&scan->now);
	limit_numbers(&scan->now);
	if (scan->now.has_qci) {
		scan->apm = scan->now.host.apm;
		scan->aqm = scan->now.host.aqm;
	} else {
		scan->now.host = (struct ap_matrix){};
		scan->apm = ap_mask_upto(LAST_ADAPTER_WITHOUT_APXA);
		scan->aqm = ap_mask_upto(LAST_DOMAIN_WITHOUT_APXA);
	}
	spin_lock(&config_lock);
	seen_config = scan->now;
	spin_unlock(&config_lock);
}

static void scan_bus(struct ap_caused *caused)
{
	struct scan scan = { .caused = caused };
	struct ap_mask new_adapters;
	unsigned int apid;

	lockdep_assert_held(&scan_mutex);
	read_config(&scan);
	if (!same_config(&scan.now, &scan.before)) {
		scan.changed = true;
		ap_drivers_config_changed(&scan.now, &scan.before);
	}
	for (apid = 0; apid < AP_IDS; apid++) {
		if (ap_mask_test(&scan.apm, apid) || cards[apid])
			scan_adapter(&scan, apid);
	}
	if (scan.changed)
		ap_drivers_scan_complete(&scan.now, &scan.before);
	ap_choose_default_domain();
	ap_host_retry();

	new_adapters = ap_mask_andnot(&scan.now.host.apm, &scan.before.host.apm);
	if (scan.found_new || !ap_mask_empty(&new_adapters))
		ap_bindings_expect();
	WRITE_ONCE(n_scans, n_scans + 1);
	if (n_scans == 1)
		ap_send_uevent(ap_root, "INITSCAN=done");
	mod_delayed_work(system_long_wq, &scan_work,
			 scan.again ? RETRY_INTERVAL : READ_ONCE(interval) * HZ);
}

static void scan_by_time(struct work_struct *work)
{
	mutex_lock(&scan_mutex);
	if (running)
		scan_bus(NULL);
	mutex_unlock(&scan_mutex);
	ap_bindings_check();
}

int ap_scan_now(void)
{
	struct ap_caused caused;
	unsigned long began;
	int ret;

	ret = ap_caused_init(&caused);
	if (ret)
		return ret;
	if (mutex_lock_interruptible(&scan_mutex)) {
		ret = -ERESTARTSYS;
	} else {
		began = jiffies;
		if (running)
			scan_bus(&caused);
		mutex_unlock(&scan_mutex);
		ap_settle(&caused, began);
		ap_bindings_check();
	}
	ap_caused_free(&caused);
	return ret;
}

u64 ap_scan_count(void)
{
	return READ_ONCE(n_scans);
}

unsigned int ap_scan_interval(void)
{
	return READ_ONCE(interval);
}

void ap_scan_set_interval(unsigned int seconds)
{
	mutex_lock(&scan_mutex);
	WRITE_ONCE(interval, seconds);
	if (running)
		mod_delayed_work(system_long_wq, &scan_work, seconds * HZ);
	mutex_unlock(&scan_mutex);
}

/* Nobody else is left who could keep a device busy for long. */
static void remove_all(void)
{
	struct scan scan = {};
	unsigned int apid;

	do {
		scan.again = false;
		for (apid = 0; apid < AP_IDS; apid++) {
			if (cards[apid])
				scan_adapter(&scan, apid);
		}
		if (scan.again)
			schedule_timeout_uninterruptible(1);
	} while (scan.again);
}

void ap_scan_exit(void)
{
	mutex_lock(&scan_mutex);
	running = false;
	remove_all();
	mutex_unlock(&scan_mutex);
	cancel_delayed_work_sync(&scan_work);
	ap_clean_stop();
}

/* The attribute that scans is there before, but a scan then could be left half done. */
int ap_scan_init(void)
{
	int ret;

	mutex_lock(&scan_mutex);
	running = true;
	mutex_unlock(&scan_mutex);
	ret = ap_scan_now();
	if (ret)
		ap_scan_exit();
	return ret;
}
