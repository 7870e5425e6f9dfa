// SPDX-License-Identifier: LGPL-2.1-or-later
#include "doctor.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "error.h"

/* In the order in which they are reported. */
static check_fn *const checks[] = {
	check_driver,	 check_lock,			check_queues,	     check_devices,
	check_bad_files, check_conflicting_definitions, check_undefined_devices, check_masks_at_boot,
	check_mdevctl_rule,
};

static void problem_free(struct vfioap_problem *problem)
{
	free(problem->message);
	free(problem->hint);
	free(problem->path);
	free(problem->queues);
	free(problem);
}

void vfioap_diagnosis_free(struct vfioap_diagnosis *diagnosis)
{
	size_t i;

	if (!diagnosis)
		return;
	for (i = 0; i < diagnosis->num_problems; i++)
		problem_free(diagnosis->problems[i]);
	free(diagnosis->problems);
	vfioap_host_free(diagnosis->host);
	free(diagnosis);
}

struct vfioap_problem *problem_add(struct vfioap_diagnosis *diagnosis, const char *code,
				   const char *format, ...)
{
	struct vfioap_problem **larger, *problem;
	va_list arguments;

	larger = realloc(diagnosis->problems, (diagnosis->num_problems + 1) * sizeof(*larger));
	if (!larger)
		return NULL;
	diagnosis->problems = larger;
	problem = calloc(1, sizeof(*problem));
	if (!problem)
		return NULL;
	problem->code = code;
	va_start(arguments, format);
	if (vasprintf(&problem->message, format, arguments) < 0)
		problem->message = NULL;
	va_end(arguments);
	if (!problem->message) {
		free(problem);
		return NULL;
	}
	larger[diagnosis->num_problems++] = problem;
	return problem;
}

int problem_hint(struct vfioap_problem *problem, const char *hint)
{
	problem->hint = hint ? strdup(hint) : NULL;
	return hint && !problem->hint ? -ENOMEM : 0;
}

int problem_path(struct vfioap_problem *problem, const char *path)
{
	problem->path = path ? strdup(path) : NULL;
	return path && !problem->path ? -ENOMEM : 0;
}

int problem_queues(struct vfioap_problem *problem, const uint16_t *queues, size_t count)
{
	if (!count)
		return 0;
	problem->queues = malloc(count * sizeof(*queues));
	if (!problem->queues)
		return -ENOMEM;
	memcpy(problem->queues, queues, count * sizeof(*queues));
	problem->num_queues = count;
	return 0;
}

static int run_checks(struct vfioap_diagnosis *diagnosis)
{
	size_t i;
	int rc = 0;

	for (i = 0; !rc && i < sizeof(checks) / sizeof(checks[0]); i++)
		rc = checks[i](diagnosis);
	return rc;
}

int vfioap_diagnose(struct vfioap_ctx *ctx, struct vfioap_diagnosis **result,
		    struct vfioap_error **error)
{
	struct vfioap_diagnosis *diagnosis = calloc(1, sizeof(*diagnosis));
	int rc;

	if (!diagnosis)
		return error_no_memory(error);
	diagnosis->ctx = ctx;
	rc = vfioap_host_read(ctx, VFIOAP_READ_ALL, &diagnosis->host, error);
	if (!rc && run_checks(diagnosis))
		rc = error_no_memory(error);
	diagnosis->ctx = NULL;
	if (rc)
		vfioap_diagnosis_free(diagnosis);
	else
		*result = diagnosis;
	return rc;
}

size_t vfioap_diagnosis_get_num_problems(const struct vfioap_diagnosis *diagnosis)
{
	return diagnosis->num_problems;
}

const struct vfioap_problem *
vfioap_diagnosis_get_problem(const struct vfioap_diagnosis *diagnosis, size_t index)
{
	return index < diagnosis->num_problems ? diagnosis->problems[index] : NULL;
}

const char *vfioap_problem_get_code(const struct vfioap_problem *problem)
{
	return problem->code;
}

const char *vfioap_problem_get_message(const struct vfioap_problem *problem)
{
	return problem->message;
}

const char *vfioap_problem_get_hint(const struct vfioap_problem *problem)
{
	return problem->hint;
}

const char *vfioap_problem_get_path(const struct vfioap_problem *problem)
{
	return problem->path;
}

const char *vfioap_problem_get_uuid(const struct vfioap_problem *problem)
{
	return problem->uuid[0] ? problem->uuid : NULL;
}

size_t vfioap_problem_get_num_queues(const struct vfioap_problem *problem)
{
	return problem->num_queues;
}

uint16_t vfioap_problem_get_queue(const struct vfioap_problem *problem, size_t index)
{
	return problem->queues[index];
}
