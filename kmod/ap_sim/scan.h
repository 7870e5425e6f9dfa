/* SPDX-License-Identifier: GPL-2.0 */
#ifndef AP_SIM_SCAN_H
#define AP_SIM_SCAN_H

#include "bus.h"

/* The first scan; later ones come by time, or by ap_scan_now(). */
int ap_scan_init(void);
/* No scan runs or will run any more; all devices are gone. */
void ap_scan_exit(void);

/* Scan and wait for what it caused. -ERESTARTSYS. */
int ap_scan_now(void);
u64 ap_scan_count(void);

unsigned int ap_scan_interval(void);
void ap_scan_set_interval(unsigned int seconds);

/* The configuration as of the last scan. No lock needed. */
void ap_scan_read_config(struct ap_config_info *config);

#endif
