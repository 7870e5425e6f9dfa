/* SPDX-License-Identifier: GPL-2.0 */
#ifndef AP_SIM_QUEUE_H
#define AP_SIM_QUEUE_H

#include "card.h"

/**
 * struct ap_queue - a queue on the bus
 * @public: the device and APQN, as drivers see it
 * @card: its card; a reference is held, since a driver may be matched with a queue that has
 *	just left the bus, and thereby its parent
 * @functions: AP_FUNC_*
 * @config: configured, as of the last scan
 * @chkstop: checkstopped, as of the last scan
 * @online: set by the attribute
 * @hosted: a default driver has it; see host_queue.h
 * @leaving: it is about to be removed; no driver gets it any more
 * @override: the driver that the administrator chose, NULL if none; see masks.h
 */
struct ap_queue {
	struct ap_queue_device public;
	struct ap_card *card;
	u32 functions;
	bool config;
	bool chkstop;
	bool online;
	bool hosted;
	bool leaving;
	char *override;
};

#define to_ap_queue(dev) container_of(dev, struct ap_queue, public.device)

extern const struct device_type ap_queue_type;

/* Not yet on the bus. NULL: out of memory. */
struct ap_queue *ap_queue_create(struct ap_card *card, u16 apqn,
				 const struct ap_tapq_info *info);

static inline bool is_ap_queue(const struct device *dev)
{
	return dev->type == &ap_queue_type;
}

static inline struct ap_card *ap_queue_card(const struct ap_queue *queue)
{
	return queue->card;
}

/* How a response code of TAPQ shows in the attributes. */
static inline bool ap_rc_configured(u8 rc)
{
	return rc != AP_RC_DECONFIGURED;
}

static inline bool ap_rc_checkstopped(u8 rc)
{
	return rc == AP_RC_CHECKSTOPPED;
}

#endif
