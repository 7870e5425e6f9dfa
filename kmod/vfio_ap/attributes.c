// SPDX-License-Identifier: GPL-2.0
/*
 * The files in sysfs: of the matrix device, of the mediated devices, of the queues.
 */
#include <linux/device.h>

#include "assign.h"
#include "attributes.h"
#include "config_text.h"
#include "locks.h"
#include "matrix_file.h"
#include "mdev.h"
#include "queue.h"

static ssize_t features_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "guest_matrix hotplug ap_config\n");
}
static DEVICE_ATTR_RO(features);

static struct attribute *matrix_attrs[] = {
	&dev_attr_features.attr,
	NULL,
};

static const struct attribute_group matrix_group = {
	.attrs = matrix_attrs,
};

const struct attribute_group *vfio_ap_matrix_groups[] = {
	&matrix_group,
	NULL,
};

static ssize_t assign_store(struct device *dev, const char *buf, size_t count,
			    enum vfio_ap_kind kind)
{
	u64 id;
	int ret;

	ret = config_parse_number(buf, &id);
	if (!ret)
		ret = vfio_ap_assign(dev_get_drvdata(dev), kind, id);
	return ret ? ret : count;
}

static ssize_t unassign_store(struct device *dev, const char *buf, size_t count,
			      enum vfio_ap_kind kind)
{
	u64 id;
	int ret;

	ret = config_parse_number(buf, &id);
	if (!ret)
		ret = vfio_ap_unassign(dev_get_drvdata(dev), kind, id);
	return ret ? ret : count;
}

static ssize_t assign_adapter_store(struct device *dev, struct device_attribute *attr,
				    const char *buf, size_t count)
{
	return assign_store(dev, buf, count, VFIO_AP_ADAPTER);
}
static DEVICE_ATTR_WO(assign_adapter);

static ssize_t unassign_adapter_store(struct device *dev, struct device_attribute *attr,
				      const char *buf, size_t count)
{
	return unassign_store(dev, buf, count, VFIO_AP_ADAPTER);
}
static DEVICE_ATTR_WO(unassign_adapter);

static ssize_t assign_domain_store(struct device *dev, struct device_attribute *attr,
				   const char *buf, size_t count)
{
	return assign_store(dev, buf, count, VFIO_AP_DOMAIN);
}
static DEVICE_ATTR_WO(assign_domain);

static ssize_t unassign_domain_store(struct device *dev, struct device_attribute *attr,
				     const char *buf, size_t count)
{
	return unassign_store(dev, buf, count, VFIO_AP_DOMAIN);
}
static DEVICE_ATTR_WO(unassign_domain);

static ssize_t assign_control_domain_store(struct device *dev, struct device_attribute *attr,
					   const char *buf, size_t count)
{
	return assign_store(dev, buf, count, VFIO_AP_CONTROL_DOMAIN);
}
static DEVICE_ATTR_WO(assign_control_domain);

static ssize_t unassign_control_domain_store(struct device *dev, struct device_attribute *attr,
					     const char *buf, size_t count)
{
	return unassign_store(dev, buf, count, VFIO_AP_CONTROL_DOMAIN);
}
static DEVICE_ATTR_WO(unassign_control_domain);

static void matrix_snapshot(struct device *dev, struct ap_matrix *matrix)
{
	struct vfio_ap_mdev *mdev = dev_get_drvdata(dev);

	state_lock();
	*matrix = mdev->matrix;
	state_unlock();
}

static ssize_t control_domains_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct ap_matrix matrix;

	BUILD_BUG_ON(DOMAINS_TEXT_SIZE > PAGE_SIZE);
	matrix_snapshot(dev, &matrix);
	return config_format_domains(&matrix.adm, buf);
}
static DEVICE_ATTR_RO(control_domains);

static ssize_t ap_config_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct ap_matrix matrix;

	matrix_snapshot(dev, &matrix);
	return config_format_masks(&matrix, buf);
}

static ssize_t ap_config_store(struct device *dev, struct device_attribute *attr,
			       const char *buf, size_t count)
{
	struct ap_matrix matrix;
	int ret;

	ret = config_parse_masks(buf, count, &matrix);
	if (!ret)
		ret = vfio_ap_configure(dev_get_drvdata(dev), &matrix);
	return ret ? ret : count;
}
static DEVICE_ATTR_RW(ap_config);

static struct attribute *mdev_attrs[] = {
	&dev_attr_assign_adapter.attr,
	&dev_attr_unassign_adapter.attr,
	&dev_attr_assign_domain.attr,
	&dev_attr_unassign_domain.attr,
	&dev_attr_assign_control_domain.attr,
	&dev_attr_unassign_control_domain.attr,
	&dev_attr_control_domains.attr,
	&dev_attr_ap_config.attr,
	NULL,
};

static const struct attribute_group mdev_group = {
	.attrs = mdev_attrs,
	.bin_attrs = vfio_ap_matrix_files,
};

const struct attribute_group *vfio_ap_mdev_groups[] = {
	&mdev_group,
	NULL,
};

static const char *queue_status(const struct vfio_ap_queue *queue)
{
	if (queue->holder)
		return "in use";
	return vfio_ap_mdev_of_queue(queue->apqn) ? "assigned" : "unassigned";
}

static ssize_t status_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	const char *status;

	state_lock();
	status = queue_status(dev_get_drvdata(dev));
	state_unlock();
	return sysfs_emit(buf, "%s\n", status);
}
static DEVICE_ATTR_RO(status);

static struct attribute *queue_attrs[] = {
	&dev_attr_status.attr,
	NULL,
};

static const struct attribute_group queue_group = {
	.attrs = queue_attrs,
};

const struct attribute_group *vfio_ap_queue_groups[] = {
	&queue_group,
	NULL,
};
