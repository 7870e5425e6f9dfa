/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rule that a queue not verified clean is offered to nobody.
 *
 * When a driver has left a queue, the bus starts a ZAPQ and looks at the queue every
 * 20 ms. Only when it has seen that reset complete may a driver have the queue again.
 * What was left behind in a queue stays known while the queue is not on the bus.
 */
#ifndef AP_SIM_CLEAN_H
#define AP_SIM_CLEAN_H

#include <linux/wait.h>

#include "queue.h"

int ap_clean_init(void);
/* No queue is on the bus any more: the worker uses neither bus nor devices from here on. */
void ap_clean_stop(void);
/* Nobody writes to /sys/bus/ap any more: who did may have waited for a queue. */
void ap_clean_exit(void);

/* The queue comes onto the bus. -ENOMEM. */
int ap_clean_arrive(struct ap_queue *queue);
/* The queue is no longer on the bus. */
void ap_clean_depart(u16 apqn);

/* The queue on the bus, with a reference to its device; NULL if it is not there. */
struct ap_queue *ap_clean_get_queue(u16 apqn);

/*
 * A driver is about to get the queue. False: it may not have it now; the queue will be
 * offered again when it is clean.
 */
bool ap_clean_claim(u16 apqn);
/* The driver has left the queue. Starts its reset. */
void ap_clean_left(u16 apqn);

/*
 * Look after the queue in the worker: take it from a driver that may not have it any
 * more, then offer it to the drivers as soon as it is clean.
 */
void ap_clean_offer(u16 apqn);

/* The configuration changed so that a reset that was refused may be possible now. */
void ap_clean_retry(u16 apqn);

/* ap_hw.hold and ap_hw.unhold */
void ap_clean_hold(u16 apqn);
void ap_clean_unhold(u16 apqn);

/* The worker has nothing to do for it, or it is not on the bus. */
bool ap_clean_settled(u16 apqn);
/* It is clean and no driver has it. */
bool ap_clean_is_clean(u16 apqn);

/* Woken when the answer of one of the two may have changed. */
extern struct wait_queue_head ap_clean_wait;

#endif
