// SPDX-License-Identifier: GPL-2.0
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/srcu.h>

#include "bindings.h"
#include "clean.h"
#include "drivers.h"
#include "masks.h"
#include "settle.h"

/**
 * struct registration - a driver that wants to be told
 * @node: in registrations
 * @driver: the driver
 */
struct registration {
	struct list_head node;
	struct ap_queue_driver *driver;
};

/*
 * SRCU, because the callbacks sleep, and because a driver that leaves must wait for
 * those that run, but not make new ones wait.
 */
static DEFINE_MUTEX(registration_mutex);
static LIST_HEAD(registrations);
static struct srcu_struct registrations_srcu;

#define for_each_registration(r) \
	list_for_each_entry_srcu(r, &registrations, node, srcu_read_lock_held(&registrations_srcu))

/* A static one would warn when there is no memory to load the module. */
int ap_drivers_init(void)
{
	return init_srcu_struct(&registrations_srcu);
}

void ap_drivers_exit(void)
{
	cleanup_srcu_struct(&registrations_srcu);
}

int ap_drivers_in_use(const struct ap_mask *apm, const struct ap_mask *aqm)
{
	struct registration *r;
	int ret = 0, idx;

	idx = srcu_read_lock(&registrations_srcu);
	for_each_registration(r) {
		if (!r->driver->in_use)
			continue;
		ret = r->driver->in_use(apm, aqm);
		if (ret)
			break;
	}
	srcu_read_unlock(&registrations_srcu, idx);
	return ret;
}

void ap_drivers_config_changed(const struct ap_config_info *now,
			       const struct ap_config_info *before)
{
	struct registration *r;
	int idx;

	idx = srcu_read_lock(&registrations_srcu);
	for_each_registration(r) {
		if (r->driver->config_changed)
			r->driver->config_changed(now, before);
	}
	srcu_read_unlock(&registrations_srcu, idx);
}

void ap_drivers_scan_complete(const struct ap_config_info *now,
			      const struct ap_config_info *before)
{
	struct registration *r;
	int idx;

	idx = srcu_read_lock(&registrations_srcu);
	for_each_registration(r) {
		if (r->driver->scan_complete)
			r->driver->scan_complete(now, before);
	}
	srcu_read_unlock(&registrations_srcu, idx);
}

void ap_drivers_settle(unsigned long began, unsigned long deadline)
{
	struct registration *r;
	int idx;

	idx = srcu_read_lock(&registrations_srcu);
	for_each_registration(r) {
		if (r->driver->settle)
			r->driver->settle(began, deadline);
	}
	srcu_read_unlock(&registrations_srcu, idx);
}

/* A queue without driver is in order unless it is the host's. */
bool ap_queue_is_misbound(struct ap_queue *queue)
{
	const struct device_driver *drv;
	bool misbound;
	int idx;

	/* The driver may lose the queue now, but not go away. */
	idx = srcu_read_lock(&registrations_srcu);
	drv = READ_ONCE(queue->public.device.driver);
	misbound = drv ? !ap_driver_may_have(queue, drv) :
			 ap_driver_may_have(queue, &ap_host_queue_driver.driver);
	srcu_read_unlock(&registrations_srcu, idx);
	return misbound;
}

static struct registration *add_registration(struct ap_queue_driver *driver)
{
	struct registration *r = kmalloc(sizeof(*r), GFP_KERNEL);

	if (!r)
		return NULL;
	r->driver = driver;
	mutex_lock(&registration_mutex);
	list_add_tail_rcu(&r->node, &registrations);
	mutex_unlock(&registration_mutex);
	return r;
}

static void remove_registration(struct registration *r)
{
	mutex_lock(&registration_mutex);
	list_del_rcu(&r->node);
	mutex_unlock(&registration_mutex);
	synchronize_srcu(&registrations_srcu);
	kfree(r);
}

static struct registration *find_registration(struct ap_queue_driver *driver)
{
	struct registration *r, *found = NULL;

	mutex_lock(&registration_mutex);
	list_for_each_entry(r, &registrations, node) {
		if (r->driver == driver)
			found = r;
	}
	mutex_unlock(&registration_mutex);
	return found;
}

/**
 * struct wanted - the queues a driver may have
 * @driver: the driver
 * @queues: its queues
 */
struct wanted {
	const struct device_driver *driver;
	struct ap_caused queues;
};

static int collect_wanted(struct device *dev, void *data)
{
	struct wanted *wanted = data;

	if (is_ap_queue(dev) && ap_driver_may_have(to_ap_queue(dev), wanted->driver))
		ap_caused_add(&wanted->queues, to_ap_queue(dev)->public.apqn);
	return 0;
}

/* What the driver left when it was last unloaded may still be being reset. */
static int register_and_wait(struct ap_queue_driver *driver)
{
	struct wanted wanted = { .driver = &driver->driver };
	int ret;

	ret = ap_caused_init(&wanted.queues);
	if (ret)
		return ret;
	ret = driver_register(&driver->driver);
	if (!ret) {
		bus_for_each_dev(&ap_bus, NULL, &wanted, collect_wanted);
		ap_settle_queues(&wanted.queues, ap_settle_deadline());
	}
	ap_caused_free(&wanted.queues);
	return ret;
}

/*
 * The callbacks come before the queues, so that no change of the configuration falls
 * between the driver's first look at it and the first callback.
 */
int ap_queue_driver_register(struct ap_queue_driver *driver)
{
	struct registration *r;
	int ret;

	driver->driver.bus = &ap_bus;
	/* The bus has its own bind and unbind, which wait for resets without a lock. */
	driver->driver.suppress_bind_attrs = true;
	r = add_registration(driver);
	if (!r)
		return -ENOMEM;
	ap_bindings_expect_if_incomplete();
	ret = register_and_wait(driver);
	if (ret)
		remove_registration(r);
	else
		ap_bindings_check();
	return ret;
}
EXPORT_SYMBOL_GPL(ap_queue_driver_register);

void ap_queue_driver_unregister(struct ap_queue_driver *driver)
{
	driver_unregister(&driver->driver);
	remove_registration(find_registration(driver));
}
EXPORT_SYMBOL_GPL(ap_queue_driver_unregister);

/* Errors: as those of the driver core's own attribute, and EBUSY for an unclean queue. */
static int bind(struct device_driver *drv, struct device *dev, unsigned long deadline)
{
	int ret;

	if (!ap_bus_match_types(dev, drv))
		return -ENODEV;
	if (dev->driver)
		return -EBUSY;
	if (is_ap_queue(dev)) {
		struct ap_queue *queue = to_ap_queue(dev);

		if (!ap_driver_may_have(queue, drv))
			return -ENODEV;
		ret = ap_settle_clean(queue->public.apqn, deadline);
		if (ret)
			return ret;
	}
	return device_driver_attach(drv, dev);
}

static ssize_t bind_store(struct device_driver *drv, const char *buf, size_t count)
{
	struct device *dev = bus_find_device_by_name(&ap_bus, NULL, buf);
	unsigned long began = jiffies, deadline = ap_settle_deadline();
	int ret;

	if (!dev)
		return -ENODEV;
	ret = bind(drv, dev, deadline);
	put_device(dev);
	if (!ret)
		ap_drivers_settle(began, deadline);
	return ret ?: count;
}

static int unbind(struct device_driver *drv, struct device *dev, unsigned long deadline)
{
	if (dev->driver != drv)
		return -ENODEV;
	device_release_driver(dev);
	/* A bind that follows need not wait then. An unclean queue is no error here. */
	if (is_ap_queue(dev))
		ap_settle_clean(to_ap_queue(dev)->public.apqn, deadline);
	return 0;
}

static ssize_t unbind_store(struct device_driver *drv, const char *buf, size_t count)
{
	struct device *dev = bus_find_device_by_name(&ap_bus, NULL, buf);
	unsigned long began = jiffies, deadline = ap_settle_deadline();
	int ret;

	if (!dev)
		return -ENODEV;
	ret = unbind(drv, dev, deadline);
	put_device(dev);
	if (!ret)
		ap_drivers_settle(began, deadline);
	return ret ?: count;
}

/* As in the driver core: the attribute may be removed below a device lock. */
static struct driver_attribute driver_attr_bind =
	__ATTR_IGNORE_LOCKDEP(bind, 0200, NULL, bind_store);
static struct driver_attribute driver_attr_unbind =
	__ATTR_IGNORE_LOCKDEP(unbind, 0200, NULL, unbind_store);

static struct attribute *driver_attrs[] = {
	&driver_attr_bind.attr,
	&driver_attr_unbind.attr,
	NULL,
};
static const struct attribute_group driver_group = {
	.attrs = driver_attrs,
};

const struct attribute_group *ap_driver_groups[] = {
	&driver_group,
	NULL,
};
