/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the host does with a queue while a default driver has it. It never touches a
 * queue that somebody else has, or may have given to a guest.
 */
#ifndef AP_SIM_HOST_QUEUE_H
#define AP_SIM_HOST_QUEUE_H

#include "queue.h"

/* A default driver gets the queue; the host enables its interrupt. */
void ap_host_take(struct ap_queue *queue);
/* The default driver leaves it. */
void ap_host_leave(struct ap_queue *queue);

/* Start a RAPQ. -EBUSY: the queue is not the host's. */
int ap_host_reset(struct ap_queue *queue);

/* Enable the interrupts that could not be enabled before. */
void ap_host_retry(void);
/* No queue is the host's any more, and there is no scan. */
void ap_host_exit(void);

#endif
