// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Waiting until a device is as somebody wants it. Listening begins before the first look,
 * so that nothing is missed between the two. Not everything is announced (a reset that
 * ends, a process that ends): so there is another look after a while anyway.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "cleanup.h"
#include "ctx.h"
#include "device.h"
#include "error.h"
#include "monitor.h"
#include "owner.h"
#include "sysfs.h"

/* How long to rely on being told, in milliseconds. */
#define LOOK_INTERVAL 250
#define OBSTACLE_SIZE (OWNER_TEXT_SIZE + 64)

/**
 * struct announcements - what says that another look is worth it
 * @monitor: the kernel's events; NULL where there are none
 * @nodes: inotify on the nodes of VFIO: who opens one, or closes it; -1 where there are none
 */
struct announcements {
	struct vfioap_monitor *monitor;
	int nodes;
};

/**
 * struct awaited - what is waited for
 */
struct awaited {
	struct vfioap_ctx *ctx;
	char uuid[VFIOAP_UUID_SIZE];
	enum vfioap_condition condition;
};

static const struct {
	const char *name;
	unsigned int parts;	/* of the snapshot */
	const char *wanted;	/* what the device is waited for to be */
} conditions[] = {
	[VFIOAP_WAIT_PRESENT] = { "present", VFIOAP_READ_DEVICES, "to appear" },
	[VFIOAP_WAIT_ABSENT] = { "absent", VFIOAP_READ_DEVICES | VFIOAP_READ_USERS, "to go" },
	[VFIOAP_WAIT_IDLE] = { "idle", VFIOAP_READ_DEVICES | VFIOAP_READ_USERS,
			       "to be let go by its user" },
	[VFIOAP_WAIT_IN_USE] = { "in-use", VFIOAP_READ_DEVICES | VFIOAP_READ_USERS,
				 "to be used" },
	[VFIOAP_WAIT_EFFECTIVE] = { "effective", VFIOAP_READ_DEVICES,
				    "to have all its queues effective" },
};

#define NUM_CONDITIONS (sizeof(conditions) / sizeof(conditions[0]))

const char *vfioap_condition_name(enum vfioap_condition condition)
{
	return (size_t)condition < NUM_CONDITIONS ? conditions[condition].name : NULL;
}

int vfioap_condition_parse(const char *text, enum vfioap_condition *condition,
			   struct vfioap_error **error)
{
	size_t i;

	for (i = 0; i < NUM_CONDITIONS; i++) {
		if (!strcmp(text, conditions[i].name)) {
			*condition = (enum vfioap_condition)i;
			return 0;
		}
	}
	return error_fail(error, VFIOAP_INVALID, EINVAL,
			  "'%.80s' is not one of present, absent, idle, in-use and effective", text);
}

/* ---- Listening ---- */

static void add_watch(const struct vfioap_ctx *ctx, int nodes, const char *path)
{
	_cleanup_fd_ int dir = sysfs_open(ctx, path, O_RDONLY | O_DIRECTORY);
	char name[32];

	if (dir < 0)
		return;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", dir);
	inotify_add_watch(nodes, name, IN_OPEN | IN_CLOSE | IN_CREATE | IN_DELETE);
}

/* Without any of these it takes a little longer, no more. */
static void listen_to(struct vfioap_ctx *ctx, struct announcements *announcements)
{
	announcements->monitor = NULL;
	vfioap_monitor_new(ctx, &announcements->monitor, NULL);
	announcements->nodes = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (announcements->nodes < 0)
		return;
	add_watch(ctx, announcements->nodes, PATH_VFIO);
	add_watch(ctx, announcements->nodes, PATH_CDEVS);
}

static void stop_listening(struct announcements *announcements)
{
	vfioap_monitor_free(announcements->monitor);
	if (announcements->nodes >= 0)
		close(announcements->nodes);
}

static void drain(struct announcements *announcements)
{
	char buffer[4096] __attribute__((aligned(__alignof__(struct inotify_event))));

	if (announcements->monitor)
		monitor_drain(announcements->monitor);
	if (announcements->nodes < 0)
		return;
	while (read(announcements->nodes, buffer, sizeof(buffer)) > 0)
		;
}

/* 0 when something happened or the slice is over, -EINTR. */
static int wait_for_announcement(struct announcements *announcements, int slice)
{
	struct pollfd pollfds[] = {
		{ .fd = announcements->nodes, .events = POLLIN },
		{ .fd = announcements->monitor ? vfioap_monitor_get_fd(announcements->monitor) : -1,
		  .events = POLLIN },
	};

	if (poll(pollfds, sizeof(pollfds) / sizeof(pollfds[0]), slice) < 0)
		return -errno;
	drain(announcements);
	return 0;
}

/* ---- Looking ---- */

static bool all_effective(const struct vfioap_device *device)
{
	const struct vfioap_matrix *matrix = &device->matrix;
	const struct vfioap_matrix *guest = &device->guest_matrix;

	return vfioap_matrix_count_queues(matrix) &&
	       vfioap_ids_equal(&matrix->adapters, &guest->adapters) &&
	       vfioap_ids_equal(&matrix->domains, &guest->domains);
}

static bool is_fulfilled(const struct vfioap_device *device, enum vfioap_condition condition)
{
	switch (condition) {
	case VFIOAP_WAIT_PRESENT:
		return device && device->bound;
	case VFIOAP_WAIT_ABSENT:
		return !device;
	case VFIOAP_WAIT_IDLE:
		return device && device->state == VFIOAP_DEVICE_IDLE;
	case VFIOAP_WAIT_IN_USE:
		return device && device->state == VFIOAP_DEVICE_IN_USE;
	case VFIOAP_WAIT_EFFECTIVE:
		break;
	}
	return device && device->bound && all_effective(device);
}

static int check_present(const struct awaited *awaited, const struct vfioap_device *device,
			 struct vfioap_error **error)
{
	if (device || awaited->condition == VFIOAP_WAIT_PRESENT)
		return 0;
	error_fail(error, VFIOAP_NOT_FOUND, ENOENT, "there is no device %s", awaited->uuid);
	error_hint(error, "vfioap-ctl list");
	return -ENOENT;
}

/* Why it is not so, for people. */
static void describe_obstacle(const struct awaited *awaited, const struct vfioap_device *device,
			      char text[OBSTACLE_SIZE])
{
	char who[OWNER_TEXT_SIZE] = "a process that could not be found";

	if (device && device->num_users)
		owner_describe(device->users[0], who);
	if (!device)
		strcpy(text, "it does not exist");
	else if (device->state == VFIOAP_DEVICE_REMOVING)
		snprintf(text, OBSTACLE_SIZE, "it is being removed, and used by %s", who);
	else if (!device->bound)
		strcpy(text, "it is not bound to its driver");
	else if (awaited->condition == VFIOAP_WAIT_IDLE)
		snprintf(text, OBSTACLE_SIZE, "it is used by %s", who);
	else if (awaited->condition == VFIOAP_WAIT_ABSENT)
		strcpy(text, "it is still there");
	else if (awaited->condition == VFIOAP_WAIT_IN_USE)
		strcpy(text, "nobody uses it");
	else
		snprintf(text, OBSTACLE_SIZE, "%u of its %u queues are",
			 vfioap_matrix_count_queues(&device->guest_matrix),
			 vfioap_matrix_count_queues(&device->matrix));
}

static int timed_out(const struct awaited *awaited, const struct vfioap_device *device,
		     unsigned int timeout, struct vfioap_error **error)
{
	char obstacle[OBSTACLE_SIZE];
	int rc;

	describe_obstacle(awaited, device, obstacle);
	rc = error_fail(error, VFIOAP_TIMEOUT, ETIMEDOUT, "waited %u s for device %s %s: %s",
			timeout / 1000, awaited->uuid, conditions[awaited->condition].wanted,
			obstacle);
	error_at(error, "wait", device ? device->path : NULL);
	if (device && device->num_users)
		error_whose(error, device->users[0]);
	if (device && awaited->condition == VFIOAP_WAIT_EFFECTIVE)
		error_hint(error, "vfioap-ctl explain %s", awaited->uuid);
	return rc;
}

static int stopped(const struct awaited *awaited, int rc, struct vfioap_error **error)
{
	return error_from_errno(error, -rc, "interrupted while waiting for device %s",
				awaited->uuid);
}

/* One look: 0 if it is so, how many milliseconds to pause if not, or a negative errno. */
static int look(const struct awaited *awaited, struct wait *wait, struct vfioap_error **error)
{
	const struct vfioap_device *device;
	struct vfioap_host *host;
	int rc;

	rc = vfioap_host_read(awaited->ctx, conditions[awaited->condition].parts, &host, error);
	if (rc)
		return rc;
	device = device_find(host, awaited->uuid);
	if (!is_fulfilled(device, awaited->condition)) {
		rc = check_present(awaited, device, error);
		if (!rc)
			rc = wait_next(wait, LOOK_INTERVAL);
		if (!rc)
			rc = timed_out(awaited, device, wait->timeout, error);
		else if (rc == -ECANCELED)
			rc = stopped(awaited, rc, error);
	}
	vfioap_host_free(host);
	return rc;
}

static int wait_for(const struct awaited *awaited, struct wait *wait, struct vfioap_error **error)
{
	struct announcements announcements;
	int pause, rc = 0;

	listen_to(awaited->ctx, &announcements);
	while (!rc && (pause = look(awaited, wait, error))) {
		rc = pause < 0 ? pause : wait_for_announcement(&announcements, pause);
		if (rc && pause > 0)
			stopped(awaited, rc, error);
	}
	stop_listening(&announcements);
	return rc;
}

int vfioap_wait(struct vfioap_ctx *ctx, const char *uuid, enum vfioap_condition condition,
		unsigned int timeout, struct vfioap_error **error)
{
	struct awaited awaited = { .ctx = ctx, .condition = condition };
	_cleanup_text_ char *what = NULL;
	struct wait wait;
	int rc;

	rc = vfioap_uuid_parse(uuid, awaited.uuid, error);
	if (rc)
		return rc;
	if ((size_t)condition >= NUM_CONDITIONS)
		return error_fail(error, VFIOAP_INVALID, EINVAL, "%d is no condition", condition);
	if (asprintf(&what, "waiting for device %s %s", awaited.uuid,
		     conditions[condition].wanted) < 0) {
		what = NULL;
		return error_no_memory(error);
	}
	wait_start(&wait, ctx, what, timeout);
	return wait_for(&awaited, &wait, error);
}
