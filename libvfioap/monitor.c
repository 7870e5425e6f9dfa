// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the kernel tells of the AP bus and of mediated devices. The kernel's own messages
 * are read, not udev's: udevd need not run, and none of its rules delays them.
 */
#include "monitor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus.h"
#include "cleanup.h"
#include "ctx.h"
#include "error.h"
#include "sysfs.h"
#include "udev.h"

/* A scan of 65,536 queues makes two messages of some 200 bytes for each. */
#define RECEIVE_BUFFER (64 << 20)

#define DEVPATH_BUS "/devices/ap"
#define DEVPATH_DRIVER "/devices/vfio_ap/matrix"

struct vfioap_monitor {
	struct udev_library library;
	struct udev *udev;
	struct udev_monitor *source;
	uint64_t sequence;
};

struct property {
	char *name;
	char *value;
};

struct vfioap_event {
	uint64_t sequence;
	enum vfioap_subject subject;
	char *action;
	char *path;
	int adapter;
	int apqn;
	char uuid[VFIOAP_UUID_SIZE];
	struct property *properties;
	size_t num_properties;
};

/* ---- Receiving ---- */

static int watch(struct vfioap_monitor *monitor)
{
	static const char *const subsystems[] = { "ap", "matrix", "mdev" };
	const struct udev_library *lib = &monitor->library;
	size_t i;

	monitor->udev = lib->new();
	if (!monitor->udev)
		return -ENOMEM;
	monitor->source = lib->monitor_new_from_netlink(monitor->udev, "kernel");
	if (!monitor->source)
		return errno ? -errno : -ENOMEM;
	for (i = 0; i < sizeof(subsystems) / sizeof(subsystems[0]); i++) {
		int rc = lib->monitor_filter_add_match_subsystem_devtype(monitor->source,
									subsystems[i], NULL);

		if (rc < 0)
			return rc;
	}
	/* more than the default needs a privilege; less is no failure, losses are told */
	lib->monitor_set_receive_buffer_size(monitor->source, RECEIVE_BUFFER);
	return lib->monitor_enable_receiving(monitor->source);
}

int vfioap_monitor_new(struct vfioap_ctx *ctx, struct vfioap_monitor **result,
		       struct vfioap_error **error)
{
	struct vfioap_monitor *monitor;
	int rc;

	if (!ctx->real_root)
		return error_fail(error, VFIOAP_UNSUPPORTED, EOPNOTSUPP,
				  "events can only be watched with the root directory /");
	monitor = calloc(1, sizeof(*monitor));
	if (!monitor)
		return error_no_memory(error);
	rc = udev_open(&monitor->library);
	if (rc) {
		vfioap_monitor_free(monitor);
		return error_fail(error, VFIOAP_UNSUPPORTED, -rc,
				  "cannot load %s, which is needed to watch events", LIBUDEV);
	}
	rc = watch(monitor);
	if (rc < 0) {
		vfioap_monitor_free(monitor);
		return error_from_errno(error, -rc, "cannot watch the kernel's events");
	}
	*result = monitor;
	return 0;
}

void vfioap_monitor_free(struct vfioap_monitor *monitor)
{
	if (!monitor)
		return;
	if (monitor->source)
		monitor->library.monitor_unref(monitor->source);
	if (monitor->udev)
		monitor->library.unref(monitor->udev);
	udev_close(&monitor->library);
	free(monitor);
}

int vfioap_monitor_get_fd(const struct vfioap_monitor *monitor)
{
	return monitor->library.monitor_get_fd(monitor->source);
}

/* The next message, NULL with errno set: EAGAIN, ENOBUFS if some were lost. */
static struct udev_device *receive(struct vfioap_monitor *monitor)
{
	errno = 0;
	return monitor->library.monitor_receive_device(monitor->source);
}

void monitor_drain(struct vfioap_monitor *monitor)
{
	struct udev_device *message;

	do {
		message = receive(monitor);
		if (message)
			monitor->library.device_unref(message);
	} while (message || errno == ENOBUFS || errno == EINTR);
}

/* ---- Understanding ---- */

/* "/devices/ap/card05/05.0004": card 5, queue 05.0004. False if it is neither. */
static bool is_of_bus(struct vfioap_event *event, const char *devpath)
{
	const char *name = strrchr(devpath, '/') + 1;
	int apqn = bus_queue_of_name(name), adapter = bus_card_of_name(name);

	if (!strcmp(devpath, DEVPATH_BUS)) {
		event->subject = VFIOAP_SUBJECT_BUS;
	} else if (apqn >= 0) {
		event->subject = VFIOAP_SUBJECT_QUEUE;
		event->apqn = apqn;
		event->adapter = (int)vfioap_apqn_adapter((uint16_t)apqn);
	} else if (adapter >= 0) {
		event->subject = VFIOAP_SUBJECT_CARD;
		event->adapter = adapter;
	} else {
		return false;
	}
	return true;
}

/* "/devices/vfio_ap/matrix", "/devices/vfio_ap/matrix/UUID"; other mediated devices are not ours. */
static bool is_of_driver(struct vfioap_event *event, const char *devpath)
{
	const char *rest = devpath + strlen(DEVPATH_DRIVER);

	if (strncmp(devpath, DEVPATH_DRIVER, strlen(DEVPATH_DRIVER)))
		return false;
	if (*rest == '/' && !vfioap_uuid_parse(rest + 1, event->uuid, NULL))
		event->subject = VFIOAP_SUBJECT_DEVICE;
	else if (!*rest)
		event->subject = VFIOAP_SUBJECT_DRIVER;
	else
		return false;
	return true;
}

static bool is_ours(struct vfioap_event *event, const struct udev_library *lib,
		    struct udev_device *message)
{
	const char *subsystem = lib->device_get_subsystem(message);
	const char *devpath = lib->device_get_devpath(message);

	if (!subsystem || !devpath || *devpath != '/')
		return false;
	return !strcmp(subsystem, "ap") ? is_of_bus(event, devpath) : is_of_driver(event, devpath);
}

/* What every message has, and the event says in another way. */
static bool is_envelope(const char *name)
{
	return !strcmp(name, "ACTION") || !strcmp(name, "DEVPATH") || !strcmp(name, "SUBSYSTEM") ||
	       !strcmp(name, "SEQNUM");
}

/* The kernel ends APMASK and AQMASK with a newline. */
static char *copy_value(const char *value)
{
	size_t length = value ? strlen(value) : 0;

	if (length && value[length - 1] == '\n')
		length--;
	return strndup(value ? value : "", length);
}

static int add_property(struct vfioap_event *event, const char *name, const char *value)
{
	struct property *larger, *property;

	larger = realloc(event->properties, (event->num_properties + 1) * sizeof(*larger));
	if (!larger)
		return -ENOMEM;
	event->properties = larger;
	property = &larger[event->num_properties++];
	property->name = strdup(name);
	property->value = copy_value(value);
	return property->name && property->value ? 0 : -ENOMEM;
}

static int copy_message(struct vfioap_event *event, const struct udev_library *lib,
			struct udev_device *message)
{
	struct udev_list_entry *entry = lib->device_get_properties_list_entry(message);
	const char *action = lib->device_get_action(message);

	event->action = strdup(action ? action : "change");
	if (!event->action ||
	    asprintf(&event->path, "/sys%s", lib->device_get_devpath(message)) < 0) {
		event->path = NULL;
		return -ENOMEM;
	}
	for (; entry; entry = lib->list_entry_get_next(entry)) {
		const char *name = lib->list_entry_get_name(entry);

		if (!is_envelope(name) &&
		    add_property(event, name, lib->list_entry_get_value(entry)))
			return -ENOMEM;
	}
	return 0;
}

static struct vfioap_event *event_new(enum vfioap_subject subject)
{
	struct vfioap_event *event = calloc(1, sizeof(*event));

	if (!event)
		return NULL;
	event->subject = subject;
	event->adapter = -1;
	event->apqn = -1;
	return event;
}

/* *result is NULL if the message is about something else. */
static int understand(const struct vfioap_monitor *monitor, struct udev_device *message,
		      struct vfioap_event **result)
{
	struct vfioap_event *event = event_new(VFIOAP_SUBJECT_BUS);

	*result = NULL;
	if (!event)
		return -ENOMEM;
	if (!is_ours(event, &monitor->library, message)) {
		vfioap_event_free(event);
		return 0;
	}
	if (copy_message(event, &monitor->library, message)) {
		vfioap_event_free(event);
		return -ENOMEM;
	}
	*result = event;
	return 0;
}

static int lost(struct vfioap_event **result)
{
	*result = event_new(VFIOAP_SUBJECT_LOST);
	if (*result)
		(*result)->action = strdup("lost");
	if (*result && (*result)->action)
		return 0;
	vfioap_event_free(*result);
	*result = NULL;
	return -ENOMEM;
}

int vfioap_monitor_next(struct vfioap_monitor *monitor, struct vfioap_event **result,
			struct vfioap_error **error)
{
	struct vfioap_event *event = NULL;
	int rc = 0;

	while (!rc && !event) {
		struct udev_device *message = receive(monitor);

		if (message) {
			rc = understand(monitor, message, &event);
			monitor->library.device_unref(message);
		} else if (errno == ENOBUFS) {
			rc = lost(&event);
		} else if (errno == EAGAIN || !errno) {
			break;
		} else if (errno != EINTR) {
			rc = -errno;
		}
	}
	if (rc == -ENOMEM)
		return error_no_memory(error);
	if (rc)
		return error_from_errno(error, -rc, "cannot receive the kernel's events");
	if (event)
		event->sequence = ++monitor->sequence;
	*result = event;
	return 0;
}

/* ---- Events ---- */

void vfioap_event_free(struct vfioap_event *event)
{
	size_t i;

	if (!event)
		return;
	for (i = 0; i < event->num_properties; i++) {
		free(event->properties[i].name);
		free(event->properties[i].value);
	}
	free(event->properties);
	free(event->action);
	free(event->path);
	free(event);
}

const char *vfioap_subject_name(enum vfioap_subject subject)
{
	switch (subject) {
	case VFIOAP_SUBJECT_BUS:
		return "bus";
	case VFIOAP_SUBJECT_CARD:
		return "card";
	case VFIOAP_SUBJECT_QUEUE:
		return "queue";
	case VFIOAP_SUBJECT_DRIVER:
		return "driver";
	case VFIOAP_SUBJECT_DEVICE:
		return "device";
	case VFIOAP_SUBJECT_LOST:
		break;
	}
	return "lost";
}

uint64_t vfioap_event_get_sequence(const struct vfioap_event *event)
{
	return event->sequence;
}

enum vfioap_subject vfioap_event_get_subject(const struct vfioap_event *event)
{
	return event->subject;
}

const char *vfioap_event_get_action(const struct vfioap_event *event)
{
	return event->action;
}

const char *vfioap_event_get_path(const struct vfioap_event *event)
{
	return event->path;
}

int vfioap_event_get_adapter(const struct vfioap_event *event)
{
	return event->adapter;
}

int vfioap_event_get_apqn(const struct vfioap_event *event)
{
	return event->apqn;
}

const char *vfioap_event_get_uuid(const struct vfioap_event *event)
{
	return event->uuid[0] ? event->uuid : NULL;
}

size_t vfioap_event_get_num_properties(const struct vfioap_event *event)
{
	return event->num_properties;
}

const char *vfioap_event_get_property_name(const struct vfioap_event *event, size_t index)
{
	return index < event->num_properties ? event->properties[index].name : NULL;
}

const char *vfioap_event_get_property_value(const struct vfioap_event *event, size_t index)
{
	return index < event->num_properties ? event->properties[index].value : NULL;
}
