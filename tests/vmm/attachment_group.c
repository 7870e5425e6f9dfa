// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The way through the VFIO group and a type1 container.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "attachment.h"
#include "guest/mailbox.h"

#define CONTAINER	"/dev/vfio/vfio"

/* /dev/vfio/N, from the device's link to its group. */
static int group_path(const char *uuid, char *path, size_t size, struct failure *failure)
{
	char link[128], target[256];
	ssize_t length;

	snprintf(link, sizeof(link), "/sys/bus/mdev/devices/%s/iommu_group", uuid);
	length = readlink(link, target, sizeof(target) - 1);
	if (length < 0)
		return fail(failure, "readlink", "%s", link);
	target[length] = 0;
	snprintf(path, size, "/dev/vfio/%s", strrchr(target, '/') + 1);
	return 0;
}

static int set_container(struct attachment *a, const char *path, struct failure *failure)
{
	int container = a->iommu;

	if (ioctl(a->group, VFIO_GROUP_SET_CONTAINER, &container))
		return fail(failure, "VFIO_GROUP_SET_CONTAINER", "%s", path);
	if (ioctl(a->iommu, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		return fail(failure, "VFIO_SET_IOMMU", CONTAINER);
	return kvm_vfio_set(*a->kvm_vfio, true, a->group, failure);
}

static int prepare(struct attachment *a, struct failure *failure)
{
	char path[280];

	if (group_path(a->uuid, path, sizeof(path), failure))
		return -1;
	a->iommu = open(CONTAINER, O_RDWR | O_CLOEXEC);
	if (a->iommu < 0)
		return fail(failure, "open", CONTAINER);
	a->group = open(path, O_RDWR | O_CLOEXEC);
	if (a->group < 0)
		return fail(failure, "open", "%s", path);
	return set_container(a, path, failure);
}

static int open_device(struct attachment *a, struct failure *failure)
{
	a->device = ioctl(a->group, VFIO_GROUP_GET_DEVICE_FD, a->uuid);
	if (a->device < 0)
		return fail(failure, "VFIO_GROUP_GET_DEVICE_FD", "%s", a->uuid);
	return 0;
}

/* EEXIST: the container outlived the device that it was opened for. */
static int map(struct attachment *a, const void *memory, struct failure *failure)
{
	struct vfio_iommu_type1_dma_map arg = {
		.argsz = sizeof(arg),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)memory,
		.size = GUEST_MEMORY,
	};

	if (ioctl(a->iommu, VFIO_IOMMU_MAP_DMA, &arg) && errno != EEXIST)
		return fail(failure, "VFIO_IOMMU_MAP_DMA", CONTAINER);
	return 0;
}

static int unmap(struct attachment *a, struct failure *failure)
{
	struct vfio_iommu_type1_dma_unmap arg = { .argsz = sizeof(arg), .size = GUEST_MEMORY };

	if (ioctl(a->iommu, VFIO_IOMMU_UNMAP_DMA, &arg))
		return fail(failure, "VFIO_IOMMU_UNMAP_DMA", CONTAINER);
	return 0;
}

const struct attachment_ops attachment_by_group = {
	.name = "group",
	.prepare = prepare,
	.open = open_device,
	.map = map,
	.unmap = unmap,
};
