/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The reset engine. Nobody waits for a reset with a lock held.
 */
#ifndef VFIO_AP_RESET_H
#define VFIO_AP_RESET_H

#include <linux/types.h>

struct ap_matrix;
struct vfio_ap_mdev;
struct vfio_ap_queue;

int vfio_ap_reset_start_engine(void);
void vfio_ap_reset_stop_engine(void);

void vfio_ap_reset_init(struct vfio_ap_queue *queue);
void vfio_ap_reset_start(struct vfio_ap_queue *queue, bool settle);
void vfio_ap_reset_cancel(struct vfio_ap_queue *queue);
void vfio_ap_reset_retry(const struct ap_matrix *matrix);

unsigned long vfio_ap_deadline(void);
void vfio_ap_resets_wait(const struct ap_matrix *matrix, unsigned long deadline);
void vfio_ap_resets_settle(unsigned long began, unsigned long deadline);
int vfio_ap_reset_device(struct vfio_ap_mdev *mdev);

#endif
