// SPDX-License-Identifier: GPL-2.0
/*
 * The operations of VFIO. User memory is read and written with no lock held.
 */
#include <linux/uaccess.h>
#include <linux/vfio.h>

#include "../compat.h"
#include "defect.h"
#include "device.h"
#include "guest.h"
#include "locks.h"
#include "mdev.h"
#include "pause.h"
#include "pin.h"
#include "reset.h"
#include "sync.h"
#include "unmap.h"

static int device_open(struct vfio_device *vdev)
{
	struct vfio_ap_mdev *mdev = to_vfio_ap_mdev(vdev);
	int ret;

	if (!vdev->kvm)
		return -EINVAL;
	PAUSE("opening");
	ret = vfio_ap_interrupts_open(&mdev->interrupts);
	if (ret)
		return ret;
	ret = vfio_ap_guest_attach(mdev, vdev->kvm);
	if (ret)
		vfio_ap_interrupts_close(&mdev->interrupts);
	return ret;
}

/*
 * The core calls with its locks held, so the wait is bounded. What is not clean then is
 * offered to nobody until it is.
 */
static void device_close(struct vfio_device *vdev)
{
	struct vfio_ap_mdev *mdev = to_vfio_ap_mdev(vdev);
	unsigned long deadline = vfio_ap_deadline();
	struct ap_matrix matrix;

	vfio_ap_guest_detach(mdev);
	vfio_ap_eventfds_clear(mdev);
	vfio_ap_interrupts_close(&mdev->interrupts);
	vfio_ap_sync(mdev, false);
	state_lock();
	matrix = mdev->matrix;
	state_unlock();
	vfio_ap_resets_wait(&matrix, deadline);
	vfio_ap_sync_wait(mdev, deadline);
}

static int get_info(void __user *arg)
{
	const size_t minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	info.flags = VFIO_DEVICE_FLAGS_AP | VFIO_DEVICE_FLAGS_RESET;
	info.num_regions = 0;
	info.num_irqs = VFIO_AP_EVENTS;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

/* B19: the user decides how long the lock is held. */
static int get_info_locked(void __user *arg)
{
	int ret;

	state_lock();
	ret = get_info(arg);
	state_unlock();
	return ret;
}

static int get_irq_info(void __user *arg)
{
	const size_t minsz = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || info.index >= VFIO_AP_EVENTS)
		return -EINVAL;
	info.flags = VFIO_IRQ_INFO_EVENTFD;
	info.count = 1;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

/* Set or clear the eventfd, or with no data and no count clear it. */
static int set_irqs(struct vfio_ap_mdev *mdev, void __user *arg)
{
	const size_t minsz = offsetofend(struct vfio_irq_set, count);
	struct vfio_irq_set set;
	size_t size;
	s32 fd;
	int ret;

	if (copy_from_user(&set, arg, minsz))
		return -EFAULT;
	ret = vfio_set_irqs_validate_and_prepare(&set, 1, VFIO_AP_EVENTS, &size);
	if (ret)
		return ret;
	if ((set.flags & VFIO_IRQ_SET_ACTION_TYPE_MASK) != VFIO_IRQ_SET_ACTION_TRIGGER)
		return -EINVAL;
	switch (set.flags & VFIO_IRQ_SET_DATA_TYPE_MASK) {
	case VFIO_IRQ_SET_DATA_NONE:
		return set.count ? -EINVAL : vfio_ap_eventfd_set(mdev, set.index, -1);
	case VFIO_IRQ_SET_DATA_EVENTFD:
		if (size != sizeof(fd))
			return -EINVAL;
		if (copy_from_user(&fd, arg + minsz, sizeof(fd)))
			return -EFAULT;
		return vfio_ap_eventfd_set(mdev, set.index, fd);
	default:
		return -EINVAL;
	}
}

static long device_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		if (DEFECT(B19))
			return get_info_locked((void __user *)arg);
		return get_info((void __user *)arg);
	case VFIO_DEVICE_RESET:
		return vfio_ap_reset_device(to_vfio_ap_mdev(vdev));
	case VFIO_DEVICE_GET_IRQ_INFO:
		return get_irq_info((void __user *)arg);
	case VFIO_DEVICE_SET_IRQS:
		return set_irqs(to_vfio_ap_mdev(vdev), (void __user *)arg);
	default:
		return -EOPNOTSUPP;
	}
}

/*
 * The device is being removed and somebody has it open: take the queues away for
 * good, and ask. Called again every ten seconds.
 */
static void device_request(struct vfio_device *vdev, unsigned int count)
{
	struct vfio_ap_eventfd *request, *changed = NULL;
	struct vfio_ap_mdev *mdev = to_vfio_ap_mdev(vdev);

	state_lock();
	mdev->removing = true;
	request = vfio_ap_eventfd_get(mdev, VFIO_AP_EVENT_REQ);
	if (!count)
		changed = vfio_ap_eventfd_get(mdev, VFIO_AP_EVENT_CFG_CHG);
	state_unlock();
	PAUSE("request");
	vfio_ap_sync(mdev, false);
	if (DEFECT(B22))
		mdev->removing = false;
	vfio_ap_eventfd_signal_put(changed);
	vfio_ap_eventfd_signal_put(request);
}

static void device_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	vfio_ap_interrupts_unmap(to_vfio_ap_mdev(vdev), iova, length);
}

const struct vfio_device_ops vfio_ap_device_ops = {
	.name = "vfio_ap",
	.init = vfio_ap_mdev_init,
	.release = vfio_ap_mdev_release,
	.open_device = device_open,
	.close_device = device_close,
	.ioctl = device_ioctl,
	.request = device_request,
	.dma_unmap = device_dma_unmap,
	VFIO_AP_IOMMUFD_OPS
};
