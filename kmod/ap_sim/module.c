// SPDX-License-Identifier: GPL-2.0
/*
 * ap_sim: a simulated AP bus with crypto cards, and the AP facility of KVM guests.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include "bus.h"
#include "card_queue.h"
#include "clean.h"
#include "machine_directory.h"
#include "drivers.h"
#include "guest.h"
#include "host_queue.h"
#include "instruction_log.h"
#include "masks.h"
#include "scan.h"
#include "topology.h"

static char *abi = "6.12";
module_param(abi, charp, 0444);
MODULE_PARM_DESC(abi, "kernel whose rules the bus follows: 6.12 (default) or 6.19");

static char *topology = "default";
module_param(topology, charp, 0444);
MODULE_PARM_DESC(topology, "what there is in the beginning: default or empty");

static char *apmask;
module_param(apmask, charp, 0444);
MODULE_PARM_DESC(apmask, "adapters of the host, as the attribute of that name (default: all)");

static char *aqmask;
module_param(aqmask, charp, 0444);
MODULE_PARM_DESC(aqmask, "domains of the host, as the attribute of that name (default: all)");

unsigned int ap_default_reset_ms = 30;
module_param_named(reset_ms, ap_default_reset_ms, uint, 0444);
MODULE_PARM_DESC(reset_ms, "duration of a reset in milliseconds (default 30)");

bool ap_abi_619;

static int bad_parameter(const char *name, const char *value)
{
	pr_err("bad parameter %s=%s\n", name, value);
	return -EINVAL;
}

static int check_parameters(void)
{
	if (strcmp(abi, "6.12") && strcmp(abi, "6.19"))
		return bad_parameter("abi", abi);
	if (strcmp(topology, "default") && strcmp(topology, "empty"))
		return bad_parameter("topology", topology);
	ap_abi_619 = !strcmp(abi, "6.19");
	if (ap_mask_init(AP_APMASK, apmask))
		return bad_parameter("apmask", apmask);
	if (ap_mask_init(AP_AQMASK, aqmask))
		return bad_parameter("aqmask", aqmask);
	return 0;
}

/**
 * struct part - a part of the module
 * @init: set it up
 * @exit: take it down
 *
 * Parts are set up in the order of the table and taken down in reverse.
 */
struct part {
	int (*init)(void);
	void (*exit)(void);
};

static int init_topology(void)
{
	int ret = ap_topology_init(!strcmp(topology, "empty"));

	if (ret)
		ap_card_queues_destroy();
	return ret;
}

static void exit_topology(void)
{
	ap_card_queues_destroy();
	ap_interrupts_exit();
}

static const struct part parts[] = {
	{ check_parameters, NULL },
	{ ap_log_init, ap_log_exit },
	{ init_topology, exit_topology },
	{ ap_drivers_init, ap_drivers_exit },
	{ ap_clean_init, ap_clean_exit },
	{ ap_bus_register, ap_bus_unregister },
	{ ap_host_drivers_register, ap_host_drivers_unregister },
	{ ap_scan_init, ap_scan_exit },
	{ ap_configfs_init, ap_configfs_exit },
	{ ap_log_show, ap_log_hide },
	{ ap_guest_init, ap_guest_exit },
};

static void exit_parts(unsigned int n)
{
	while (n--) {
		if (parts[n].exit)
			parts[n].exit();
	}
}

static int __init ap_sim_init(void)
{
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		ret = parts[i].init();
		if (ret) {
			exit_parts(i);
			return ret;
		}
	}
	return 0;
}
module_init(ap_sim_init);

static void __exit ap_sim_exit(void)
{
	exit_parts(ARRAY_SIZE(parts));
}
module_exit(ap_sim_exit);

MODULE_DESCRIPTION("Simulated AP bus, crypto cards and AP facility of KVM guests");
MODULE_LICENSE("GPL");
