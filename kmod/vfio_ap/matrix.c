// SPDX-License-Identifier: GPL-2.0
/*
 * The matrix device, parent of all mediated devices; the host's configuration; and
 * the life of the module.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "../include/ap_guest.h"
#include "../include/ap_hw.h"
#include "aqic.h"
#include "attributes.h"
#include "defect.h"
#include "guest.h"
#include "interrupt_off.h"
#include "locks.h"
#include "matrix.h"
#include "mdev.h"
#include "on_return.h"
#include "pause.h"
#include "queue.h"
#include "sync.h"

/* Highest numbers of a machine without APXA. */
#define LAST_ADAPTER	63
#define LAST_DOMAIN	15

/* As far as the driver has taken it over. M. */
static struct ap_config_info host;

static struct device *root;
static struct device *matrix;
static struct mdev_parent parent;
static struct mdev_type type = {
	.sysfs_name = "passthrough",
	.pretty_name = "VFIO AP Passthrough Device",
};

static struct mdev_type *types[] = { &type };

const struct ap_matrix *vfio_ap_host_matrix(void)
{
	state_assert_locked();
	return &host.host;
}

unsigned int vfio_ap_last_adapter(void)
{
	state_assert_locked();
	return host.flags & AP_QCI_APXA ? host.na : LAST_ADAPTER;
}

unsigned int vfio_ap_last_domain(void)
{
	state_assert_locked();
	return host.flags & AP_QCI_APXA ? host.nd : LAST_DOMAIN;
}

/**
 * vfio_ap_config_changed - a scan begins and the host's configuration is different
 * @now: the configuration
 * @before: the previous one
 *
 * What went is taken from the guests at once. What came waits for the end of the scan,
 * because its queues do not exist yet, and one missing queue costs the guest the whole
 * adapter.
 */
void vfio_ap_config_changed(const struct ap_config_info *now, const struct ap_config_info *before)
{
	state_lock();
	host.host.apm = ap_mask_and(&host.host.apm, &now->host.apm);
	host.host.aqm = ap_mask_and(&host.host.aqm, &now->host.aqm);
	if (!DEFECT(F4))
		host.host.adm = ap_mask_and(&host.host.adm, &now->host.adm);
	state_unlock();
	vfio_ap_sync_all(true);
}

/**
 * vfio_ap_scan_complete - a scan is complete
 * @now: the configuration
 * @before: the previous one
 */
void vfio_ap_scan_complete(const struct ap_config_info *now, const struct ap_config_info *before)
{
	const struct ap_mask lost = ap_mask_andnot(&before->host.adm, &now->host.adm);

	state_lock();
	host = *now;
	if (DEFECT(F4))
		host.host.adm = ap_mask_or(&host.host.adm, &lost);
	state_unlock();
	vfio_ap_sync_all(true);
}

static const struct ap_guest_handler guest_handler = {
	.owner = THIS_MODULE,
	.pqap = vfio_ap_aqic,
	.facility_changed = vfio_ap_facility_changed,
};

static struct bus_type matrix_bus = {
	.name = "matrix",
};

static struct device_driver matrix_driver = {
	.name = "vfio_ap",
	.bus = &matrix_bus,
	.suppress_bind_attrs = true,
	.dev_groups = vfio_ap_matrix_groups,
};

static void matrix_release(struct device *dev)
{
	kfree(dev);
}

static int matrix_device_start(void)
{
	int ret;

	matrix = kzalloc(sizeof(*matrix), GFP_KERNEL);
	if (!matrix)
		return -ENOMEM;
	device_initialize(matrix);
	matrix->parent = root;
	matrix->bus = &matrix_bus;
	matrix->release = matrix_release;
	ret = dev_set_name(matrix, "matrix");
	if (!ret)
		ret = device_add(matrix);
	if (ret)
		put_device(matrix);
	return ret;
}

static void matrix_device_stop(void)
{
	device_del(matrix);
	if (!DEFECT(B25))
		put_device(matrix);
}

static int root_start(void)
{
	root = root_device_register("vfio_ap");
	return PTR_ERR_OR_ZERO(root);
}

static void root_stop(void)
{
	root_device_unregister(root);
}

static int matrix_bus_start(void)
{
	return bus_register(&matrix_bus);
}

static void matrix_bus_stop(void)
{
	bus_unregister(&matrix_bus);
}

static int matrix_driver_start(void)
{
	return driver_register(&matrix_driver);
}

static void matrix_driver_stop(void)
{
	driver_unregister(&matrix_driver);
}

static int handler_start(void)
{
	return ap_guest_ops_get()->register_handler(&guest_handler);
}

static void handler_stop(void)
{
	ap_guest_ops_get()->unregister_handler(&guest_handler);
}

static void host_read(void)
{
	state_lock();
	ap_hw_get()->qci(&host);
	state_unlock();
}

/*
 * The bus tells of changes from the registration on. Under M, so that what it told
 * meanwhile is not replaced by something older.
 */
static int queues_start(void)
{
	int ret;

	if (DEFECT(B38))
		host_read();
	PAUSE("load-unregistered");
	ret = vfio_ap_queues_start();
	if (ret)
		return ret;
	PAUSE("load-registered");
	if (!DEFECT(B38))
		host_read();
	return 0;
}

static int mdev_driver_start(void)
{
	return mdev_register_driver(&vfio_ap_mdev_driver);
}

static void mdev_driver_stop(void)
{
	mdev_unregister_driver(&vfio_ap_mdev_driver);
}

static int parent_start(void)
{
	return mdev_register_parent(&parent, matrix, &vfio_ap_mdev_driver, types,
				    ARRAY_SIZE(types));
}

/* Then wait until no VM is referred to any more, which outlasts the close. */
static void parent_stop(void)
{
	mdev_unregister_parent(&parent);
	vfio_ap_sync_flush();
}

/*
 * What the module consists of, in the order in which it starts; it stops in the
 * opposite one. Devices end first, so no guest is attached when the rest ends; workers
 * end after those who give them work.
 */
static const struct part {
	int (*start)(void);
	void (*stop)(void);
} parts[] = {
	{ vfio_ap_pause_start, vfio_ap_pause_stop },
	{ vfio_ap_interrupt_off_start, vfio_ap_interrupt_off_stop },
	{ vfio_ap_on_return_start, vfio_ap_on_return_stop },
	{ handler_start, handler_stop },
	{ root_start, root_stop },
	{ matrix_bus_start, matrix_bus_stop },
	{ matrix_driver_start, matrix_driver_stop },
	{ matrix_device_start, matrix_device_stop },
	{ vfio_ap_sync_start, vfio_ap_sync_stop },
	{ queues_start, vfio_ap_queues_stop },
	{ mdev_driver_start, mdev_driver_stop },
	{ parent_start, parent_stop },
};

static void stop_parts(unsigned int n)
{
	while (n--)
		parts[n].stop();
}

static int __init vfio_ap_init(void)
{
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		ret = parts[i].start();
		if (ret) {
			stop_parts(i);
			return ret;
		}
	}
	return 0;
}

static void __exit vfio_ap_exit(void)
{
	stop_parts(ARRAY_SIZE(parts));
}

module_init(vfio_ap_init);
module_exit(vfio_ap_exit);

MODULE_DESCRIPTION("VFIO access to AP queues, with safe teardown");
MODULE_LICENSE("GPL");
