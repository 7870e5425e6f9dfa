// SPDX-License-Identifier: LGPL-2.1-or-later
#include "user.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "device.h"
#include "owner.h"
#include "sysfs.h"

#define GROUPS PATH_VFIO "/"

/* A device by the number of its group, for a quick search. */
struct group {
	int number;
	struct vfioap_device *device;
};

/**
 * struct search - looking for the users of devices
 * @groups: devices in the order of their groups
 */
struct search {
	struct vfioap_host *host;
	const struct vfioap_ctx *ctx;
	struct group *groups;
	size_t num_groups;
};

static int compare_groups(const void *a, const void *b)
{
	const struct group *left = a, *right = b;

	return (left->number > right->number) - (left->number < right->number);
}

static struct vfioap_device *find_group(const struct search *search, const char *number)
{
	struct group key = { 0 }, *found;
	char *end;
	long value;

	value = strtol(number, &end, 10);
	/* the kernel marks the name of a node that is gone */
	if (end == number || (*end && strcmp(end, " (deleted)")) || value < 0 || value > INT_MAX)
		return NULL;
	key.number = (int)value;
	found = bsearch(&key, search->groups, search->num_groups, sizeof(key), compare_groups);
	return found ? found->device : NULL;
}

static struct vfioap_device *find_cdev(const struct search *search, const char *path)
{
	size_t length = strcspn(path, " ");
	size_t i;

	for (i = 0; i < search->host->num_devices; i++) {
		const char *cdev = search->host->devices[i]->cdev;

		if (cdev && strlen(cdev) == length && !strncmp(cdev, path, length))
			return search->host->devices[i];
	}
	return NULL;
}

static struct vfioap_device *find_device(const struct search *search, const char *path)
{
	if (strncmp(path, GROUPS, strlen(GROUPS)))
		return NULL;
	if (!strncmp(path, PATH_CDEVS "/", strlen(PATH_CDEVS "/")))
		return find_cdev(search, path);
	return find_group(search, path + strlen(GROUPS));
}

/*
 * The value that QEMU's -name gives to the guest: the first part, or the one after
 * guest=. Two commas stand for a comma in the name.
 */
static char *guest_name(const char *option)
{
	char *name = strdup(option), *from, *to;

	if (!name)
		return NULL;
	from = strstr(name, "guest=");
	if (from && (from == name || from[-1] == ','))
		from += strlen("guest=");
	else
		from = name;
	for (to = name; *from; from++) {
		if (*from == ',' && *++from != ',')
			break;
		*to++ = *from;
	}
	*to = '\0';
	return name;
}

static bool is_option(const char *word, const char *name)
{
	return *word == '-' && !strcmp(word + (word[1] == '-' ? 2 : 1), name);
}

/* Words of a command line, each with its null byte, @size bytes in all. */
static bool read_options(const char *words, size_t size, struct vfioap_owner *user)
{
	const char *end = words + size, *word, *next;

	for (word = words; word < end; word = next) {
		next = word + strlen(word) + 1;
		if (next >= end)
			return true;
		if (is_option(word, "name") && !user->guest) {
			user->guest = guest_name(next);
			if (!user->guest)
				return false;
		} else if (is_option(word, "uuid") && !user->guest_uuid) {
			user->guest_uuid = strdup(next);
			if (!user->guest_uuid)
				return false;
		}
	}
	return true;
}

static bool read_command_line(int process, struct vfioap_owner *user)
{
	_cleanup_fd_ int fd = openat(process, "cmdline", O_RDONLY | O_CLOEXEC);
	const size_t size = 64 * 1024;
	_cleanup_text_ char *words = malloc(size + 1);
	ssize_t n;
	size_t used = 0;

	if (!words)
		return false;
	while (fd >= 0 && used < size && (n = read(fd, words + used, size - used)) > 0)
		used += (size_t)n;
	words[used] = '\0';
	return read_options(words, used, user);
}

struct vfioap_owner *user_of_process(const struct vfioap_ctx *ctx, enum vfioap_owner_kind kind,
				     pid_t pid)
{
	_cleanup_owner_ struct vfioap_owner *user = owner_new(kind, NULL, NULL);
	char path[SYSFS_LINE_SIZE], line[SYSFS_LINE_SIZE];
	_cleanup_fd_ int process = -1;

	if (!user)
		return NULL;
	user->pid = pid;
	snprintf(path, sizeof(path), PATH_PROC "/%d", (int)pid);
	process = sysfs_open(ctx, path, O_RDONLY | O_DIRECTORY);
	if (process < 0)
		return take_pointer(user);
	if (!sysfs_read_line(process, "comm", line)) {
		user->process = strdup(line);
		if (!user->process)
			return NULL;
	}
	if (kind == VFIOAP_OWNER_GUEST && !read_command_line(process, user))
		return NULL;
	return take_pointer(user);
}

static int add_user(const struct search *search, struct vfioap_device *device, pid_t pid, int fd)
{
	_cleanup_owner_ struct vfioap_owner *user = NULL;

	if (device->num_users && device->users[device->num_users - 1]->pid == pid)
		return 0; /* the same process, by another descriptor */
	user = user_of_process(search->ctx, VFIOAP_OWNER_GUEST, pid);
	if (!user)
		return -ENOMEM;
	user->fd = fd;
	user->uuid = strdup(device->uuid);
	if (!user->uuid || device_add_user(device, user))
		return -ENOMEM;
	user = NULL;
	if (device->state == VFIOAP_DEVICE_IDLE)
		device->state = VFIOAP_DEVICE_IN_USE;
	return 0;
}

static int look_at_process(const struct search *search, int proc, pid_t pid)
{
	char name[32], target[SYSFS_LINE_SIZE];
	_cleanup_dir_ DIR *fds = NULL;
	struct dirent *entry;

	snprintf(name, sizeof(name), "%d/fd", (int)pid);
	fds = sysfs_open_dir_at(proc, name);
	if (!fds)
		return 0; /* gone, or not ours to see */
	while ((entry = readdir(fds))) {
		struct vfioap_device *device;
		ssize_t n;

		n = readlinkat(dirfd(fds), entry->d_name, target, sizeof(target) - 1);
		if (n < 0)
			continue;
		target[n] = '\0';
		device = find_device(search, target);
		if (device && add_user(search, device, pid, atoi(entry->d_name)))
			return -ENOMEM;
	}
	return 0;
}

static int index_groups(struct search *search)
{
	size_t i;

	search->groups = calloc(search->host->num_devices, sizeof(*search->groups));
	if (!search->groups)
		return -ENOMEM;
	for (i = 0; i < search->host->num_devices; i++) {
		search->groups[i].device = search->host->devices[i];
		search->groups[i].number = search->host->devices[i]->iommu_group;
	}
	search->num_groups = search->host->num_devices;
	qsort(search->groups, search->num_groups, sizeof(*search->groups), compare_groups);
	return 0;
}

static int compare_users(const void *a, const void *b)
{
	struct vfioap_owner *const *left = a, *const *right = b;

	return ((*left)->pid > (*right)->pid) - ((*left)->pid < (*right)->pid);
}

int users_read(struct vfioap_host *host, const struct vfioap_ctx *ctx)
{
	struct search search = { .host = host, .ctx = ctx };
	_cleanup_dir_ DIR *proc = NULL;
	struct dirent *entry;
	size_t i;
	int rc;

	if (!host->num_devices)
		return 0;
	proc = sysfs_open_dir(ctx, PATH_PROC);
	if (!proc)
		return 0;
	rc = index_groups(&search);
	while (!rc && (entry = readdir(proc))) {
		int pid = atoi(entry->d_name);

		if (pid > 0)
			rc = look_at_process(&search, dirfd(proc), pid);
	}
	free(search.groups);
	for (i = 0; i < host->num_devices; i++) {
		if (host->devices[i]->num_users > 1)
			qsort(host->devices[i]->users, host->devices[i]->num_users,
			      sizeof(*host->devices[i]->users), compare_users);
	}
	return rc;
}

/* The kernel says "in use" of a queue that a guest has. */
static bool has_queue_in_use(const struct vfioap_ctx *ctx, const struct vfioap_device *device)
{
	const struct vfioap_matrix *matrix = &device->guest_matrix;
	unsigned int adapter = vfioap_ids_next(&matrix->adapters, 0);
	unsigned int domain = vfioap_ids_next(&matrix->domains, 0);
	char path[SYSFS_LINE_SIZE], line[SYSFS_LINE_SIZE];

	if (adapter == VFIOAP_IDS || domain == VFIOAP_IDS)
		return false;
	snprintf(path, sizeof(path), PATH_CARDS "/card%02x/%02x.%04x/status", adapter, adapter,
		 domain);
	return !sysfs_read_line_of(ctx, path, line) && !strcmp(line, "in use");
}

static int find_unseen(const struct vfioap_ctx *ctx, struct vfioap_device *device)
{
	_cleanup_owner_ struct vfioap_owner *user = NULL;

	if (device->state == VFIOAP_DEVICE_IDLE && has_queue_in_use(ctx, device))
		device->state = VFIOAP_DEVICE_IN_USE;
	if (device->state == VFIOAP_DEVICE_IDLE || device->num_users)
		return 0;
	user = owner_new(VFIOAP_OWNER_UNKNOWN, device->uuid, NULL);
	if (!user || device_add_user(device, user))
		return -ENOMEM;
	user = NULL;
	return 0;
}

int users_find_unseen(struct vfioap_host *host, const struct vfioap_ctx *ctx)
{
	size_t i;

	for (i = 0; i < host->num_devices; i++) {
		if (find_unseen(ctx, host->devices[i]) || device_set_guest(host->devices[i]))
			return -ENOMEM;
	}
	return 0;
}
