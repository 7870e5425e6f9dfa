/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Queues: those bound to the driver, and those that left it while a guest or a card
 * could still use something of them.
 */
#ifndef VFIO_AP_QUEUE_H
#define VFIO_AP_QUEUE_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "../include/ap_hw.h"

struct ap_pqap;
struct vfio_ap_attachment;
struct vfio_ap_interrupt;

enum vfio_ap_reset_phase {
	VFIO_AP_RESET_NONE,	/* nothing to do, or done */
	VFIO_AP_RESET_RUNNING,	/* started and not verified */
	VFIO_AP_RESET_FAILED,	/* not verified; tried again later */
};

/**
 * struct vfio_ap_reset - the reset of a queue; M
 * @work: starts the reset or looks whether it is complete; holds a reference to the queue
 * @wait: @phase is not VFIO_AP_RESET_RUNNING any more, or @done is more
 * @phase: how far it is
 * @zapq: a new ZAPQ is due
 * @rc: response code that the last reset ended with
 * @since: when ZAPQ was accepted, or before that: since when @phase is VFIO_AP_RESET_RUNNING
 * @asked: how many requests there had been, for any queue, when it became that
 * @issued: how many there had been when the card accepted ZAPQ
 * @done: what @issued was for the last one that was verified
 * @lost: how many there had been when the last one ended that was not
 * @caused: when the bus last caused one; 0: never
 */
struct vfio_ap_reset {
	struct delayed_work work;
	wait_queue_head_t wait;
	enum vfio_ap_reset_phase phase;
	bool zapq;
	u8 rc;
	unsigned long since;
	unsigned long asked;
	unsigned long issued;
	unsigned long done;
	unsigned long lost;
	unsigned long caused;
};

/**
 * struct vfio_ap_queue - a queue
 * @ref: reference count
 * @apqn: adapter and domain number
 * @bound: the driver is bound to it; all from here on M
 * @kept: the bus was told to offer it to nobody
 * @clean: a reset was verified after the last guest lost it
 * @failed: its reset while in the guest was not verified in time
 * @holder: whose APCB has it, or might have it; a reference is held
 * @interrupt: what the guest enabled, or NULL
 * @parked: interrupts that the card may use until the next verified reset
 * @aqic: the AQIC that is on its way, or NULL; not one whose guest lost the queue since
 * @reset: see struct vfio_ap_reset
 *
 * A guest may get it if it is bound and clean; the guest that holds it keeps it until
 * a reset failed. Whoever else wants it has to wait until it is clean again.
 */
struct vfio_ap_queue {
	struct kref ref;
	u16 apqn;
	bool bound;
	bool kept;
	bool clean;
	bool failed;
	struct vfio_ap_attachment *holder;
	struct vfio_ap_interrupt *interrupt;
	struct list_head parked;
	const struct ap_pqap *aqic;
	struct vfio_ap_reset reset;
};

int vfio_ap_queues_start(void);
void vfio_ap_queues_stop(void);

void vfio_ap_queue_get(struct vfio_ap_queue *queue);
void vfio_ap_queue_put(struct vfio_ap_queue *queue);
struct vfio_ap_queue *vfio_ap_queue_find(u16 apqn);
struct vfio_ap_queue *vfio_ap_queue_next(struct vfio_ap_queue *queue);
bool vfio_ap_queue_is_in(const struct vfio_ap_queue *queue, const struct ap_matrix *matrix);
bool vfio_ap_queue_is_with(const struct vfio_ap_queue *queue,
			   const struct vfio_ap_attachment *attachment);
bool vfio_ap_queue_passable(const struct vfio_ap_queue *queue,
			    const struct vfio_ap_attachment *attachment);

void vfio_ap_queues_expose(struct vfio_ap_attachment *attachment, const struct ap_matrix *apcb);
void vfio_ap_queues_withdraw(struct vfio_ap_attachment *attachment, const struct ap_matrix *before,
			     const struct ap_matrix *now, bool settle);

void vfio_ap_queue_park(struct vfio_ap_queue *queue);
void vfio_ap_queue_drop_interrupt(struct vfio_ap_interrupt *interrupt);
void vfio_ap_queue_retire(struct vfio_ap_queue *queue);

#endif
