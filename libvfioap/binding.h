/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which driver a single queue is bound to, and the steps that change that.
 */
#ifndef VFIOAP_BINDING_H
#define VFIOAP_BINDING_H

#include "plan.h"
#include "sysfs.h"

/* Of a queue's directory, or of a file in it. NULL if there is no memory. */
char *binding_path(uint16_t apqn, const char *file);

/* The driver that a queue is bound to; "" if there is none. */
void binding_read(const struct vfioap_ctx *ctx, uint16_t apqn, char driver[SYSFS_LINE_SIZE]);

/* The bus waits for the reset of a queue that a driver has left, then offers it. */
int binding_await(const struct vfioap_ctx *ctx, uint16_t apqn, bool vfio_ap);

/* Have the bus offer the queue to its drivers anew, without a plan. */
int binding_renew(const struct vfioap_ctx *ctx, uint16_t apqn);

/* A step about one queue. @path is taken over. @to_vfio_ap: who is to have the queue. */
struct vfioap_step *binding_add_step(struct vfioap_plan *plan, const struct step_class *class,
				     const char *operation, char *path, const char *data,
				     uint16_t apqn, bool to_vfio_ap);
uint16_t binding_queue_of(const struct vfioap_step *step);

/* Steps that the undoing of an earlier one undoes, too. 0 or -ENOMEM. */
int binding_add_unbind(struct vfioap_plan *plan, const char *driver, uint16_t apqn,
		       bool to_vfio_ap);
int binding_add_probe(struct vfioap_plan *plan, uint16_t apqn, bool to_vfio_ap);

/*
 * Steps that bind those queues to vfio_ap that are named one by one and have no driver.
 * Nothing if the driver is not loaded. 0 or -ENOMEM.
 */
int binding_add_missing(struct vfioap_plan *plan, const struct vfioap_queue_pattern *patterns,
			size_t count);

#endif
