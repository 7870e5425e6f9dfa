/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef VFIOAP_PLAN_H
#define VFIOAP_PLAN_H

#include "ctx.h"
#include "host.h"
#include "lock.h"

/**
 * struct step_class - what steps of one kind do
 * @run: do it, and verify that it was done; sets step->done as soon as the host may have
 *	changed
 * @undo: undo a step that is done, and verify that; NULL: the undoing of an earlier step
 *	undoes this one, too
 */
struct step_class {
	int (*run)(struct vfioap_plan *plan, struct vfioap_step *step,
		   struct vfioap_error **error);
	int (*undo)(struct vfioap_plan *plan, struct vfioap_step *step,
		    struct vfioap_error **error);
};

/**
 * struct vfioap_step - one thing that a plan does
 * @operation: the name of the file that is written, or what is done instead
 * @path: of that file, or NULL
 * @data: what is written
 * @uuid: the device it is about; "" if none
 * @before: what the file shows before, as far as it is about that: apmask is in adapters,
 *	aqmask in domains
 * @after: what it must show afterwards
 * @flags: of the function that added it
 * @timeout: for a step that waits, in milliseconds
 * @old: what a stored file contained before; NULL: there was none
 * @done: the host may have changed
 * @pending: the kernel will carry on with it, whatever is done now
 */
struct vfioap_step {
	const struct step_class *class;
	const char *operation;
	char *path;
	char *data;
	char uuid[VFIOAP_UUID_SIZE];
	struct vfioap_matrix before;
	struct vfioap_matrix after;
	unsigned int flags;
	unsigned int timeout;
	char *old;
	bool done;
	bool pending;
};

/* What a plan, and what explains why one failed, looks at: no files of cards and queues. */
#define PLAN_PARTS \
	(VFIOAP_READ_BINDINGS | VFIOAP_READ_DEVICES | VFIOAP_READ_USERS | VFIOAP_READ_DEFINITIONS)

struct moved_queue {
	uint16_t apqn;
	bool asked_for;
};

/**
 * struct vfioap_plan - changes to be made
 * @lock: held from before @before was read; NULL in a preview
 * @store_lock: our own lock of the stored files; -1 if not held
 * @before: the host as it was
 * @after: as it will be
 * @asked_for: queues that the pool functions were asked to move, by APQN
 * @moved: queues that change sides, asked for or dragged along
 */
struct vfioap_plan {
	struct vfioap_ctx *ctx;
	struct lock *lock;
	int store_lock;
	unsigned int flags;
	bool executed;
	struct vfioap_host *before;
	struct vfioap_host *after;
	struct vfioap_step **steps;
	size_t num_steps;
	bool *asked_for;
	struct moved_queue *moved;
	size_t num_moved;
};

/* -EINVAL if nothing can be added any more. */
int plan_check_open(const struct vfioap_plan *plan, struct vfioap_error **error);

/* The same, or if @text is no UUID; else that in lower case. */
int plan_check_uuid(const struct vfioap_plan *plan, const char *text, char uuid[VFIOAP_UUID_SIZE],
		    struct vfioap_error **error);

/* A step at the end of the plan; NULL if there is no memory. @path is taken over. */
struct vfioap_step *plan_add_step(struct vfioap_plan *plan, const struct step_class *class,
				  const char *operation, char *path, const char *data);

/* Drop the steps from number @count on. */
void plan_drop_steps(struct vfioap_plan *plan, size_t count);

/* Write the step's data to its file: sets step->done and the error. */
int step_write(struct vfioap_plan *plan, struct vfioap_step *step, struct vfioap_error **error);

/* The same, and what the file shows then, which the caller frees; NULL if it cannot be read. */
int step_write_and_read(struct vfioap_plan *plan, struct vfioap_step *step, char **shown,
			struct vfioap_error **error);

/*
 * Let others change the AP configuration while a step waits for a guest: if the plan is
 * about this one device only.
 */
void plan_release_lock(struct vfioap_plan *plan, const struct vfioap_step *waiting);

/* The error of a step whose write was taken but is not seen: -EIO. */
int step_without_effect(const struct vfioap_step *step, const char *shown,
			struct vfioap_error **error);

#endif
