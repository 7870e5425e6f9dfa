/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The simulated machine in /sys/kernel/config/ap_sim/, in the manner of gpio-sim.
 * README.md describes the directory.
 */
#ifndef AP_SIM_MACHINE_DIRECTORY_H
#define AP_SIM_MACHINE_DIRECTORY_H

#include <linux/configfs.h>
#include <linux/types.h>

int ap_configfs_init(void);
void ap_configfs_exit(void);

/* A queue's directory, with the knobs of its faults. ERR_PTR. */
struct config_group *ap_configfs_make_queue(u16 apqn);

/* An adapter's directory. ERR_PTR. */
struct config_group *ap_configfs_make_adapter(u8 apid);
/* Somebody removes the directory; the adapter goes with it. */
void ap_configfs_drop_adapter(struct config_group *adapters, struct config_item *item);

/* Read a directory name of exactly @digits lower-case hexadecimal digits. -EINVAL. */
int ap_configfs_parse_name(const char *name, unsigned int digits, u8 *id);

#endif
