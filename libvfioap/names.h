/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names and labels of devices: /etc/vfioap.d/UUID.json, beside mdevctl's definitions,
 * because mdevctl drops from its files what it does not know. Of a device that is not
 * defined /run/vfioap/UUID.json, which counts as long as the device is there.
 */
#ifndef VFIOAP_NAMES_H
#define VFIOAP_NAMES_H

#include "vfioap.h"

#define NAME_FILE_SUFFIX ".json"

/**
 * struct device_name - what a device is called
 * @name: NULL if it has only a label
 * @label: NULL if it has only a name
 * @running: only as long as the device is there
 */
struct device_name {
	char uuid[VFIOAP_UUID_SIZE];
	char *name;
	char *label;
	bool running;
};

/* NULL if there is no memory. @name and @label may be NULL. */
struct device_name *device_name_new(const char *uuid, const char *name, const char *label);
void device_name_free(struct device_name *name);

int device_name_parse(const char *uuid, const char *text, size_t length,
		      struct device_name **result, struct vfioap_error **error);

/* The text of the file, which the caller frees; NULL if there is no memory. */
char *device_name_format(const char *name, const char *label);

/* The path of the file, below the root; NULL if there is no memory. */
char *device_name_path(const char *uuid, bool running);

/* 0, or -EINVAL with the error. */
int device_label_check(const char *label, struct vfioap_error **error);

#endif
