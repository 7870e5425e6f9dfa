/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The locks: this pair of files is the only place that names them.
 *
 *   P  owners_lock()  who owns which queue does not change; no matrix grows
 *   G  guests_lock()  the list of devices, and which device is attached to which guest
 *   K  guest_lock()   kvm->lock of one guest: what its APCB contains
 *   H  hook_lock()    keeps the instructions of one guest out
 *   M  state_lock()   all fields of devices, queues and attachments
 *
 * Order: P, G, M when nothing of a guest is needed; K, H, G, M to attach and detach.
 * With G held K is only tried. With M held nobody sleeps. See kmod/LOCKING.md.
 */
#ifndef VFIO_AP_LOCKS_H
#define VFIO_AP_LOCKS_H

#include <linux/types.h>

struct ap_guest;

void owners_lock(void);
void owners_unlock(void);
void owners_assert_locked(void);

void guests_lock(void);
void guests_unlock(void);
void guests_assert_locked(void);

void guest_lock(struct ap_guest *guest);
bool guest_trylock(struct ap_guest *guest);
int guest_lock_to_open(struct ap_guest *guest);
bool guest_lock_to_close(struct ap_guest *guest);
void guest_unlock(struct ap_guest *guest);
void guest_assert_locked(struct ap_guest *guest);

void hook_lock(struct ap_guest *guest);
void hook_unlock(struct ap_guest *guest);

void state_lock(void);
void state_unlock(void);
void state_assert_locked(void);

/* The list of devices changes with G and M held, so either of them keeps it. */
void list_assert_locked(void);
void list_assert_changeable(void);

/* Where a VM may die: none of P, G and M is held. */
void nothing_assert_locked(void);

#endif
