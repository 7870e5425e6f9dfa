// SPDX-License-Identifier: GPL-2.0
/*
 * The host's default drivers, as far as programs can see them: cex4card and cex4queue.
 *
 * The cards have neither master keys nor a serial number; the files that would show
 * them have the texts of such a card.
 */
#include "card.h"
#include "drivers.h"
#include "host_queue.h"

static ssize_t empty_line_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "\n");
}

static ssize_t load_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "0\n");
}
static DEVICE_ATTR_RO(load);

static int parse_online(const char *buf, int *online)
{
	if (sscanf(buf, "%d\n", online) != 1 || *online < 0 || *online > 1)
		return -EINVAL;
	return 0;
}

static void send_online_uevent(struct device *dev, bool online)
{
	ap_send_uevent(dev, online ? "ONLINE=1" : "ONLINE=0");
}

static ssize_t type_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	const struct ap_card *card = to_ap_card(dev);
	char mode = 'P';

	if (card->functions & AP_FUNC_ACCEL)
		mode = 'A';
	else if (card->functions & AP_FUNC_CCA)
		mode = 'C';
	return sysfs_emit(buf, "CEX%d%c\n", card->type - AP_TYPE_CEX4 + 4, mode);
}
static DEVICE_ATTR_RO(type);

static bool card_online(const struct ap_card *card)
{
	return READ_ONCE(card->online) && ap_card_usable(card);
}

static ssize_t card_online_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", card_online(to_ap_card(dev)));
}

/* The queues follow their card. */
static int set_queue_online(struct device *dev, void *data)
{
	bool online = *(bool *)data;
	struct ap_queue *queue;

	if (!is_ap_queue(dev))
		return 0;
	queue = to_ap_queue(dev);
	if (!READ_ONCE(queue->hosted) || READ_ONCE(queue->online) == online)
		return 0;
	WRITE_ONCE(queue->online, online);
	send_online_uevent(dev, online);
	return 0;
}

static ssize_t card_online_store(struct device *dev, struct device_attribute *attr,
				 const char *buf, size_t count)
{
	struct ap_card *card = to_ap_card(dev);
	bool set;
	int online, ret;

	ret = parse_online(buf, &online);
	if (ret)
		return ret;
	if (online && !ap_card_usable(card))
		return -ENODEV;
	set = online;
	WRITE_ONCE(card->online, set);
	send_online_uevent(dev, set);
	device_for_each_child(dev, &set, set_queue_online);
	return count;
}

static struct device_attribute dev_attr_card_online =
	__ATTR(online, 0644, card_online_show, card_online_store);
static struct device_attribute dev_attr_serialnr = __ATTR(serialnr, 0444, empty_line_show, NULL);
static struct device_attribute dev_attr_api_ordinalnr =
	__ATTR(API_ordinalnr, 0444, empty_line_show, NULL);
static struct device_attribute dev_attr_fw_version =
	__ATTR(FW_version, 0444, empty_line_show, NULL);
static struct device_attribute dev_attr_op_modes = __ATTR(op_modes, 0444, empty_line_show, NULL);

static struct attribute *card_attrs[] = {
	&dev_attr_type.attr,
	&dev_attr_card_online.attr,
	&dev_attr_load.attr,
	&dev_attr_serialnr.attr,
	&dev_attr_api_ordinalnr.attr,
	&dev_attr_fw_version.attr,
	&dev_attr_op_modes.attr,
	NULL,
};

static bool is_ep11_attr(const struct attribute *attr)
{
	return attr == &dev_attr_api_ordinalnr.attr || attr == &dev_attr_fw_version.attr ||
	       attr == &dev_attr_op_modes.attr;
}

static umode_t card_attr_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	u32 functions = to_ap_card(kobj_to_dev(kobj))->functions;

	if (attr == &dev_attr_serialnr.attr && functions & AP_FUNC_ACCEL)
		return 0;
	if (is_ep11_attr(attr) && !(functions & AP_FUNC_EP11))
		return 0;
	return attr->mode;
}

static const struct attribute_group card_group = {
	.attrs = card_attrs,
	.is_visible = card_attr_visible,
};

static const struct attribute_group *card_groups[] = {
	&card_group,
	NULL,
};

struct device_driver ap_host_card_driver = {
	.name = "cex4card",
	.owner = THIS_MODULE,
	.bus = &ap_bus,
	.suppress_bind_attrs = true,
	.dev_groups = card_groups,
};

static bool queue_usable(const struct ap_queue *queue)
{
	return READ_ONCE(queue->config) && !READ_ONCE(queue->chkstop);
}

static ssize_t queue_online_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct ap_queue *queue = to_ap_queue(dev);

	return sysfs_emit(buf, "%d\n", READ_ONCE(queue->online) && queue_usable(queue));
}

static ssize_t queue_online_store(struct device *dev, struct device_attribute *attr,
				  const char *buf, size_t count)
{
	struct ap_queue *queue = to_ap_queue(dev);
	const struct ap_card *card = ap_queue_card(queue);
	int online, ret;

	ret = parse_online(buf, &online);
	if (ret)
		return ret;
	if (online && (!queue_usable(queue) || !ap_card_usable(card)))
		return -ENODEV;
	if (online && !card_online(card))
		return -EINVAL;
	WRITE_ONCE(queue->online, online);
	send_online_uevent(dev, online);
	return count;
}

static struct device_attribute dev_attr_queue_online =
	__ATTR(online, 0644, queue_online_show, queue_online_store);

static ssize_t mkvps_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	if (to_ap_queue(dev)->functions & AP_FUNC_EP11)
		return sysfs_emit(buf, "WK CUR: - -\nWK NEW: - -\n");
	return sysfs_emit(buf, "AES NEW: - -\nAES CUR: - -\nAES OLD: - -\n"
			       "APKA NEW: - -\nAPKA CUR: - -\nAPKA OLD: - -\n"
			       "ASYM NEW: - -\nASYM CUR: - -\nASYM OLD: - -\n");
}
static DEVICE_ATTR_RO(mkvps);

static struct attribute *queue_attrs[] = {
	&dev_attr_queue_online.attr,
	&dev_attr_load.attr,
	&dev_attr_mkvps.attr,
	&dev_attr_op_modes.attr,
	NULL,
};

static umode_t queue_attr_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	u32 functions = to_ap_queue(kobj_to_dev(kobj))->functions;

	if (attr == &dev_attr_mkvps.attr && functions & AP_FUNC_ACCEL)
		return 0;
	if (attr == &dev_attr_op_modes.attr && !(functions & AP_FUNC_EP11))
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

static const struct ap_device_id queue_ids[] = {
	{ .dev_type = AP_TYPE_CEX4, .match_flags = AP_DEVICE_ID_MATCH_QUEUE_TYPE },
	{ .dev_type = AP_TYPE_CEX5, .match_flags = AP_DEVICE_ID_MATCH_QUEUE_TYPE },
	{ .dev_type = AP_TYPE_CEX6, .match_flags = AP_DEVICE_ID_MATCH_QUEUE_TYPE },
	{ .dev_type = AP_TYPE_CEX7, .match_flags = AP_DEVICE_ID_MATCH_QUEUE_TYPE },
	{ .dev_type = AP_TYPE_CEX8, .match_flags = AP_DEVICE_ID_MATCH_QUEUE_TYPE },
	{}
};

static int probe_queue(struct ap_queue_device *public)
{
	struct ap_queue *queue = to_ap_queue(&public->device);

	WRITE_ONCE(queue->online, READ_ONCE(ap_queue_card(queue)->online));
	ap_host_take(queue);
	return 0;
}

static void remove_queue(struct ap_queue_device *public)
{
	ap_host_leave(to_ap_queue(&public->device));
}

struct ap_queue_driver ap_host_queue_driver = {
	.driver = {
		.name = "cex4queue",
		.owner = THIS_MODULE,
		.dev_groups = queue_groups,
	},
	.ids = queue_ids,
	.probe = probe_queue,
	.remove = remove_queue,
};

int ap_host_drivers_register(void)
{
	int ret;

	ret = driver_register(&ap_host_card_driver);
	if (ret)
		return ret;
	ret = ap_queue_driver_register(&ap_host_queue_driver);
	if (ret)
		driver_unregister(&ap_host_card_driver);
	return ret;
}

/* The devices are gone, so nothing is started again that ap_host_exit() ends. */
void ap_host_drivers_unregister(void)
{
	ap_queue_driver_unregister(&ap_host_queue_driver);
	driver_unregister(&ap_host_card_driver);
	ap_host_exit();
}
