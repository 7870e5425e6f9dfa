// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/slab.h>

#include "machine_directory.h"
#include "topology.h"

/**
 * struct adapter_directory - a directory with the name of an adapter
 * @group: the directory
 * @apid: number of the adapter
 */
struct adapter_directory {
	struct config_group group;
	u8 apid;
};

static u8 apid_of(struct config_item *item)
{
	return container_of(to_config_group(item), struct adapter_directory, group)->apid;
}

static struct ap_adapter read_adapter(struct config_item *item)
{
	struct ap_adapter adapter;

	ap_topology_read_adapter(apid_of(item), &adapter);
	return adapter;
}

/* To be followed by ap_topology_commit(). */
static struct ap_adapter *edit_adapter(struct config_item *item)
{
	return &ap_topology_edit()->adapters[apid_of(item)];
}

static ssize_t adapter_live_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%d\n", read_adapter(item).live);
}

static ssize_t adapter_live_store(struct config_item *item, const char *page, size_t count)
{
	bool live;
	int ret = kstrtobool(page, &live);

	if (ret)
		return ret;
	edit_adapter(item)->live = live;
	return ap_topology_commit() ?: count;
}
CONFIGFS_ATTR(adapter_, live);

/* CEX and its generation, or the number that TAPQ shows. */
static ssize_t adapter_type_show(struct config_item *item, char *page)
{
	u8 type = read_adapter(item).type;

	if (type < AP_TYPE_CEX4 || type > AP_TYPE_CEX8)
		return sysfs_emit(page, "%u\n", type);
	return sysfs_emit(page, "CEX%u\n", type - AP_TYPE_CEX4 + 4);
}

static ssize_t adapter_type_store(struct config_item *item, const char *page, size_t count)
{
	bool generation = !strncmp(page, "CEX", 3);
	u8 type;
	int ret = kstrtou8(generation ? page + 3 : page, 10, &type);

	if (ret)
		return ret;
	if (generation && (type < 4 || type > 8))
		return -EINVAL;
	if (generation)
		type += AP_TYPE_CEX4 - 4;
	if (!type)
		return -EINVAL;
	edit_adapter(item)->type = type;
	return ap_topology_commit() ?: count;
}
CONFIGFS_ATTR(adapter_, type);

static const char * const modes[] = {
	[AP_MODE_ACCEL] = "accel",
	[AP_MODE_CCA] = "cca",
	[AP_MODE_EP11] = "ep11",
};

static ssize_t adapter_mode_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%s\n", modes[read_adapter(item).mode]);
}

static ssize_t adapter_mode_store(struct config_item *item, const char *page, size_t count)
{
	int mode = sysfs_match_string(modes, page);

	if (mode < 0)
		return mode;
	edit_adapter(item)->mode = mode;
	return ap_topology_commit() ?: count;
}
CONFIGFS_ATTR(adapter_, mode);

static ssize_t adapter_config_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%d\n", read_adapter(item).configured);
}

static ssize_t adapter_config_store(struct config_item *item, const char *page, size_t count)
{
	bool configured;
	int ret = kstrtobool(page, &configured);

	if (ret)
		return ret;
	edit_adapter(item)->configured = configured;
	return ap_topology_commit() ?: count;
}
CONFIGFS_ATTR(adapter_, config);

static ssize_t adapter_chkstop_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%d\n", read_adapter(item).checkstopped);
}

static ssize_t adapter_chkstop_store(struct config_item *item, const char *page, size_t count)
{
	bool checkstopped;
	int ret = kstrtobool(page, &checkstopped);

	if (ret)
		return ret;
	edit_adapter(item)->checkstopped = checkstopped;
	return ap_topology_commit() ?: count;
}
CONFIGFS_ATTR(adapter_, chkstop);

static ssize_t adapter_depth_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%u\n", read_adapter(item).depth);
}

static ssize_t adapter_depth_store(struct config_item *item, const char *page, size_t count)
{
	u8 depth;
	int ret = kstrtou8(page, 0, &depth);

	if (ret)
		return ret;
	if (depth < 1 || depth > 32)
		return -EINVAL;
	edit_adapter(item)->depth = depth;
	return ap_topology_commit() ?: count;
}
CONFIGFS_ATTR(adapter_, depth);

static struct configfs_attribute *adapter_attrs[] = {
	&adapter_attr_live,
	&adapter_attr_type,
	&adapter_attr_mode,
	&adapter_attr_config,
	&adapter_attr_chkstop,
	&adapter_attr_depth,
	NULL,
};

static struct config_group *make_queue(struct config_group *adapter, const char *name)
{
	u8 apqi;
	int ret = ap_configfs_parse_name(name, 4, &apqi);

	if (ret)
		return ERR_PTR(ret);
	return ap_configfs_make_queue(AP_APQN(apid_of(&adapter->cg_item), apqi));
}

void ap_configfs_drop_adapter(struct config_group *adapters, struct config_item *item)
{
	*edit_adapter(item) = ap_adapter_default();
	ap_topology_commit();
	config_item_put(item);
}

static void release_adapter(struct config_item *item)
{
	kfree(container_of(to_config_group(item), struct adapter_directory, group));
}

static struct configfs_item_operations adapter_item_ops = {
	.release = release_adapter,
};

static struct configfs_group_operations adapter_group_ops = {
	.make_group = make_queue,
};

static const struct config_item_type adapter_type = {
	.ct_item_ops = &adapter_item_ops,
	.ct_group_ops = &adapter_group_ops,
	.ct_attrs = adapter_attrs,
	.ct_owner = THIS_MODULE,
};

struct config_group *ap_configfs_make_adapter(u8 apid)
{
	struct adapter_directory *directory = kzalloc(sizeof(*directory), GFP_KERNEL);
	char name[4];

	if (!directory)
		return ERR_PTR(-ENOMEM);
	directory->apid = apid;
	snprintf(name, sizeof(name), "%02x", apid);
	config_group_init_type_name(&directory->group, name, &adapter_type);
	return &directory->group;
}
