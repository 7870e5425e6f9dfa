// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>

#include "host_queue.h"
#include "masks.h"
#include "queue.h"

static ssize_t ap_functions_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct ap_tapq_info info;
	u32 status;

	status = ap_hardware_tapq(&ap_bus_caller, to_ap_queue(dev)->public.apqn, &info);
	if (AP_STATUS_RC(status) > AP_RC_BUSY)
		return -EIO;
	return sysfs_emit(buf, "0x%08X\n", info.functions);
}
static DEVICE_ATTR_RO(ap_functions);

static ssize_t chkstop_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(to_ap_queue(dev)->chkstop));
}
static DEVICE_ATTR_RO(chkstop);

static ssize_t config_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(to_ap_queue(dev)->config));
}
static DEVICE_ATTR_RO(config);

static ssize_t interrupt_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct ap_queue *queue = to_ap_queue(dev);
	u32 status;

	if (!READ_ONCE(queue->hosted))
		return sysfs_emit(buf, "Interrupts disabled.\n");
	status = ap_hardware_tapq(&ap_bus_caller, queue->public.apqn, NULL);
	if (status & AP_STATUS_IRQ_ENABLED)
		return sysfs_emit(buf, "Interrupts enabled.\n");
	return sysfs_emit(buf, "Enable Interrupt pending.\n");
}
static DEVICE_ATTR_RO(interrupt);

/* The simulated host sends no requests. */
static ssize_t zero_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "0\n");
}
static struct device_attribute dev_attr_pendingq_count =
	__ATTR(pendingq_count, 0444, zero_show, NULL);
static struct device_attribute dev_attr_requestq_count =
	__ATTR(requestq_count, 0444, zero_show, NULL);

static ssize_t request_count_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, READ_ONCE(to_ap_queue(dev)->hosted) ? "0\n" : "-\n");
}

static ssize_t request_count_store(struct device *dev, struct device_attribute *attr,
				   const char *buf, size_t count)
{
	return count;
}
static DEVICE_ATTR_RW(request_count);

static ssize_t reset_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	u32 status = ap_hardware_tapq(&ap_bus_caller, to_ap_queue(dev)->public.apqn, NULL);

	if (AP_STATUS_RC(status) == AP_RC_RESET_IN_PROGRESS)
		return sysfs_emit(buf, "Reset in progress.\n");
	return sysfs_emit(buf, "No Reset Timer set.\n");
}

static ssize_t reset_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	return ap_host_reset(to_ap_queue(dev)) ?: count;
}
static DEVICE_ATTR_RW(reset);

static ssize_t driver_override_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return ap_override_show(to_ap_queue(dev), buf);
}

static ssize_t driver_override_store(struct device *dev, struct device_attribute *attr,
				     const char *buf, size_t count)
{
	return ap_override_store(to_ap_queue(dev), buf, count);
}
static DEVICE_ATTR_RW(driver_override);

static struct attribute *queue_attrs[] = {
	&dev_attr_ap_functions.attr,
	&dev_attr_chkstop.attr,
	&dev_attr_config.attr,
	&dev_attr_driver_override.attr,
	&dev_attr_interrupt.attr,
	&dev_attr_pendingq_count.attr,
	&dev_attr_request_count.attr,
	&dev_attr_requestq_count.attr,
	&dev_attr_reset.attr,
	NULL,
};

static umode_t queue_attr_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	if (attr == &dev_attr_driver_override.attr && !ap_abi_619)
		return 0;
	return attr->mode;
}

static const struct attribute_group queue_group = {
	.attrs = queue_attrs,
	.is_visible = queue_attr_visible,
};

static const struct attribute_group *queue_groups[] = {
	&queue_group,
	NULL,
};

const struct device_type ap_queue_type = {
	.name = "ap_queue",
	.groups = queue_groups,
};

static void release_queue(struct device *dev)
{
	struct ap_queue *queue = to_ap_queue(dev);

	put_device(&queue->card->device);
	kfree(queue);
}

struct ap_queue *ap_queue_create(struct ap_card *card, u16 apqn,
				 const struct ap_tapq_info *info)
{
	struct ap_queue *queue = kzalloc(sizeof(*queue), GFP_KERNEL);
	struct device *dev;

	if (!queue)
		return NULL;
	queue->public.apqn = apqn;
	queue->card = card;
	get_device(&card->device);
	queue->functions = info->functions;
	queue->online = true;
	dev = &queue->public.device;
	device_initialize(dev);
	dev->bus = &ap_bus;
	dev->parent = &card->device;
	dev->type = &ap_queue_type;
	dev->release = release_queue;
	if (dev_set_name(dev, "%02x.%04x", AP_APQN_APID(apqn), AP_APQN_APQI(apqn))) {
		put_device(dev);
		return NULL;
	}
	return queue;
}
