// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The way through the device's own character device and iommufd, on kernels that have them.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "attachment.h"
#include "guest/mailbox.h"
#include "vfio_uapi.h"

#define IOMMUFD	"/dev/iommu"

/* /dev/vfio/devices/vfioN, from the device's directory. */
static int device_path(const char *uuid, char *path, size_t size, struct failure *failure)
{
	struct dirent *entry;
	char name[128];
	bool found = false;
	DIR *dir;

	snprintf(name, sizeof(name), "/sys/bus/mdev/devices/%s/vfio-dev", uuid);
	dir = opendir(name);
	if (!dir)
		return fail(failure, "opendir", "%s", name);
	while (!found && (entry = readdir(dir))) {
		found = !strncmp(entry->d_name, "vfio", 4);
		snprintf(path, size, "/dev/vfio/devices/%s", entry->d_name);
	}
	closedir(dir);
	errno = ENOENT;
	return found ? 0 : fail(failure, "readdir", "%s", name);
}

static int prepare(struct attachment *a, struct failure *failure)
{
	struct iommu_ioas_alloc alloc = { .size = sizeof(alloc) };

	a->iommu = open(IOMMUFD, O_RDWR | O_CLOEXEC);
	if (a->iommu < 0)
		return fail(failure, "open", IOMMUFD);
	if (ioctl(a->iommu, IOMMU_IOAS_ALLOC, &alloc))
		return fail(failure, "IOMMU_IOAS_ALLOC", IOMMUFD);
	a->ioas = alloc.out_ioas_id;
	return 0;
}

static int attach_to(struct attachment *a, int device, const char *path, struct failure *failure)
{
	struct vfio_device_attach_iommufd_pt attach = { .argsz = sizeof(attach), .pt_id = a->ioas };

	if (ioctl(device, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &attach))
		return fail(failure, "VFIO_DEVICE_ATTACH_IOMMUFD_PT", "%s", path);
	return 0;
}

static int bind(struct attachment *a, int device, const char *path, struct failure *failure)
{
	struct vfio_device_bind_iommufd bind = { .argsz = sizeof(bind), .iommufd = a->iommu };

	if (kvm_vfio_set(*a->kvm_vfio, true, device, failure))
		return -1;
	if (ioctl(device, VFIO_DEVICE_BIND_IOMMUFD, &bind))
		return fail(failure, "VFIO_DEVICE_BIND_IOMMUFD", "%s", path);
	return attach_to(a, device, path, failure);
}

static int open_device(struct attachment *a, struct failure *failure)
{
	_cleanup_close_ int device = -1;
	char path[300];

	if (device_path(a->uuid, path, sizeof(path), failure))
		return -1;
	device = open(path, O_RDWR | O_CLOEXEC);
	if (device < 0)
		return fail(failure, "open", "%s", path);
	if (bind(a, device, path, failure))
		return -1;
	a->device = device;
	device = -1;
	return 0;
}

/* EEXIST: the address space outlived the device that it was made for. */
static int map(struct attachment *a, const void *memory, struct failure *failure)
{
	struct iommu_ioas_map arg = {
		.size = sizeof(arg),
		.flags = IOMMU_IOAS_MAP_FIXED_IOVA | IOMMU_IOAS_MAP_READABLE |
			 IOMMU_IOAS_MAP_WRITEABLE,
		.ioas_id = a->ioas,
		.user_va = (uintptr_t)memory,
		.length = GUEST_MEMORY,
	};

	if (ioctl(a->iommu, IOMMU_IOAS_MAP, &arg) && errno != EEXIST)
		return fail(failure, "IOMMU_IOAS_MAP", IOMMUFD);
	return 0;
}

static int unmap(struct attachment *a, struct failure *failure)
{
	struct iommu_ioas_unmap arg = {
		.size = sizeof(arg),
		.ioas_id = a->ioas,
		.length = GUEST_MEMORY,
	};

	if (ioctl(a->iommu, IOMMU_IOAS_UNMAP, &arg))
		return fail(failure, "IOMMU_IOAS_UNMAP", IOMMUFD);
	return 0;
}

static int detach(struct attachment *a, struct failure *failure)
{
	struct vfio_device_detach_iommufd_pt detach = { .argsz = sizeof(detach) };

	if (ioctl(a->device, VFIO_DEVICE_DETACH_IOMMUFD_PT, &detach))
		return fail(failure, "VFIO_DEVICE_DETACH_IOMMUFD_PT", "%s", a->uuid);
	return 0;
}

static int reattach(struct attachment *a, struct failure *failure)
{
	return attach_to(a, a->device, a->uuid, failure);
}

const struct attachment_ops attachment_by_cdev = {
	.name = "cdev",
	.prepare = prepare,
	.open = open_device,
	.map = map,
	.unmap = unmap,
	.detach = detach,
	.reattach = reattach,
};
