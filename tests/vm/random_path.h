/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two ways from a VMM out of its mind to its device: the group with a container, and the
 * device's own character device with iommufd.
 */
#ifndef RANDOM_PATH_H
#define RANDOM_PATH_H

#include <stdbool.h>
#include <stdint.h>

#include "vfio_machine.h"

/**
 * struct random_path - what leads to a device
 * @prepare: open what is opened once, a VM included; exits with a message if that fails
 * @open: another descriptor of the device @uuid, or a negative number
 * @change: an operation of this way only, on the device's descriptor
 * @map: let the device reach @memory
 * @unmap: take that back
 */
struct random_path {
	void (*prepare)(struct vfio_machine *m, const char *uuid);
	int (*open)(struct vfio_machine *m, const char *uuid);
	void (*change)(struct vfio_machine *m, int device);
	void (*map)(struct vfio_machine *m, void *memory, uint64_t size);
	void (*unmap)(struct vfio_machine *m, uint64_t size);
};

extern const struct random_path random_group, random_cdev;

/* A number less than @n, of this thread's own sequence. */
unsigned int below(unsigned int n);

/* @value, or seldom something else. */
uint64_t mostly(uint64_t value);

#endif
