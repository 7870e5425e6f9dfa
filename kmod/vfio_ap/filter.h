/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a guest may see of what its device wants.
 *
 * Pure code: also compiled into the unit tests in user space.
 */
#ifndef VFIO_AP_FILTER_H
#define VFIO_AP_FILTER_H

#include "../include/ap_mask.h"

/* Whether a queue may be given to the guest that @context stands for. */
typedef bool (*ap_passable_fn)(const void *context, u16 apqn);

void ap_filter(const struct ap_matrix *wanted, const struct ap_matrix *host,
	       ap_passable_fn passable, const void *context, struct ap_matrix *shadow);

#endif
