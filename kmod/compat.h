/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What differs between the kernel versions that the modules are built for.
 */
#ifndef VFIOAP_COMPAT_H
#define VFIOAP_COMPAT_H

#include <linux/device.h>
#include <linux/eventfd.h>
#include <linux/mutex.h>
#include <linux/version.h>
#include <linux/vfio.h>

/* Buses became constant in 6.4. */
#define AP_BUS_TYPE typeof(*((struct device *)NULL)->bus)

/* Uevent callbacks got a constant device in 6.3. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
#define AP_UEVENT_CONST const
#else
#define AP_UEVENT_CONST
#endif

/* Match callbacks got a constant driver in 6.11. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
#define AP_MATCH_CONST const
#else
#define AP_MATCH_CONST
#endif

/* eventfd_signal() always adds one since 6.8. */
static inline void ap_eventfd_signal(struct eventfd_ctx *ctx)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
	eventfd_signal(ctx);
#else
	eventfd_signal(ctx, 1);
#endif
}

/*
 * Before 6.2 kvm-vfio takes the group lock with kvm->lock held, and the VFIO core
 * calls open_device and close_device with the group lock held.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define VFIO_CORE_LOCKS_GROUP_UNDER_KVM
#endif

/* Before 6.2 VFIO tells the container of a device after open_device. */
#define AP_VFIO_TELLS_BEFORE_OPEN (LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0))

/* Until then dma_unmap is not called. VFIO holds this lock throughout. */
static inline bool ap_vfio_tells_unmap(struct vfio_device *vdev)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
	if (!mutex_trylock(&vdev->dev_set->lock))
		return false;
	mutex_unlock(&vdev->dev_set->lock);
#endif
	return true;
}

/* Before 6.2 the driver frees the device in its release callback. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define vfio_ap_free_device(vdev) vfio_free_device(vdev)
#else
#define vfio_ap_free_device(vdev) do { } while (0)
#endif

/* iommufd came in 6.2. */
static inline bool ap_vfio_uses_iommufd(const struct vfio_device *vdev)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
	return vdev->iommufd_access;
#else
	return false;
#endif
}

/* iommufd came in 6.2, detaching in 6.6; without it the functions are NULL. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
#define VFIO_AP_IOMMUFD_OPS \
	.bind_iommufd = vfio_iommufd_emulated_bind, \
	.unbind_iommufd = vfio_iommufd_emulated_unbind, \
	.attach_ioas = vfio_iommufd_emulated_attach_ioas, \
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
#define VFIO_AP_IOMMUFD_OPS \
	.bind_iommufd = vfio_iommufd_emulated_bind, \
	.unbind_iommufd = vfio_iommufd_emulated_unbind, \
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
#else
#define VFIO_AP_IOMMUFD_OPS
#endif

#endif
