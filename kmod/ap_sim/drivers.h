/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The drivers on the bus and what they are told.
 */
#ifndef AP_SIM_DRIVERS_H
#define AP_SIM_DRIVERS_H

#include "queue.h"

/* The host's default drivers. */
extern struct device_driver ap_host_card_driver;
extern struct ap_queue_driver ap_host_queue_driver;

static inline bool ap_is_default_driver(const struct device_driver *drv)
{
	return drv == &ap_host_queue_driver.driver;
}

static inline struct ap_queue_driver *to_ap_queue_driver(const struct device_driver *drv)
{
	return container_of((struct device_driver *)drv, struct ap_queue_driver, driver);
}

int ap_drivers_init(void);
void ap_drivers_exit(void);

int ap_host_drivers_register(void);
void ap_host_drivers_unregister(void);

/* See struct ap_queue_driver. -EADDRINUSE or another error of the first to object. */
int ap_drivers_in_use(const struct ap_mask *apm, const struct ap_mask *aqm);
void ap_drivers_config_changed(const struct ap_config_info *now,
			       const struct ap_config_info *before);
void ap_drivers_scan_complete(const struct ap_config_info *now,
			      const struct ap_config_info *before);
void ap_drivers_settle(unsigned long began, unsigned long deadline);

bool ap_queue_is_misbound(struct ap_queue *queue);

#endif
