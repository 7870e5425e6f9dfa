/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bringing guests up to date: the only code that changes what a guest has while it has a device
 * and the AP facility.
 *
 * Everybody else changes what it depends on (what is assigned, what the host has,
 * which queues are bound and clean) and calls this.
 */
#ifndef VFIO_AP_SYNC_H
#define VFIO_AP_SYNC_H

#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

struct ap_matrix;
struct vfio_ap_attachment;
struct vfio_ap_mdev;

/**
 * struct vfio_ap_sync - a device's guest is to be brought up to date later; M
 * @work: does it when the guest's lock is free; holds a reference to the device
 * @wait: it is done
 * @pending: how often it is queued or running
 * @settle: the bus caused it
 * @caused: when it last did, in jiffies
 * @stale: vfio_ap_sync_all() has yet to look at it
 */
struct vfio_ap_sync {
	struct delayed_work work;
	wait_queue_head_t wait;
	unsigned int pending;
	bool settle;
	bool stale;
	unsigned long caused;
};

int vfio_ap_sync_start(void);
void vfio_ap_sync_stop(void);
void vfio_ap_sync_flush(void);
void vfio_ap_sync_init(struct vfio_ap_sync *sync);
void vfio_ap_sync_cancel(struct vfio_ap_mdev *mdev);

/* Work that needs the freedom from all locks. */
void vfio_ap_guest_work(struct work_struct *work);
/* Work that needs K, which is busy: try again soon. False if it is queued already. */
bool vfio_ap_guest_retry(struct delayed_work *work);

void vfio_ap_shadow_compute(const struct vfio_ap_mdev *mdev, struct ap_matrix *shadow);
void vfio_ap_sync(struct vfio_ap_mdev *mdev, bool settle);
void vfio_ap_sync_later(struct vfio_ap_mdev *mdev, bool settle);
void vfio_ap_sync_guest(struct vfio_ap_attachment *attachment, bool settle);
void vfio_ap_sync_all(bool settle);

void vfio_ap_sync_wait(struct vfio_ap_mdev *mdev, unsigned long deadline);
void vfio_ap_settle(unsigned long began, unsigned long deadline);

#endif
