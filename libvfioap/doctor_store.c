// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Problems of what is stored: files that make no sense, and devices that cannot all be
 * started.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "doctor.h"
#include "matrix.h"
#include "queue_id.h"

int check_bad_files(struct vfioap_diagnosis *diagnosis)
{
	size_t i;

	for (i = 0; i < vfioap_host_get_num_bad_files(diagnosis->host); i++) {
		const struct vfioap_error *why = vfioap_host_get_bad_file(diagnosis->host, i);
		struct vfioap_problem *problem = problem_add(diagnosis, "bad_definition", "%s",
							     vfioap_error_get_message(why));

		if (!problem || problem_hint(problem, vfioap_error_get_hint(why)) ||
		    problem_path(problem, vfioap_error_get_path(why)))
			return -ENOMEM;
	}
	return 0;
}

static bool starts(const struct vfioap_definition *definition)
{
	return vfioap_definition_get_start(definition) == VFIOAP_START_AUTO;
}

static int compare(struct vfioap_diagnosis *diagnosis, const struct vfioap_definition *first,
		   const struct vfioap_definition *second)
{
	const struct vfioap_matrix *a = vfioap_definition_get_matrix(first);
	const struct vfioap_matrix *b = vfioap_definition_get_matrix(second);
	struct vfioap_matrix both = matrix_and(a, b);
	_cleanup_queues_ uint16_t *queues = NULL;
	_cleanup_text_ char *which = NULL;
	struct vfioap_problem *problem;
	size_t count;

	if (!matrix_shares_queue(a, b))
		return 0;
	if (matrix_list_queues(&both, &queues, &count))
		return -ENOMEM;
	which = queue_list_describe(queues, count);
	if (!which)
		return -ENOMEM;
	problem = starts(first) && starts(second) ?
		problem_add(diagnosis, "conflicting_definitions",
			    "%s: devices %s and %s are both to be started at boot and to have %s: "
			    "the second will not start", which,
			    vfioap_definition_get_uuid(first), vfioap_definition_get_uuid(second),
			    count == 1 ? "it" : "them") :
		problem_add(diagnosis, "overlapping_definitions",
			    "%s: devices %s and %s are both defined to have %s: while one is "
			    "active, the other cannot be started", which,
			    vfioap_definition_get_uuid(first), vfioap_definition_get_uuid(second),
			    count == 1 ? "it" : "them");
	if (!problem || problem_path(problem, vfioap_definition_get_path(second)) ||
	    problem_queues(problem, queues, count))
		return -ENOMEM;
	memcpy(problem->uuid, vfioap_definition_get_uuid(second), sizeof(problem->uuid));
	return 0;
}

int check_conflicting_definitions(struct vfioap_diagnosis *diagnosis)
{
	const struct vfioap_host *host = diagnosis->host;
	size_t i, j, count = vfioap_host_get_num_definitions(host);

	for (i = 0; i < count; i++) {
		const struct vfioap_definition *first = vfioap_host_get_definition(host, i);

		for (j = i + 1; j < count; j++) {
			if (compare(diagnosis, first, vfioap_host_get_definition(host, j)))
				return -ENOMEM;
		}
	}
	return 0;
}

static int not_defined(struct vfioap_diagnosis *diagnosis, const struct vfioap_device *device)
{
	struct vfioap_problem *problem =
		problem_add(diagnosis, "not_defined",
			    "device %s is active, but not defined as others are: it will be gone "
			    "after the next boot", device->uuid);
	_cleanup_text_ char *hint = NULL;

	if (!problem || asprintf(&hint, "vfioap-ctl define %s", device->uuid) < 0) {
		hint = NULL;
		return -ENOMEM;
	}
	memcpy(problem->uuid, device->uuid, sizeof(problem->uuid));
	return problem_hint(problem, hint) || problem_path(problem, device->path) ? -ENOMEM : 0;
}

/* One that makes no sense is a problem of its own. */
static int is_defined(const struct vfioap_host *host, const char *uuid, bool *defined)
{
	_cleanup_text_ char *path = definition_path(uuid);

	if (!path)
		return -ENOMEM;
	*defined = store_find(&host->store, uuid) || store_find_bad(&host->store, path);
	return 0;
}

/* Who defines nothing wants nothing kept. */
int check_undefined_devices(struct vfioap_diagnosis *diagnosis)
{
	const struct vfioap_host *host = diagnosis->host;
	size_t i;

	if (!vfioap_host_get_num_definitions(host))
		return 0;
	for (i = 0; i < host->num_devices; i++) {
		const struct vfioap_device *device = host->devices[i];
		bool defined;

		if (is_defined(host, device->uuid, &defined))
			return -ENOMEM;
		if (!defined && device->state != VFIOAP_DEVICE_REMOVING &&
		    not_defined(diagnosis, device))
			return -ENOMEM;
	}
	return 0;
}
