// SPDX-License-Identifier: GPL-2.0
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/module.h>

#include "machine_directory.h"
#include "mask_text.h"
#include "topology.h"

int ap_configfs_parse_name(const char *name, unsigned int digits, u8 *id)
{
	unsigned int value = 0, i;

	if (strlen(name) != digits)
		return -EINVAL;
	for (i = 0; i < digits; i++) {
		if (hex_to_bin(name[i]) < 0 || isupper(name[i]))
			return -EINVAL;
		value = value << 4 | hex_to_bin(name[i]);
	}
	if (value >= AP_IDS)
		return -EINVAL;
	*id = value;
	return 0;
}

static ssize_t show_mask(char *page, const struct ap_mask *mask)
{
	char text[AP_MASK_TEXT_SIZE];

	ap_mask_format(mask, text);
	return sysfs_emit(page, "%s\n", text);
}

/* configfs passes on one byte less than a page of a longer text, and the rest as another one. */
static ssize_t store_mask(const char *page, size_t count, bool control)
{
	struct ap_matrix *host;
	int ret;

	if (count >= PAGE_SIZE - 1)
		return -EINVAL;
	host = &ap_topology_edit()->config.host;
	ret = ap_mask_parse(page, control ? &host->adm : &host->aqm);
	return ap_topology_commit() ?: ret ?: count;
}

static ssize_t ap_sim_domains_show(struct config_item *item, char *page)
{
	struct ap_config_info config;

	ap_topology_read_config(&config);
	return show_mask(page, &config.host.aqm);
}

static ssize_t ap_sim_domains_store(struct config_item *item, const char *page, size_t count)
{
	return store_mask(page, count, false);
}
CONFIGFS_ATTR(ap_sim_, domains);

static ssize_t ap_sim_control_domains_show(struct config_item *item, char *page)
{
	struct ap_config_info config;

	ap_topology_read_config(&config);
	return show_mask(page, &config.host.adm);
}

static ssize_t ap_sim_control_domains_store(struct config_item *item, const char *page,
					    size_t count)
{
	return store_mask(page, count, true);
}
CONFIGFS_ATTR(ap_sim_, control_domains);

static ssize_t ap_sim_max_adapter_id_show(struct config_item *item, char *page)
{
	struct ap_config_info config;

	ap_topology_read_config(&config);
	return sysfs_emit(page, "%u\n", config.na);
}

static ssize_t ap_sim_max_adapter_id_store(struct config_item *item, const char *page,
					   size_t count)
{
	u8 id;
	int ret = kstrtou8(page, 0, &id);

	if (ret)
		return ret;
	ap_topology_edit()->config.na = id;
	return ap_topology_commit() ?: count;
}
CONFIGFS_ATTR(ap_sim_, max_adapter_id);

static ssize_t ap_sim_max_domain_id_show(struct config_item *item, char *page)
{
	struct ap_config_info config;

	ap_topology_read_config(&config);
	return sysfs_emit(page, "%u\n", config.nd);
}

static ssize_t ap_sim_max_domain_id_store(struct config_item *item, const char *page,
					  size_t count)
{
	u8 id;
	int ret = kstrtou8(page, 0, &id);

	if (ret)
		return ret;
	ap_topology_edit()->config.nd = id;
	return ap_topology_commit() ?: count;
}
CONFIGFS_ATTR(ap_sim_, max_domain_id);

static ssize_t ap_sim_qci_show(struct config_item *item, char *page)
{
	struct ap_config_info config;

	ap_topology_read_config(&config);
	return sysfs_emit(page, "%d\n", config.has_qci);
}

static ssize_t ap_sim_qci_store(struct config_item *item, const char *page, size_t count)
{
	bool has_qci;
	int ret = kstrtobool(page, &has_qci);

	if (ret)
		return ret;
	ap_topology_edit()->config.has_qci = has_qci;
	return ap_topology_commit() ?: count;
}
CONFIGFS_ATTR(ap_sim_, qci);

static ssize_t ap_sim_qci_flags_show(struct config_item *item, char *page)
{
	struct ap_config_info config;

	ap_topology_read_config(&config);
	return sysfs_emit(page, "0x%08x\n", config.flags);
}

static ssize_t ap_sim_qci_flags_store(struct config_item *item, const char *page, size_t count)
{
	u32 flags;
	int ret = kstrtou32(page, 0, &flags);

	if (ret)
		return ret;
	ap_topology_edit()->config.flags = flags;
	return ap_topology_commit() ?: count;
}
CONFIGFS_ATTR(ap_sim_, qci_flags);

static struct configfs_attribute *machine_attrs[] = {
	&ap_sim_attr_domains,
	&ap_sim_attr_control_domains,
	&ap_sim_attr_max_adapter_id,
	&ap_sim_attr_max_domain_id,
	&ap_sim_attr_qci,
	&ap_sim_attr_qci_flags,
	NULL,
};

static const struct config_item_type machine_type = {
	.ct_attrs = machine_attrs,
	.ct_owner = THIS_MODULE,
};

static struct config_group *make_adapter(struct config_group *group, const char *name)
{
	u8 apid;
	int ret = ap_configfs_parse_name(name, 2, &apid);

	return ret ? ERR_PTR(ret) : ap_configfs_make_adapter(apid);
}

static struct configfs_group_operations adapters_ops = {
	.make_group = make_adapter,
	.drop_item = ap_configfs_drop_adapter,
};

static const struct config_item_type adapters_type = {
	.ct_group_ops = &adapters_ops,
	.ct_owner = THIS_MODULE,
};

static struct configfs_subsystem subsystem = {
	.su_group = {
		.cg_item = {
			.ci_namebuf = "ap_sim",
			.ci_type = &machine_type,
		},
	},
	.su_mutex = __MUTEX_INITIALIZER(subsystem.su_mutex),
};

static struct config_group adapters_group;

/* What the module made itself; rmdir does not remove that. */
static struct config_group *own_adapters[AP_IDS];

/* The default topology's queues get their directories, too. */
static int add_queues(struct config_group *adapter, u8 apid)
{
	struct ap_config_info config;
	struct config_group *queue;
	unsigned int apqi;

	ap_topology_read_config(&config);
	for_each_ap_id(apqi, &config.host.aqm) {
		queue = ap_configfs_make_queue(AP_APQN(apid, apqi));
		if (IS_ERR(queue))
			return PTR_ERR(queue);
		configfs_add_default_group(queue, adapter);
	}
	return 0;
}

static void put_adapter(struct config_group *adapter)
{
	configfs_remove_default_groups(adapter);
	config_group_put(adapter);
}

static int add_own_adapter(u8 apid)
{
	struct config_group *adapter = ap_configfs_make_adapter(apid);
	int ret;

	if (IS_ERR(adapter))
		return PTR_ERR(adapter);
	ret = add_queues(adapter, apid);
	if (!ret)
		ret = configfs_register_group(&adapters_group, adapter);
	if (ret)
		put_adapter(adapter);
	else
		own_adapters[apid] = adapter;
	return ret;
}

static void remove_own_adapters(void)
{
	unsigned int apid;

	for (apid = 0; apid < AP_IDS; apid++) {
		if (!own_adapters[apid])
			continue;
		configfs_unregister_group(own_adapters[apid]);
		put_adapter(own_adapters[apid]);
		own_adapters[apid] = NULL;
	}
}

static int add_own_adapters(void)
{
	struct ap_config_info config;
	unsigned int apid;
	int ret;

	ap_topology_read_config(&config);
	for_each_ap_id(apid, &config.host.apm) {
		ret = add_own_adapter(apid);
		if (ret)
			return ret;
	}
	return 0;
}

int ap_configfs_init(void)
{
	int ret;

	config_group_init(&subsystem.su_group);
	config_group_init_type_name(&adapters_group, "adapters", &adapters_type);
	configfs_add_default_group(&adapters_group, &subsystem.su_group);
	ret = configfs_register_subsystem(&subsystem);
	if (ret)
		return ret;
	ret = add_own_adapters();
	if (ret)
		ap_configfs_exit();
	return ret;
}

void ap_configfs_exit(void)
{
	remove_own_adapters();
	configfs_unregister_subsystem(&subsystem);
}
