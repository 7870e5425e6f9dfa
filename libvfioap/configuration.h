/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The configuration file: what a host should be like.
 */
#ifndef VFIOAP_CONFIGURATION_H
#define VFIOAP_CONFIGURATION_H

#include "vfioap.h"

/**
 * struct configured_device - a device that the file names
 * @name: NULL if it only has a UUID
 * @matrix: exactly what it should have
 */
struct configured_device {
	char uuid[VFIOAP_UUID_SIZE];
	char *name;
	struct vfioap_matrix matrix;
	enum vfioap_start start;
};

/**
 * struct vfioap_configuration - the file
 * @pool: what vfio_ap should have, in adapters and domains
 * @pool_parts: which of the two the file tells
 * @devices: in the order of the file
 */
struct vfioap_configuration {
	struct vfioap_matrix pool;
	unsigned int pool_parts;
	struct configured_device *devices;
	size_t num_devices;
};

/*
 * Do two devices of it share a queue, or a device and the host? -EINVAL; @source is what
 * the file is called.
 */
int configuration_check(const struct vfioap_configuration *configuration, const char *source,
			struct vfioap_error **error);

/* The device in it; NULL if it does not name it. */
const struct configured_device *
configuration_find(const struct vfioap_configuration *configuration, const char *uuid);

#endif
