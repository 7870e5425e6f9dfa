// SPDX-License-Identifier: GPL-2.0
/*
 * Life of the mediated devices.
 */
#include <linux/module.h>

#include "../compat.h"
#include "../include/ap_hw.h"
#include "attributes.h"
#include "core_calls.h"
#include "defect.h"
#include "device.h"
#include "guest.h"
#include "locks.h"
#include "mdev.h"
#include "pin.h"

#define MAX_INSTANCES	(AP_IDS * AP_IDS)

static LIST_HEAD(mdevs);

/* Counted here, because the mdev core loses one whenever its allocation fails. */
static atomic_t available = ATOMIC_INIT(MAX_INSTANCES);

struct vfio_ap_mdev *vfio_ap_mdev_next(struct vfio_ap_mdev *mdev)
{
	list_assert_locked();
	if (!mdev)
		return list_first_entry_or_null(&mdevs, struct vfio_ap_mdev, node);
	if (list_is_last(&mdev->node, &mdevs))
		return NULL;
	return list_next_entry(mdev, node);
}

/**
 * vfio_ap_mdev_of_queue - the device that a queue is assigned to
 * @apqn: the queue
 *
 * With M held. Found by its matrix each time: a pointer kept in the queue would be
 * one more thing that can point to a device which is gone.
 *
 * Return: the device or NULL.
 */
struct vfio_ap_mdev *vfio_ap_mdev_of_queue(u16 apqn)
{
	struct vfio_ap_mdev *mdev;

	state_assert_locked();
	for_each_vfio_ap_mdev(mdev)
		if (ap_matrix_has_queue(&mdev->matrix, AP_APQN_APID(apqn), AP_APQN_APQI(apqn)))
			return mdev;
	return NULL;
}

int vfio_ap_mdev_init(struct vfio_device *vdev)
{
	struct vfio_ap_mdev *mdev = to_vfio_ap_mdev(vdev);

	INIT_LIST_HEAD(&mdev->node);
	ratelimit_default_init(&mdev->conflicts);
	vfio_ap_sync_init(&mdev->sync);
	vfio_ap_interrupts_init(&mdev->interrupts);
	vfio_ap_passes_init(&mdev->passes);
	return 0;
}

/* The last reference is gone. */
void vfio_ap_mdev_release(struct vfio_device *vdev)
{
	vfio_ap_passes_free(&to_vfio_ap_mdev(vdev)->passes);
	vfio_ap_free_device(vdev);
}

static void mdev_publish(struct vfio_ap_mdev *mdev)
{
	guests_lock();
	state_lock();
	list_assert_changeable();
	list_add(&mdev->node, &mdevs);
	state_unlock();
	guests_unlock();
}

/* From here on the device has no queue. */
static void mdev_withdraw(struct vfio_ap_mdev *mdev)
{
	guests_lock();
	state_lock();
	list_assert_changeable();
	list_del_init(&mdev->node);
	mdev->matrix = (struct ap_matrix){};
	mdev->shadow = (struct ap_matrix){};
	state_unlock();
	guests_unlock();
}

static int mdev_create(struct device *dev)
{
	struct vfio_ap_mdev *mdev;
	int ret;

	mdev = vfio_alloc_device(vfio_ap_mdev, vdev, dev, &vfio_ap_device_ops);
	if (IS_ERR(mdev))
		return PTR_ERR(mdev);
	dev_set_drvdata(dev, mdev);
	mdev_publish(mdev);
	ret = vfio_ap_core_register(&mdev->vdev);
	if (ret) {
		mdev_withdraw(mdev);
		vfio_ap_mdev_put(mdev);
	}
	return ret;
}

static int mdev_probe(struct mdev_device *device)
{
	int ret;

	if (!atomic_add_unless(&available, -1, 0))
		return -EUSERS;
	ret = mdev_create(mdev_dev(device));
	if (ret && !DEFECT(B45))
		atomic_inc(&available);
	return ret;
}

/*
 * The attributes are gone, so nobody assigns any more. VFIO waits for the last user,
 * who is asked to leave by device_request().
 */
static void mdev_remove(struct mdev_device *device)
{
	struct vfio_ap_mdev *mdev = dev_get_drvdata(mdev_dev(device));

	vfio_unregister_group_dev(&mdev->vdev);
	mdev_withdraw(mdev);
	vfio_ap_sync_cancel(mdev);
	vfio_ap_mdev_put(mdev);
	atomic_inc(&available);
}

static unsigned int mdev_get_available(struct mdev_type *type)
{
	return atomic_read(&available);
}

struct mdev_driver vfio_ap_mdev_driver = {
	.device_api = VFIO_DEVICE_API_AP_STRING,
	.max_instances = MAX_INSTANCES,
	.driver = {
		.name = "vfio_ap_mdev",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
		.dev_groups = vfio_ap_mdev_groups,
	},
	.probe = mdev_probe,
	.remove = mdev_remove,
	.get_available = mdev_get_available,
};
