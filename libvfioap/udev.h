/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libudev, loaded when needed, so that programs which watch nothing start without it.
 */
#ifndef VFIOAP_UDEV_H
#define VFIOAP_UDEV_H

#include <libudev.h>

#define LIBUDEV "libudev.so.1"

/* The functions of the library that are used: X(name) for udev_name. */
#define UDEV_FUNCTIONS(X)                                 \
	X(new)                                            \
	X(unref)                                          \
	X(monitor_new_from_netlink)                       \
	X(monitor_filter_add_match_subsystem_devtype)     \
	X(monitor_set_receive_buffer_size)                \
	X(monitor_enable_receiving)                       \
	X(monitor_get_fd)                                 \
	X(monitor_receive_device)                         \
	X(monitor_unref)                                  \
	X(device_get_action)                              \
	X(device_get_devpath)                             \
	X(device_get_subsystem)                           \
	X(device_get_properties_list_entry)               \
	X(device_unref)                                   \
	X(list_entry_get_next)                            \
	X(list_entry_get_name)                            \
	X(list_entry_get_value)

/**
 * struct udev_library - the functions, each without its prefix udev_
 * @handle: of dlopen(3)
 */
struct udev_library {
	void *handle;
#define UDEV_MEMBER(name) __typeof__(udev_##name) *name;
	UDEV_FUNCTIONS(UDEV_MEMBER)
#undef UDEV_MEMBER
};

/* 0, or -EOPNOTSUPP if it cannot be loaded. udev_close() in either case. */
int udev_open(struct udev_library *udev);
void udev_close(struct udev_library *udev);

#endif
