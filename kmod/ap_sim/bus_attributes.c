// SPDX-License-Identifier: GPL-2.0
/*
 * The files of /sys/bus/ap. Names, texts and errors are those of Linux on s390x.
 */
#include "bindings.h"
#include "bus.h"
#include "mask_text.h"
#include "masks.h"
#include "scan.h"

#define POLL_TIMEOUT_MAX	120000000000ULL

static int default_domain = -1;
static unsigned long long poll_timeout = 250000;

static ssize_t emit_mask(char *buf, const struct ap_mask *mask)
{
	char text[AP_MASK_TEXT_SIZE];

	ap_mask_format(mask, text);
	return sysfs_emit(buf, "%s\n", text);
}

static ssize_t emit_qci_mask(char *buf, const struct ap_config_info *config,
			     const struct ap_mask *mask)
{
	return config->has_qci ? emit_mask(buf, mask) : sysfs_emit(buf, "not supported\n");
}

static ssize_t ap_adapter_mask_show(AP_BUS_TYPE *bus, char *buf)
{
	struct ap_config_info config;

	ap_scan_read_config(&config);
	return emit_qci_mask(buf, &config, &config.host.apm);
}
static BUS_ATTR_RO(ap_adapter_mask);

static ssize_t ap_control_domain_mask_show(AP_BUS_TYPE *bus, char *buf)
{
	struct ap_config_info config;

	ap_scan_read_config(&config);
	return emit_qci_mask(buf, &config, &config.host.adm);
}
static BUS_ATTR_RO(ap_control_domain_mask);

static ssize_t ap_usage_domain_mask_show(AP_BUS_TYPE *bus, char *buf)
{
	struct ap_config_info config;

	ap_scan_read_config(&config);
	return emit_qci_mask(buf, &config, &config.host.aqm);
}
static BUS_ATTR_RO(ap_usage_domain_mask);

/* The first domain that the host has and uses itself. */
void ap_choose_default_domain(void)
{
	struct ap_mask apmask, aqmask, usable;
	struct ap_config_info config;
	unsigned int first;

	if (READ_ONCE(default_domain) >= 0)
		return;
	ap_scan_read_config(&config);
	ap_masks_read(&apmask, &aqmask);
	usable = ap_mask_and(&config.host.aqm, &aqmask);
	first = ap_mask_next(&usable, 0);
	if (first < AP_IDS)
		WRITE_ONCE(default_domain, first);
}

static ssize_t ap_domain_show(AP_BUS_TYPE *bus, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(default_domain));
}

static ssize_t ap_domain_store(AP_BUS_TYPE *bus, const char *buf, size_t count)
{
	struct ap_mask apmask, aqmask;
	struct ap_config_info config;
	int domain;

	ap_scan_read_config(&config);
	ap_masks_read(&apmask, &aqmask);
	/* As upstream, and so do programs expect: what follows the number is ignored. */
	if (sscanf(buf, "%i\n", &domain) != 1 || domain < 0 || domain > config.nd ||
	    !ap_mask_test(&aqmask, domain))
		return -EINVAL;
	WRITE_ONCE(default_domain, domain);
	return count;
}
static BUS_ATTR_RW(ap_domain);

static ssize_t ap_interrupts_show(AP_BUS_TYPE *bus, char *buf)
{
	return sysfs_emit(buf, "1\n");
}
static BUS_ATTR_RO(ap_interrupts);

static ssize_t ap_max_adapter_id_show(AP_BUS_TYPE *bus, char *buf)
{
	struct ap_config_info config;

	ap_scan_read_config(&config);
	return sysfs_emit(buf, "%d\n", config.na);
}
static BUS_ATTR_RO(ap_max_adapter_id);

static ssize_t ap_max_domain_id_show(AP_BUS_TYPE *bus, char *buf)
{
	struct ap_config_info config;

	ap_scan_read_config(&config);
	return sysfs_emit(buf, "%d\n", config.nd);
}
static BUS_ATTR_RO(ap_max_domain_id);

static ssize_t apmask_show(AP_BUS_TYPE *bus, char *buf)
{
	struct ap_mask apmask, aqmask;

	ap_masks_read(&apmask, &aqmask);
	return emit_mask(buf, &apmask);
}

static ssize_t apmask_store(AP_BUS_TYPE *bus, const char *buf, size_t count)
{
	return ap_mask_store(AP_APMASK, buf, count);
}
static BUS_ATTR_RW(apmask);

static ssize_t aqmask_show(AP_BUS_TYPE *bus, char *buf)
{
	struct ap_mask apmask, aqmask;

	ap_masks_read(&apmask, &aqmask);
	return emit_mask(buf, &aqmask);
}

static ssize_t aqmask_store(AP_BUS_TYPE *bus, const char *buf, size_t count)
{
	return ap_mask_store(AP_AQMASK, buf, count);
}
static BUS_ATTR_RW(aqmask);

static ssize_t bindings_show(AP_BUS_TYPE *bus, char *buf)
{
	unsigned int bound, all;

	ap_bindings_count(&bound, &all);
	return sysfs_emit(buf, bound == all ? "%u/%u (complete)\n" : "%u/%u\n", bound, all);
}
static BUS_ATTR_RO(bindings);

static ssize_t bindings_complete_count_show(AP_BUS_TYPE *bus, char *buf)
{
	return sysfs_emit(buf, "%llu\n", ap_bindings_complete_count());
}
static BUS_ATTR_RO(bindings_complete_count);

static ssize_t config_time_show(AP_BUS_TYPE *bus, char *buf)
{
	return sysfs_emit(buf, "%u\n", ap_scan_interval());
}

static ssize_t config_time_store(AP_BUS_TYPE *bus, const char *buf, size_t count)
{
	int seconds;

	if (sscanf(buf, "%d\n", &seconds) != 1 || seconds < 5 || seconds > 120)
		return -EINVAL;
	ap_scan_set_interval(seconds);
	return count;
}
static BUS_ATTR_RW(config_time);

static const struct {
	u32 flag;
	const char *name;
} qci_features[] = {
	{ AP_QCI_APSC, "APSC" },
	{ AP_QCI_APXA, "APXA" },
	{ AP_QCI_QACT, "QACT" },
	{ AP_QCI_RC8A, "RC8A" },
	{ AP_QCI_APSB, "APSB" },
};

static ssize_t features_show(AP_BUS_TYPE *bus, char *buf)
{
	struct ap_config_info config;
	unsigned int i;
	int n = 0;

	ap_scan_read_config(&config);
	if (!config.has_qci)
		return sysfs_emit(buf, "-\n");
	for (i = 0; i < ARRAY_SIZE(qci_features); i++) {
		if (config.flags & qci_features[i].flag)
			n += sysfs_emit_at(buf, n, "%s%s", n ? " " : "", qci_features[i].name);
	}
	return n + sysfs_emit_at(buf, n, "\n");
}
static BUS_ATTR_RO(features);

/* The cards have interrupts, so that there is no polling thread to be started. */
static ssize_t poll_thread_show(AP_BUS_TYPE *bus, char *buf)
{
	return sysfs_emit(buf, "0\n");
}

static ssize_t poll_thread_store(AP_BUS_TYPE *bus, const char *buf, size_t count)
{
	bool start;

	return kstrtobool(buf, &start) ?: count;
}
static BUS_ATTR_RW(poll_thread);

static ssize_t poll_timeout_show(AP_BUS_TYPE *bus, char *buf)
{
	return sysfs_emit(buf, "%llu\n", READ_ONCE(poll_timeout));
}

static ssize_t poll_timeout_store(AP_BUS_TYPE *bus, const char *buf, size_t count)
{
	unsigned long long value;
	int ret;

	ret = kstrtoull(buf, 0, &value);
	if (ret)
		return ret;
	if (value > POLL_TIMEOUT_MAX)
		return -EINVAL;
	WRITE_ONCE(poll_timeout, value);
	return count;
}
static BUS_ATTR_RW(poll_timeout);

static ssize_t scans_show(AP_BUS_TYPE *bus, char *buf)
{
	return sysfs_emit(buf, "%llu\n", ap_scan_count());
}

static ssize_t scans_store(AP_BUS_TYPE *bus, const char *buf, size_t count)
{
	return ap_scan_now() ?: count;
}
static BUS_ATTR_RW(scans);

static struct attribute *bus_attrs[] = {
	&bus_attr_ap_adapter_mask.attr,
	&bus_attr_ap_control_domain_mask.attr,
	&bus_attr_ap_domain.attr,
	&bus_attr_ap_interrupts.attr,
	&bus_attr_ap_max_adapter_id.attr,
	&bus_attr_ap_max_domain_id.attr,
	&bus_attr_ap_usage_domain_mask.attr,
	&bus_attr_apmask.attr,
	&bus_attr_aqmask.attr,
	&bus_attr_bindings.attr,
	&bus_attr_bindings_complete_count.attr,
	&bus_attr_config_time.attr,
	&bus_attr_features.attr,
	&bus_attr_poll_thread.attr,
	&bus_attr_poll_timeout.attr,
	&bus_attr_scans.attr,
	NULL,
};

static umode_t bus_attr_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	if (attr == &bus_attr_bindings_complete_count.attr && !ap_abi_619)
		return 0;
	return attr->mode;
}

static const struct attribute_group bus_group = {
	.attrs = bus_attrs,
	.is_visible = bus_attr_visible,
};

const struct attribute_group *ap_bus_groups[] = {
	&bus_group,
	NULL,
};
