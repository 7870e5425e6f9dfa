/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Calls that fault injection can make fail.
 */
#ifndef VFIO_AP_CORE_CALLS_H
#define VFIO_AP_CORE_CALLS_H

#include <linux/types.h>

struct ap_guest_isc;
struct eventfd_ctx;
struct file;
struct file_operations;
struct kthread_worker;
struct kvm;
struct page;
struct vfio_device;
struct xarray;

int vfio_ap_core_register(struct vfio_device *vdev);
int vfio_ap_core_pin(struct vfio_device *vdev, u64 iova, struct page **page);
struct kthread_worker *vfio_ap_core_worker(const char *name);
struct file *vfio_ap_core_file(const char *name, const struct file_operations *fops, void *data);
struct eventfd_ctx *vfio_ap_core_eventfd(int fd);
struct ap_guest_isc *vfio_ap_core_isc(struct kvm *kvm, u8 isc, u64 *gisa);
int vfio_ap_core_reserve(struct xarray *xarray, unsigned long index);

#endif
