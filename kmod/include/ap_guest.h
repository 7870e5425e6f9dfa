/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the vfio_ap driver needs of a KVM guest.
 *
 * On s390x this state lives in struct kvm. On x86-64 ap_sim.ko keeps it beside
 * struct kvm: a struct kvm here is a real one, with its real kvm->lock; only the
 * AP facility (masks and instruction interception) is simulated.
 *
 * Locks, short names as in kmod/LOCKING.md: K is kvm->lock, H is the hook lock.
 */
#ifndef AP_GUEST_H
#define AP_GUEST_H

#include <linux/types.h>

#include "ap_mask.h"

struct kvm;
struct ap_guest;
struct ap_guest_isc;

/**
 * struct ap_pqap - an intercepted PQAP(AQIC)
 * @kvm: the guest
 * @vcpu_id: number of the virtual CPU, for the log
 * @gr0: function code and APQN
 * @gr1: in: interrupt request and ISC; out: the status word, right-justified
 * @gr2: guest absolute address of the notification byte
 * @cc: out: condition code
 * @aiv: the guest may enable adapter interruptions
 */
struct ap_pqap {
	struct kvm *kvm;
	u32 vcpu_id;
	u64 gr0;
	u64 gr1;
	u64 gr2;
	u8 cc;
	bool aiv;
};

/**
 * struct ap_guest_handler - the driver's entry points for guests
 * @owner: the module that holds the code
 * @pqap: PQAP(AQIC) of a guest. Called with vcpu->mutex, kvm->srcu and H (read)
 *	held. 0, or -EOPNOTSUPP to give the instruction to the VMM.
 * @facility_changed: the AP facility of an attached guest came up or went away.
 *	Called with K held, nothing else. The driver sets the masks when it came up;
 *	when it goes away the masks are gone already and the queues need a reset.
 *
 * The functions live as long as the module: they are registered when it loads and
 * unregistered when it unloads, and the hook that publishes them to a guest holds a
 * module reference.
 */
struct ap_guest_handler {
	struct module *owner;
	int (*pqap)(struct ap_pqap *pqap);
	void (*facility_changed)(struct kvm *kvm, bool up);
};

/**
 * struct ap_guest_ops - operations on a guest's crypto state
 * @register_handler: publish the driver's functions; one handler at a time, -EBUSY
 * @unregister_handler: withdraw them; no guest is attached any more
 * @attach: get the crypto state of @kvm (made if there was none). Takes a
 *	reference to the struct kvm, dropped by the matching @detach.
 *	NULL on -ENOMEM. May sleep; no lock needed.
 * @detach: drop it. May free the VM: call with no lock held.
 * @lock: take K. @lock_killable: -EINTR if killed. @trylock: true if taken.
 * @unlock: release K
 * @assert_locked: lockdep: K is held
 * @hook_lock: take H for writing; excludes every instruction of the guest
 * @hook_unlock: release it
 * @hook_set: with H (write): from now on instructions are served
 * @hook_clear: with H (write): from now on every instruction answers 01
 * @present: with K: whether the guest has an AP facility now
 * @set_masks: with K: make @apcb what the vCPUs see. Blocks re-entry, kicks the
 *	vCPUs out, changes the masks, lets them in again. Does not wait for an
 *	interception (H is not needed). No effect without facility.
 * @isc_get: an interruption subclass of the guest, as a counted object that may
 *	outlive the guest; @gisa is what ap_aqic_request.gisa wants. ERR_PTR if not
 *	possible. Called by the pqap handler.
 * @isc_put: undo one @isc_get; does not sleep, needs no guest
 * @gpa_valid: whether @gpa lies in a memory slot. Called by the pqap handler,
 *	whose caller holds kvm->srcu.
 * @kvm_of: the struct kvm
 */
struct ap_guest_ops {
	int (*register_handler)(const struct ap_guest_handler *handler);
	void (*unregister_handler)(const struct ap_guest_handler *handler);
	struct ap_guest *(*attach)(struct kvm *kvm);
	void (*detach)(struct ap_guest *guest);
	void (*lock)(struct ap_guest *guest);
	int (*lock_killable)(struct ap_guest *guest);
	bool (*trylock)(struct ap_guest *guest);
	void (*unlock)(struct ap_guest *guest);
	void (*assert_locked)(struct ap_guest *guest);
	void (*hook_lock)(struct ap_guest *guest);
	void (*hook_unlock)(struct ap_guest *guest);
	void (*hook_set)(struct ap_guest *guest);
	void (*hook_clear)(struct ap_guest *guest);
	bool (*present)(struct ap_guest *guest);
	void (*set_masks)(struct ap_guest *guest, const struct ap_matrix *apcb);
	struct ap_guest_isc *(*isc_get)(struct kvm *kvm, u8 isc, u64 *gisa);
	void (*isc_put)(struct ap_guest_isc *isc);
	bool (*gpa_valid)(struct kvm *kvm, u64 gpa);
	struct kvm *(*kvm_of)(struct ap_guest *guest);
};

const struct ap_guest_ops *ap_guest_ops_get(void);

#endif
