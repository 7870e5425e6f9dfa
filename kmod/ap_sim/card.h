/* SPDX-License-Identifier: GPL-2.0 */
#ifndef AP_SIM_CARD_H
#define AP_SIM_CARD_H

#include "bus.h"

/**
 * struct ap_card - a card on the bus
 * @device: the device
 * @apid: adapter number
 * @raw_type: adapter type as TAPQ tells it
 * @type: the same, at most AP_TYPE_CEX8
 * @functions: AP_FUNC_*
 * @ml: as in struct ap_tapq_info
 * @depth: as in struct ap_tapq_info
 * @config: configured; as of the last scan, or set by the attribute
 * @chkstop: checkstopped, as of the last scan
 * @online: set by the attribute
 * @n_queues: number of its queues on the bus; scan's lock
 */
struct ap_card {
	struct device device;
	u8 apid;
	u8 raw_type;
	u8 type;
	u32 functions;
	u8 ml;
	u8 depth;
	bool config;
	bool chkstop;
	bool online;
	unsigned int n_queues;
};

#define to_ap_card(dev) container_of(dev, struct ap_card, device)

extern const struct device_type ap_card_type;

/* Not yet on the bus. NULL: out of memory. */
struct ap_card *ap_card_create(u8 apid, const struct ap_tapq_info *info, u8 type);

static inline bool is_ap_card(const struct device *dev)
{
	return dev->type == &ap_card_type;
}

/* "accel", "cca" or "ep11" */
const char *ap_mode_name(u32 functions);

static inline bool ap_card_usable(const struct ap_card *card)
{
	return card->config && !card->chkstop;
}

#endif
