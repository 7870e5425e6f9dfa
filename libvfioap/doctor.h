/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What will hurt later: checks, each of which looks at one thing (doctor_*.c), and the list
 * of problems that they make (doctor.c).
 */
#ifndef VFIOAP_DOCTOR_H
#define VFIOAP_DOCTOR_H

#include "ctx.h"
#include "host.h"

struct vfioap_problem {
	const char *code;
	char *message;
	char *hint;
	char *path;
	char uuid[VFIOAP_UUID_SIZE];
	uint16_t *queues;
	size_t num_queues;
};

struct vfioap_diagnosis {
	struct vfioap_ctx *ctx;		/* only while the checks run */
	struct vfioap_host *host;
	struct vfioap_problem **problems;
	size_t num_problems;
};

/* A check: 0 whatever it finds, -ENOMEM. */
typedef int check_fn(struct vfioap_diagnosis *diagnosis);

check_fn check_driver, check_lock, check_queues, check_devices;
check_fn check_bad_files, check_conflicting_definitions, check_undefined_devices;
check_fn check_masks_at_boot, check_mdevctl_rule;

/* Add a problem, to be decorated; NULL if there is no memory. */
struct vfioap_problem *problem_add(struct vfioap_diagnosis *diagnosis, const char *code,
				   const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Copies; 0 or -ENOMEM. NULL for @hint and @path is fine. */
int problem_hint(struct vfioap_problem *problem, const char *hint);
int problem_path(struct vfioap_problem *problem, const char *path);
int problem_queues(struct vfioap_problem *problem, const uint16_t *queues, size_t count);

#endif
