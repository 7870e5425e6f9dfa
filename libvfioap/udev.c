// SPDX-License-Identifier: LGPL-2.1-or-later
#include "udev.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

int udev_open(struct udev_library *udev)
{
	bool complete = true;

	udev->handle = dlopen(LIBUDEV, RTLD_NOW | RTLD_LOCAL);
	if (!udev->handle)
		return -EOPNOTSUPP;
#define UDEV_LOOK_UP(name)                                      \
	udev->name = dlsym(udev->handle, "udev_" #name);        \
	complete &= udev->name != NULL;
	UDEV_FUNCTIONS(UDEV_LOOK_UP)
#undef UDEV_LOOK_UP
	return complete ? 0 : -EOPNOTSUPP;
}

void udev_close(struct udev_library *udev)
{
	if (udev->handle)
		dlclose(udev->handle);
	udev->handle = NULL;
}
