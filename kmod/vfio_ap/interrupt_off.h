/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Switching an interrupt off, which a card does in its own time.
 */
#ifndef VFIO_AP_INTERRUPT_OFF_H
#define VFIO_AP_INTERRUPT_OFF_H

#include <linux/types.h>

struct vfio_ap_interrupt;

int vfio_ap_interrupt_off_start(void);
void vfio_ap_interrupt_off_stop(void);

void vfio_ap_interrupt_off_init(struct vfio_ap_interrupt *interrupt);
void vfio_ap_interrupt_switch_off(struct vfio_ap_interrupt *interrupt);
void vfio_ap_interrupt_confirm_later(struct vfio_ap_interrupt *interrupt);
bool vfio_ap_interrupt_off_accepted(u32 status);
bool vfio_ap_interrupt_is_off(u16 apqn);

#endif
