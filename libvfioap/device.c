// SPDX-License-Identifier: LGPL-2.1-or-later
#include "device.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "error.h"
#include "filter.h"
#include "matrix.h"
#include "owner.h"
#include "sysfs.h"

/*
 * With more queues than this, the driver of Linux 6.1 and 6.12 writes beyond the
 * page in which it makes the text of matrix and guest_matrix.
 */
#define PAGE_QUEUES 511
#define PAGE_SIZE_OF_TEXT 4096

const char *vfioap_device_state_name(enum vfioap_device_state state)
{
	switch (state) {
	case VFIOAP_DEVICE_IN_USE:
		return "in_use";
	case VFIOAP_DEVICE_REMOVING:
		return "removing";
	case VFIOAP_DEVICE_IDLE:
		break;
	}
	return "idle";
}

char *device_path(const char *uuid, const char *file)
{
	char *path;

	if (asprintf(&path, PATH_MATRIX "/%s%s%s", uuid, file ? "/" : "", file ? file : "") < 0)
		return NULL;
	return path;
}

struct vfioap_device *device_new(const char *uuid)
{
	struct vfioap_device *device = calloc(1, sizeof(*device));

	if (!device)
		return NULL;
	memcpy(device->uuid, uuid, sizeof(device->uuid));
	device->iommu_group = -1;
	device->bound = true;
	device->path = device_path(uuid, NULL);
	device->as_device = owner_new(VFIOAP_OWNER_DEVICE, uuid, NULL);
	if (!device->path || !device->as_device) {
		device_free(device);
		return NULL;
	}
	return device;
}

void device_free(struct vfioap_device *device)
{
	size_t i;

	if (!device)
		return;
	for (i = 0; i < device->num_users; i++)
		owner_free(device->users[i]);
	free(device->users);
	owner_free(device->as_device);
	owner_free(device->as_guest);
	free(device->cdev);
	free(device->path);
	free(device);
}

static void device_freep(struct vfioap_device **device)
{
	device_free(*device);
}
#define _cleanup_device_ _cleanup_(device_freep)

int device_add_user(struct vfioap_device *device, struct vfioap_owner *user)
{
	struct vfioap_owner **users;

	users = realloc(device->users, (device->num_users + 1) * sizeof(*users));
	if (!users)
		return -ENOMEM;
	device->users = users;
	users[device->num_users++] = user;
	return 0;
}

int device_set_guest(struct vfioap_device *device)
{
	if (!device->num_users)
		return 0;
	device->as_guest = owner_copy(device->users[0]);
	if (!device->as_guest)
		return -ENOMEM;
	device->as_guest->kind = VFIOAP_OWNER_GUEST;
	return 0;
}

int device_set_name(struct vfioap_device *device, const char *name)
{
	int rc = owner_set_name(device->as_device, name);
	size_t i;

	if (!rc && device->as_guest)
		rc = owner_set_name(device->as_guest, name);
	for (i = 0; !rc && i < device->num_users; i++)
		rc = owner_set_name(device->users[i], name);
	return rc;
}

static int copy_users(struct vfioap_device *to, const struct vfioap_device *from)
{
	size_t i;

	for (i = 0; i < from->num_users; i++) {
		_cleanup_owner_ struct vfioap_owner *user = owner_copy(from->users[i]);

		if (!user || device_add_user(to, user))
			return -ENOMEM;
		user = NULL;
	}
	return device_set_guest(to);
}

struct vfioap_device *device_copy(const struct vfioap_device *device)
{
	_cleanup_device_ struct vfioap_device *copy = device_new(device->uuid);

	if (!copy || copy_users(copy, device) || device_set_name(copy, device->as_device->name))
		return NULL;
	if (device->cdev) {
		copy->cdev = strdup(device->cdev);
		if (!copy->cdev)
			return NULL;
	}
	copy->iommu_group = device->iommu_group;
	copy->state = device->state;
	copy->bound = device->bound;
	copy->has_config = device->has_config;
	copy->matrix = device->matrix;
	copy->guest_matrix = device->guest_matrix;
	return take_pointer(copy);
}

/* Where the device is in the sorted array, or would be. */
static size_t position(const struct vfioap_host *host, const char *uuid)
{
	size_t low = 0, high = host->num_devices;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(host->devices[middle]->uuid, uuid) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct vfioap_device *device_find(const struct vfioap_host *host, const char *uuid)
{
	size_t i = position(host, uuid);

	if (i == host->num_devices || strcmp(host->devices[i]->uuid, uuid))
		return NULL;
	return host->devices[i];
}

static int append(struct vfioap_host *host, struct vfioap_device *device)
{
	if (host->num_devices == host->devices_size) {
		size_t size = host->devices_size ? host->devices_size * 2 : 16;
		struct vfioap_device **larger = realloc(host->devices, size * sizeof(*larger));

		if (!larger)
			return -ENOMEM;
		host->devices = larger;
		host->devices_size = size;
	}
	host->devices[host->num_devices++] = device;
	return 0;
}

int devices_insert(struct vfioap_host *host, struct vfioap_device *device)
{
	size_t i = position(host, device->uuid), n = host->num_devices;

	if (append(host, device))
		return -ENOMEM;
	memmove(host->devices + i + 1, host->devices + i, (n - i) * sizeof(*host->devices));
	host->devices[i] = device;
	return 0;
}

static int compare_devices(const void *a, const void *b)
{
	const struct vfioap_device *const *left = a, *const *right = b;

	return strcmp((*left)->uuid, (*right)->uuid);
}

void devices_remove(struct vfioap_host *host, struct vfioap_device *device)
{
	size_t i = position(host, device->uuid);

	host->num_devices--;
	memmove(host->devices + i, host->devices + i + 1,
		(host->num_devices - i) * sizeof(*host->devices));
	device_free(device);
}

static int read_parsed(int dir, const char *name, struct vfioap_matrix *matrix,
		       int (*parse)(const char *text, struct vfioap_matrix *matrix))
{
	_cleanup_text_ char *text = NULL;
	int rc;

	rc = sysfs_read_text(dir, name, &text);
	if (rc)
		return rc;
	return parse(text, matrix) ? -EIO : 0;
}

/* The kernel has ap_config since 6.10; before, two files tell the same. */
static int read_matrix(int dir, struct vfioap_matrix *matrix, bool *has_config)
{
	int rc;

	rc = read_parsed(dir, "ap_config", matrix, matrix_parse_config);
	*has_config = rc != -ENOENT;
	if (rc != -ENOENT)
		return rc;
	rc = read_parsed(dir, "matrix", matrix, matrix_parse_queues);
	if (rc)
		return rc;
	return read_parsed(dir, "control_domains", matrix, matrix_parse_control_domains);
}

int device_read_matrix(const struct vfioap_ctx *ctx, const char *uuid,
		       struct vfioap_matrix *matrix)
{
	_cleanup_text_ char *path = device_path(uuid, NULL);
	_cleanup_fd_ int dir = -1;
	bool has_config;

	if (!path)
		return -ENOMEM;
	dir = sysfs_open(ctx, path, O_RDONLY | O_DIRECTORY);
	return dir < 0 ? dir : read_matrix(dir, matrix, &has_config);
}

/* True if reading guest_matrix could harm a kernel with that defect. */
static bool is_dangerous(int dir, const struct vfioap_matrix *matrix)
{
	struct stat stat;

	return vfioap_matrix_count_queues(matrix) > PAGE_QUEUES &&
	       !fstatat(dir, "guest_matrix", &stat, 0) && stat.st_size == PAGE_SIZE_OF_TEXT;
}

/* What was not read has to be computed once the queues are known: filter.c. */
static int read_guest_matrix(const struct vfioap_host *host, struct vfioap_device *device, int dir)
{
	int rc = -ENOENT;

	if (!is_dangerous(dir, &device->matrix))
		rc = read_parsed(dir, "guest_matrix", &device->guest_matrix, matrix_parse_queues);
	device->guest_unknown = rc == -ENOENT;
	device->guest_matrix.control_domains =
		vfioap_ids_and(&device->matrix.control_domains, &host->matrix.control_domains);
	return rc == -ENOENT ? 0 : rc;
}

static void read_iommu_group(struct vfioap_device *device, int dir)
{
	char name[SYSFS_LINE_SIZE];
	char *end;
	long group;

	if (sysfs_read_link(dir, "iommu_group", name))
		return;
	group = strtol(name, &end, 10);
	if (end != name && !*end && group >= 0 && group == (int)group)
		device->iommu_group = (int)group;
}

/* vfio-dev/vfioN is there on all kernels, its device node only with VFIO_DEVICE_CDEV. */
static int read_cdev(struct vfioap_device *device, int dir)
{
	_cleanup_dir_ DIR *vfio = sysfs_open_dir_at(dir, "vfio-dev");
	struct dirent *entry;

	if (!vfio)
		return 0;
	while ((entry = readdir(vfio))) {
		if (!strncmp(entry->d_name, "vfio", 4))
			break;
	}
	if (entry && asprintf(&device->cdev, PATH_CDEVS "/%s", entry->d_name) < 0) {
		device->cdev = NULL;
		return -ENOMEM;
	}
	return 0;
}

/* A device that is being removed has lost its attributes and its link on the bus. */
static enum vfioap_device_state state_without_attributes(const struct vfioap_ctx *ctx,
							 const char *uuid)
{
	char link[SYSFS_LINE_SIZE];

	snprintf(link, sizeof(link), PATH_MDEVS "/%s", uuid);
	return sysfs_exists(ctx, link) ? VFIOAP_DEVICE_IDLE : VFIOAP_DEVICE_REMOVING;
}

static int read_device(struct vfioap_host *host, const struct vfioap_ctx *ctx, int parent,
		       struct vfioap_device *device)
{
	_cleanup_fd_ int dir = sysfs_open_at(parent, device->uuid);
	int rc;

	ctx_log(ctx, VFIOAP_LOG_DEBUG, "open %s", device->path);
	if (dir < 0)
		return dir;
	rc = read_matrix(dir, &device->matrix, &device->has_config);
	if (rc == -ENOENT || rc == -ENODEV) {
		device->bound = false;
		device->state = state_without_attributes(ctx, device->uuid);
		rc = 0;
	} else if (!rc) {
		rc = read_guest_matrix(host, device, dir);
	}
	if (rc)
		return rc;
	read_iommu_group(device, dir);
	return host->has_cdevs ? read_cdev(device, dir) : 0;
}

static int add_device(struct vfioap_host *host, const struct vfioap_ctx *ctx, int parent,
		      const char *uuid)
{
	_cleanup_device_ struct vfioap_device *device = device_new(uuid);
	int rc;

	if (!device)
		return -ENOMEM;
	rc = read_device(host, ctx, parent, device);
	if (rc == -ENOENT || rc == -ENODEV)
		return 0; /* it has just gone */
	if (!rc)
		rc = append(host, device);
	if (!rc)
		device = NULL;
	return rc;
}

int devices_read(struct vfioap_host *host, const struct vfioap_ctx *ctx,
		 struct vfioap_error **error)
{
	_cleanup_dir_ DIR *dir = sysfs_open_dir(ctx, PATH_MATRIX);
	char uuid[VFIOAP_UUID_SIZE];
	struct dirent *entry;
	int rc = 0;

	if (!dir && errno == ENOENT)
		return 0;
	if (!dir)
		rc = -errno;
	host->has_cdevs = sysfs_exists(ctx, PATH_CDEVS);
	while (!rc && (entry = readdir(dir))) {
		if (!vfioap_uuid_parse(entry->d_name, uuid, NULL))
			rc = add_device(host, ctx, dirfd(dir), uuid);
		if (rc) {
			rc = error_from_errno(error, -rc, "cannot read device %s", uuid);
			error_at(error, "read", PATH_MATRIX);
			return rc;
		}
	}
	if (!rc) {
		if (host->num_devices)
			qsort(host->devices, host->num_devices, sizeof(*host->devices),
			      compare_devices);
		return 0;
	}
	rc = error_from_errno(error, -rc, "cannot read %s", PATH_MATRIX);
	error_at(error, "read", PATH_MATRIX);
	return rc;
}

const char *vfioap_device_get_uuid(const struct vfioap_device *device)
{
	return device->uuid;
}

const char *vfioap_device_get_path(const struct vfioap_device *device)
{
	return device->path;
}

enum vfioap_device_state vfioap_device_get_state(const struct vfioap_device *device)
{
	return device->state;
}

const struct vfioap_matrix *vfioap_device_get_matrix(const struct vfioap_device *device)
{
	return &device->matrix;
}

const struct vfioap_matrix *vfioap_device_get_guest_matrix(const struct vfioap_device *device)
{
	return &device->guest_matrix;
}

int vfioap_device_get_iommu_group(const struct vfioap_device *device)
{
	return device->iommu_group;
}

const char *vfioap_device_get_cdev(const struct vfioap_device *device)
{
	return device->cdev;
}

size_t vfioap_device_get_num_users(const struct vfioap_device *device)
{
	return device->num_users;
}

const struct vfioap_owner *vfioap_device_get_user(const struct vfioap_device *device,
						  size_t index)
{
	return index < device->num_users ? device->users[index] : NULL;
}
