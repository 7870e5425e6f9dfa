/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commands on several devices: one plan for each device, so that one that fails does not
 * keep the others.
 */
#ifndef VFIOAP_CLI_SEVERAL_H
#define VFIOAP_CLI_SEVERAL_H

#include <vfioap.h>

#include "request.h"

/* One device and what is asked for it. */
struct subject {
	struct device_reference device;
	const struct request *req;
};

/**
 * struct several - what is done to each device
 * @add: add it to a plan; its parameter is a struct subject
 * @participle: "removed"
 * @need_known: a name that leads nowhere is an error, though a UUID that does is none
 */
struct several {
	int (*add)(struct vfioap_plan *plan, const void *subject, struct vfioap_error **error);
	const char *participle;
	bool need_known;
};

/* Each: 0, or -1 with the document's error set. */
int several_run(struct request *req, struct document *doc, const struct several *several,
		const struct subject *subjects, size_t count);
/* With the devices that are the command's arguments. */
int several_named(struct request *req, struct document *doc, const struct several *several);

#endif
