/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which adapters and domains the simulated machine has.
 *
 * The instructions see a change at once; the AP bus sees it with its next scan.
 */
#ifndef AP_SIM_TOPOLOGY_H
#define AP_SIM_TOPOLOGY_H

#include "../include/ap_hw.h"

enum ap_mode {
	AP_MODE_ACCEL,
	AP_MODE_CCA,
	AP_MODE_EP11,
};

/**
 * struct ap_adapter - a simulated adapter
 * @live: the adapter is part of the machine
 * @mode: what it was loaded with
 * @type: AP_TYPE_*; numbers below AP_TYPE_CEX4 are for testing the type filter
 * @ml: as in struct ap_tapq_info
 * @depth: how many messages each of its queues holds, 1 to 32
 * @configured: false: instructions answer 03
 * @checkstopped: instructions answer 04
 */
struct ap_adapter {
	bool live;
	enum ap_mode mode;
	u8 type;
	u8 ml;
	u8 depth;
	bool configured;
	bool checkstopped;
};

/**
 * struct ap_topology - the machine
 * @config: what QCI answers, except for the adapters
 * @adapters: the adapters, by number
 */
struct ap_topology {
	struct ap_config_info config;
	struct ap_adapter adapters[AP_IDS];
};

/* Fill in the default topology, or an empty machine. */
int ap_topology_init(bool empty);

/* An adapter as it is before anybody changed it. */
struct ap_adapter ap_adapter_default(void);

/**
 * ap_topology_edit - begin a change
 *
 * Return: a draft of the machine, to be finished by ap_topology_commit(); other
 * changes wait until then
 */
struct ap_topology *ap_topology_edit(void);

/**
 * ap_topology_commit - make the draft the machine
 *
 * Return: 0; or, with the machine as it was, -EINVAL if something is beyond the highest
 * adapter or domain number, or -ENOMEM
 */
int ap_topology_commit(void);

/* Copies of what there is now; may be called with spinlocks held. */
void ap_topology_read_adapter(u8 apid, struct ap_adapter *adapter);
void ap_topology_read_config(struct ap_config_info *config);
bool ap_topology_has_queue(u16 apqn);

/* The facility word of TAPQ that an adapter answers with. */
u32 ap_adapter_functions(const struct ap_adapter *adapter);

#endif
