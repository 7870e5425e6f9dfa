// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>

#include "card.h"
#include "queue.h"
#include "topology.h"

const char *ap_mode_name(u32 functions)
{
	if (functions & AP_FUNC_ACCEL)
		return "accel";
	return functions & AP_FUNC_CCA ? "cca" : "ep11";
}

static ssize_t ap_functions_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "0x%08X\n", to_ap_card(dev)->functions);
}
static DEVICE_ATTR_RO(ap_functions);

static ssize_t chkstop_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(to_ap_card(dev)->chkstop));
}
static DEVICE_ATTR_RO(chkstop);

static ssize_t config_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(to_ap_card(dev)->config));
}

/* The card changes at once; its queues follow with the next scan. */
static ssize_t config_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	struct ap_card *card = to_ap_card(dev);
	struct ap_topology *machine;
	int config, ret;
	bool live;

	if (sscanf(buf, "%d\n", &config) != 1 || config < 0 || config > 1)
		return -EINVAL;
	machine = ap_topology_edit();
	live = machine->adapters[card->apid].live;
	if (live)
		machine->adapters[card->apid].configured = config;
	ret = ap_topology_commit();
	if (ret || !live)
		return ret ?: -ENODEV;
	WRITE_ONCE(card->config, config);
	ap_send_uevent(dev, config ? "CONFIG=1" : "CONFIG=0");
	return count;
}
static DEVICE_ATTR_RW(config);

static ssize_t depth_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", to_ap_card(dev)->depth + 1);
}
static DEVICE_ATTR_RO(depth);

static ssize_t hwtype_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", to_ap_card(dev)->type);
}
static DEVICE_ATTR_RO(hwtype);

static ssize_t raw_hwtype_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", to_ap_card(dev)->raw_type);
}
static DEVICE_ATTR_RO(raw_hwtype);

static ssize_t max_msg_size_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", to_ap_card(dev)->ml * 4096);
}
static DEVICE_ATTR_RO(max_msg_size);

static ssize_t modalias_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "ap:t%02X\n", to_ap_card(dev)->type);
}
static DEVICE_ATTR_RO(modalias);

/* The simulated host sends no requests. */
static ssize_t zero_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "0\n");
}

static ssize_t request_count_store(struct device *dev, struct device_attribute *attr,
				   const char *buf, size_t count)
{
	return count;
}

static struct device_attribute dev_attr_request_count =
	__ATTR(request_count, 0644, zero_show, request_count_store);
static struct device_attribute dev_attr_requestq_count =
	__ATTR(requestq_count, 0444, zero_show, NULL);
static struct device_attribute dev_attr_pendingq_count =
	__ATTR(pendingq_count, 0444, zero_show, NULL);

static struct attribute *card_attrs[] = {
	&dev_attr_ap_functions.attr,
	&dev_attr_chkstop.attr,
	&dev_attr_config.attr,
	&dev_attr_depth.attr,
	&dev_attr_hwtype.attr,
	&dev_attr_max_msg_size.attr,
	&dev_attr_modalias.attr,
	&dev_attr_pendingq_count.attr,
	&dev_attr_raw_hwtype.attr,
	&dev_attr_request_count.attr,
	&dev_attr_requestq_count.attr,
	NULL,
};
ATTRIBUTE_GROUPS(card);

const struct device_type ap_card_type = {
	.name = "ap_card",
	.groups = card_groups,
};

static void release_card(struct device *dev)
{
	kfree(to_ap_card(dev));
}

struct ap_card *ap_card_create(u8 apid, const struct ap_tapq_info *info, u8 type)
{
	struct ap_card *card = kzalloc(sizeof(*card), GFP_KERNEL);

	if (!card)
		return NULL;
	card->apid = apid;
	card->raw_type = info->type;
	card->type = type;
	card->functions = info->functions;
	card->ml = max_t(u8, info->ml, 3);
	card->depth = info->depth;
	card->online = true;
	device_initialize(&card->device);
	card->device.bus = &ap_bus;
	card->device.parent = ap_root;
	card->device.type = &ap_card_type;
	card->device.release = release_card;
	if (dev_set_name(&card->device, "card%02x", apid)) {
		put_device(&card->device);
		return NULL;
	}
	return card;
}
