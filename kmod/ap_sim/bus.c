// SPDX-License-Identifier: GPL-2.0
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/namei.h>

#include "bus.h"
#include "clean.h"
#include "drivers.h"
#include "masks.h"

const struct ap_caller ap_bus_caller = { .kind = AP_CALLER_BUS };

struct device *ap_root;

static bool match_ids(const struct ap_device_id *id, u8 type)
{
	for (; id->match_flags; id++) {
		if (id->match_flags & AP_DEVICE_ID_MATCH_QUEUE_TYPE && id->dev_type == type)
			return true;
	}
	return false;
}

bool ap_bus_match_types(struct device *dev, const struct device_driver *drv)
{
	if (is_ap_card(dev))
		return drv == &ap_host_card_driver;
	return drv != &ap_host_card_driver &&
	       match_ids(to_ap_queue_driver(drv)->ids, ap_queue_card(to_ap_queue(dev))->type);
}

static int ap_bus_match(struct device *dev, AP_MATCH_CONST struct device_driver *drv)
{
	return ap_bus_match_types(dev, drv);
}

static int ap_bus_uevent(AP_UEVENT_CONST struct device *dev, struct kobj_uevent_env *env)
{
	int ret = 0;

	if (is_ap_card(dev)) {
		const struct ap_card *card = container_of(dev, struct ap_card, device);

		ret = add_uevent_var(env, "DEV_TYPE=%04X", card->type) ?:
		      add_uevent_var(env, "MODALIAS=ap:t%02X", card->type) ?:
		      add_uevent_var(env, "MODE=%s", ap_mode_name(card->functions));
	} else if (is_ap_queue(dev)) {
		const struct ap_queue *queue = container_of(dev, struct ap_queue, public.device);

		ret = add_uevent_var(env, "MODE=%s", ap_mode_name(queue->functions));
	}
	return ret;
}

/*
 * Never waits: an unclean queue is refused, and offered again when it is clean. The
 * driver core is silent about ENODEV.
 */
static int probe_queue(struct ap_queue *queue)
{
	struct device_driver *drv = queue->public.device.driver;
	u16 apqn = queue->public.apqn;
	int ret;

	if (READ_ONCE(queue->leaving) || !ap_driver_may_have(queue, drv) ||
	    !ap_clean_claim(apqn))
		return -ENODEV;
	ret = to_ap_queue_driver(drv)->probe(&queue->public);
	if (ret)
		ap_clean_left(apqn);
	return ret;
}

static int ap_bus_probe(struct device *dev)
{
	return is_ap_queue(dev) ? probe_queue(to_ap_queue(dev)) : 0;
}

static void ap_bus_remove(struct device *dev)
{
	struct ap_queue *queue;

	if (!is_ap_queue(dev))
		return;
	queue = to_ap_queue(dev);
	to_ap_queue_driver(dev->driver)->remove(&queue->public);
	ap_clean_left(queue->public.apqn);
}

AP_BUS_TYPE ap_bus = {
	.name = "ap",
	.bus_groups = ap_bus_groups,
	.drv_groups = ap_driver_groups,
	.match = ap_bus_match,
	.uevent = ap_bus_uevent,
	.probe = ap_bus_probe,
	.remove = ap_bus_remove,
};

void ap_send_uevent(struct device *dev, const char *variable)
{
	char *envp[2] = { (char *)variable };

	kobject_uevent_env(&dev->kobj, KOBJ_CHANGE, envp);
}

/* Registering a second bus of that name would fail, too, but with a stack dump. */
static bool ap_bus_exists(void)
{
	struct path path;

	if (kern_path("/sys/bus/ap", LOOKUP_FOLLOW, &path))
		return false;
	path_put(&path);
	return true;
}

/* Without owner: upstream's bus is built in and has no link to a module here. */
static int register_root(void)
{
	ap_root = __root_device_register("ap", NULL);
	return PTR_ERR_OR_ZERO(ap_root);
}

static void unregister_root(void)
{
	ap_root->bus = NULL;
	root_device_unregister(ap_root);
}

/* The root outlives the bus: who writes to /sys/bus/ap sends uevents of it. */
int ap_bus_register(void)
{
	int ret;

	if (ap_bus_exists()) {
		pr_err("this machine has an AP bus already\n");
		return -EEXIST;
	}
	ret = register_root();
	if (ret)
		return ret;
	ret = bus_register(&ap_bus);
	if (ret) {
		unregister_root();
		return ret;
	}
	/* A device without a bus or a class has no uevents; the bus does not know this one. */
	ap_root->bus = &ap_bus;
	return 0;
}

void ap_bus_unregister(void)
{
	bus_unregister(&ap_bus);
	unregister_root();
}
