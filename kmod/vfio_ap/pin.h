/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pages of notification bytes: pinned for AQIC, unpinned by a worker.
 */
#ifndef VFIO_AP_PIN_H
#define VFIO_AP_PIN_H

struct list_head;
struct vfio_ap_interrupt;
struct vfio_ap_interrupts;

void vfio_ap_interrupts_init(struct vfio_ap_interrupts *interrupts);
int vfio_ap_interrupts_open(struct vfio_ap_interrupts *interrupts);
void vfio_ap_interrupts_close(struct vfio_ap_interrupts *interrupts);

int vfio_ap_interrupt_pin(struct vfio_ap_interrupt *interrupt);
void vfio_ap_unpin_later(struct vfio_ap_interrupt *interrupt);
void vfio_ap_interrupt_release(struct vfio_ap_interrupt *interrupt);
void vfio_ap_interrupts_release_later(struct list_head *parked);

#endif
