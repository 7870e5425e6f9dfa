// SPDX-License-Identifier: GPL-2.0
/*
 * Calls that can fail for reasons which no test can bring about. Functions of their
 * own, so that fault injection can make them fail.
 */
#include <linux/anon_inodes.h>
#include <linux/error-injection.h>
#include <linux/eventfd.h>
#include <linux/fs.h>
#include <linux/iommu.h>
#include <linux/kthread.h>
#include <linux/vfio.h>
#include <linux/xarray.h>

#include "../include/ap_guest.h"
#include "core_calls.h"

/* Let VFIO know the device. Return: 0 or a negative error number. */
noinline int vfio_ap_core_register(struct vfio_device *vdev)
{
	return vfio_register_emulated_iommu_dev(vdev);
}
ALLOW_ERROR_INJECTION(vfio_ap_core_register, ERRNO);

/* Pin one page of the guest for the card. Return: 0 or a negative error number. */
noinline int vfio_ap_core_pin(struct vfio_device *vdev, u64 iova, struct page **page)
{
	int pinned = vfio_pin_pages(vdev, iova, 1, IOMMU_READ | IOMMU_WRITE, page);

	return pinned < 0 ? pinned : 0;
}
ALLOW_ERROR_INJECTION(vfio_ap_core_pin, ERRNO);

/* Get a thread that does what it is told, or an ERR_PTR. */
noinline struct kthread_worker *vfio_ap_core_worker(const char *name)
{
	return kthread_create_worker(0, "%s", name);
}
ALLOW_ERROR_INJECTION(vfio_ap_core_worker, ERRNO);

/* Get a file that no descriptor refers to, or an ERR_PTR. */
noinline struct file *vfio_ap_core_file(const char *name, const struct file_operations *fops,
					void *data)
{
	return anon_inode_getfile(name, fops, data, O_RDONLY);
}
ALLOW_ERROR_INJECTION(vfio_ap_core_file, ERRNO);

/* Get the eventfd behind a file descriptor, or an ERR_PTR. */
noinline struct eventfd_ctx *vfio_ap_core_eventfd(int fd)
{
	return eventfd_ctx_fdget(fd);
}
ALLOW_ERROR_INJECTION(vfio_ap_core_eventfd, ERRNO);

/* Get an interruption subclass of the guest, see ap_guest_ops.isc_get, or an ERR_PTR. */
noinline struct ap_guest_isc *vfio_ap_core_isc(struct kvm *kvm, u8 isc, u64 *gisa)
{
	return ap_guest_ops_get()->isc_get(kvm, isc, gisa);
}
ALLOW_ERROR_INJECTION(vfio_ap_core_isc, ERRNO);

/*
 * Get the memory for an entry of an xarray, which asks for it a second time before it
 * fails. Return: 0 or a negative error number.
 */
noinline int vfio_ap_core_reserve(struct xarray *xarray, unsigned long index)
{
	return xa_reserve(xarray, index, GFP_KERNEL);
}
ALLOW_ERROR_INJECTION(vfio_ap_core_reserve, ERRNO);
