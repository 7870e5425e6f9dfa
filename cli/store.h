/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFIOAP_CLI_STORE_H
#define VFIOAP_CLI_STORE_H

#include <vfioap.h>

struct subject;

/*
 * Keep the name that the device was given, or with @name and @label, which may be NULL, give
 * it others. An empty label takes it away.
 */
int add_name(struct vfioap_plan *plan, const struct subject *subject, const char *name,
	     const char *label, struct vfioap_error **error);

#endif
