/* SPDX-License-Identifier: GPL-2.0 */
#ifndef AP_SIM_BINDINGS_H
#define AP_SIM_BINDINGS_H

#include "bus.h"

void ap_bindings_count(unsigned int *bound, unsigned int *all);

/*
 * When all queues have a driver, a uevent says so: after a scan that found something,
 * and after a driver came that some queues had waited for. Not after each change.
 */
void ap_bindings_expect(void);
void ap_bindings_expect_if_incomplete(void);
void ap_bindings_check(void);

/* How often that was. */
u64 ap_bindings_complete_count(void);

#endif
