/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The bus "ap": its devices, how they meet their drivers, its attributes.
 */
#ifndef AP_SIM_BUS_H
#define AP_SIM_BUS_H

#include "../compat.h"
#include "../include/ap_hw.h"
#include "hardware.h"

/* The caller of the bus's own instructions. */
extern const struct ap_caller ap_bus_caller;

extern AP_BUS_TYPE ap_bus;
extern struct device *ap_root;

/* Which kernel's rules the bus follows where they changed in 6.19. */
extern bool ap_abi_619;

int ap_bus_register(void);
void ap_bus_unregister(void);

extern const struct attribute_group *ap_bus_groups[];
extern const struct attribute_group *ap_driver_groups[];

/* Whether this device may be given to this driver as far as types go. */
bool ap_bus_match_types(struct device *dev, const struct device_driver *drv);

/* A change uevent with one more variable, "NAME=VALUE". */
void ap_send_uevent(struct device *dev, const char *variable);

/* The default domain, -1 if there is none; see ap_domain. */
int ap_default_domain(void);
void ap_choose_default_domain(void);

#endif
