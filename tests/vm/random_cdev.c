// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "random_path.h"
#include "vfio_uapi.h"

static char device_path[300];
static uint32_t address_space;

static void find_device(const char *uuid)
{
	struct dirent *entry;
	char name[128];
	DIR *dir;

	snprintf(name, sizeof(name), "/sys/bus/mdev/devices/%s/vfio-dev", uuid);
	dir = opendir(name);
	if (!dir)
		err(1, "%s", name);
	while (!*device_path && (entry = readdir(dir)))
		if (!strncmp(entry->d_name, "vfio", 4))
			snprintf(device_path, sizeof(device_path), "/dev/vfio/devices/%s",
				 entry->d_name);
	closedir(dir);
}

/* The iommufd takes the place of the container. */
static void prepare(struct vfio_machine *m, const char *uuid)
{
	struct iommu_ioas_alloc alloc = {.size = sizeof(alloc)};

	find_device(uuid);
	*m = (struct vfio_machine){.group = -1, .device = -1};
	m->container = open("/dev/iommu", O_RDWR | O_CLOEXEC);
	if (m->container < 0 || ioctl(m->container, IOMMU_IOAS_ALLOC, &alloc))
		err(1, "/dev/iommu");
	address_space = alloc.out_ioas_id;
	vfio_kvm_open(m);
}

static void attach(int device)
{
	struct vfio_device_attach_iommufd_pt arg = {
		.argsz = mostly(sizeof(arg)),
		.pt_id = mostly(address_space),
	};

	ioctl(device, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &arg);
}

static void detach(int device)
{
	struct vfio_device_detach_iommufd_pt arg = {.argsz = mostly(sizeof(arg))};

	ioctl(device, VFIO_DEVICE_DETACH_IOMMUFD_PT, &arg);
}

static void bind(struct vfio_machine *m, int device)
{
	struct vfio_device_bind_iommufd arg = {
		.argsz = mostly(sizeof(arg)),
		.iommufd = mostly(m->container),
	};

	ioctl(device, VFIO_DEVICE_BIND_IOMMUFD, &arg);
}

/* Also one that KVM was not told of, is not bound or not attached. */
static int open_device(struct vfio_machine *m, const char *uuid)
{
	int device = open(device_path, O_RDWR | O_CLOEXEC);

	(void)uuid;
	if (below(16))
		vfio_kvm_set(m, true, device);
	if (below(16))
		bind(m, device);
	if (below(16))
		attach(device);
	return device;
}

static void change(struct vfio_machine *m, int device)
{
	switch (below(4)) {
	case 0:
		vfio_kvm_set(m, below(2), device);
		break;
	case 1:
		bind(m, device);
		break;
	case 2:
		detach(device);
		break;
	default:
		attach(device);
	}
}

static void map(struct vfio_machine *m, void *memory, uint64_t size)
{
	struct iommu_ioas_map arg = {
		.size = sizeof(arg),
		.flags = IOMMU_IOAS_MAP_FIXED_IOVA | IOMMU_IOAS_MAP_READABLE |
			 IOMMU_IOAS_MAP_WRITEABLE,
		.ioas_id = address_space,
		.user_va = (uintptr_t)memory,
		.length = size,
	};

	ioctl(m->container, IOMMU_IOAS_MAP, &arg);
}

static void unmap(struct vfio_machine *m, uint64_t size)
{
	struct iommu_ioas_unmap arg = {
		.size = sizeof(arg),
		.ioas_id = address_space,
		.length = size,
	};

	ioctl(m->container, IOMMU_IOAS_UNMAP, &arg);
}

const struct random_path random_cdev = {
	.prepare = prepare,
	.open = open_device,
	.change = change,
	.map = map,
	.unmap = unmap,
};
