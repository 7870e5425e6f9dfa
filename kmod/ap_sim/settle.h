/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Waiting for what one has caused: killably, at most two seconds, with no lock held.
 */
#ifndef AP_SIM_SETTLE_H
#define AP_SIM_SETTLE_H

#include "bus.h"

/**
 * struct ap_caused - the queues that somebody's change made to be reset
 * @apqns: bitmap
 */
struct ap_caused {
	unsigned long *apqns;
};

int ap_caused_init(struct ap_caused *caused);
void ap_caused_free(struct ap_caused *caused);
void ap_caused_add(struct ap_caused *caused, u16 apqn);

/* When somebody who begins to wait now gives up, in jiffies. */
unsigned long ap_settle_deadline(void);

/* Wait until the queues have been offered to the drivers. */
void ap_settle_queues(struct ap_caused *caused, unsigned long deadline);
/* The same, then wait for what the drivers do because of what has happened since @began. */
void ap_settle(struct ap_caused *caused, unsigned long began);

/* Wait until a queue is clean. -EBUSY: not in time; -EINTR: killed. */
int ap_settle_clean(u16 apqn, unsigned long deadline);

#endif
