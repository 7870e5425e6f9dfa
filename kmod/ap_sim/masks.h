/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who owns a queue: the host's default drivers, or others.
 *
 * The masks decide, unless the administrator chose a driver (driver_override).
 */
#ifndef AP_SIM_MASKS_H
#define AP_SIM_MASKS_H

#include "queue.h"

enum ap_which_mask {
	AP_APMASK,
	AP_AQMASK,
};

/* Set a mask from the module's parameter; NULL: all ones. -EINVAL. */
int ap_mask_init(enum ap_which_mask which, const char *text);

void ap_masks_read(struct ap_mask *apmask, struct ap_mask *aqmask);

/* Whether @drv may have the queue. No lock needed. */
bool ap_driver_may_have(struct ap_queue *queue, const struct device_driver *drv);

/*
 * Take the queue away from a driver that may not have it any more. False: its device
 * is busy, try again later.
 */
bool ap_release_misbound(struct ap_queue *queue);

/* ap_hw.owned_by_host */
bool ap_matrix_owned_by_host(const struct ap_mask *apm, const struct ap_mask *aqm, u16 *apqn);

/* Store function of the bus attributes. */
ssize_t ap_mask_store(enum ap_which_mask which, const char *text, size_t count);

/* The queue attribute driver_override. */
ssize_t ap_override_show(struct ap_queue *queue, char *buf);
ssize_t ap_override_store(struct ap_queue *queue, const char *buf, size_t count);
/* The queue is no longer on the bus. */
void ap_override_drop(struct ap_queue *queue);

#endif
