/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A KVM guest with an AP facility.
 *
 * struct ap_guest is what s390x keeps in struct kvm; struct ap_facility is the
 * file through which a VMM gives the guest AP instructions; struct ap_vcpu is the
 * part of it that belongs to one vCPU.
 *
 * Locks, outermost first; short names as in LOCKING.md:
 *
 *   K  kvm->lock
 *   vcpu->mutex       the vCPU's part of the facility
 *   H  hook_lock      only tried with vcpu->mutex held, see ap_intercept_aqic()
 *   kvm->srcu         KVM waits for its readers with K held
 *   guests_lock       spinlock: which guests there are
 *   ap_sie.lock       spinlock: who is in SIE, the APCB
 *
 * Since nobody waits for H with vcpu->mutex or srcu held, the driver may take H
 * before or after K.
 */
#ifndef AP_SIM_GUEST_H
#define AP_SIM_GUEST_H

#include <linux/hashtable.h>
#include <linux/kref.h>
#include <linux/kvm_host.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/xarray.h>

#include "../include/ap_guest.h"
#include "../include/uapi/ap_guest_ioctl.h"

struct ap_interrupts;
struct eventfd_ctx;

/**
 * struct ap_sie - the vCPUs that execute an AP instruction without interception
 * @lock: for all of it
 * @wait: an instruction left SIE, or something changed that makes one leave
 * @blocked: number of those who want no vCPU in SIE
 * @inside: number of vCPUs in SIE
 * @hooked: a driver serves the guest; changed with H (write) held, too
 * @apcb: what the vCPUs see if @hooked; changed with K held, too
 */
struct ap_sie {
	spinlock_t lock;
	wait_queue_head_t wait;
	unsigned int blocked;
	unsigned int inside;
	bool hooked;
	struct ap_matrix apcb;
};

/**
 * struct ap_guest - the crypto state of a VM
 * @node: in the table of guests
 * @ref: one for each attached driver and one for the facility
 * @kvm: the VM; a reference is held
 * @hook_lock: H
 * @sie: see there
 * @interrupts: where the cards' interrupts go
 * @facility: the AP facility or NULL; K
 */
struct ap_guest {
	struct hlist_node node;
	struct kref ref;
	struct kvm *kvm;
	struct rw_semaphore hook_lock;
	struct ap_sie sie;
	struct ap_interrupts *interrupts;
	struct ap_facility *facility;
};

/**
 * struct ap_facility - the AP facility of a VM
 * @guest: the VM; a reference is held
 * @id: identifies it in the instruction log and to the cards; never used twice
 * @ready: vCPUs may execute; cleared with K held
 * @withdrawn: the release began
 * @pid: process that made it
 * @in_flight: ioctls of the VM's process that hold a reference to the file
 * @in_flight_lock: for @in_flight
 * @vcpus: parts of the vCPUs by number
 * @updates: number of changes of the APCB
 * @slow_ms: how long an instruction stays in SIE; 0 lets go those that are there
 * @slow_aqic_ms: how long an interception takes; likewise
 * @debugfs: its directory
 */
struct ap_facility {
	struct ap_guest *guest;
	u64 id;
	bool ready;
	atomic_t withdrawn;
	pid_t pid;
	int in_flight;
	spinlock_t in_flight_lock;
	struct xarray vcpus;
	atomic_t updates;
	u32 slow_ms;
	u32 slow_aqic_ms;
	struct dentry *debugfs;
};

enum ap_vcpu_state {
	AP_VCPU_OUT,		/* executes no AP instruction */
	AP_VCPU_IN_SIE,
	AP_VCPU_INTERCEPTED,
};

/**
 * struct ap_vcpu - a vCPU's part of the facility; vcpu->mutex
 * @id: number of the vCPU
 * @flags: AP_GUEST_VCPU_*
 * @state: for tests that hold an instruction in flight
 * @executed: instructions completed
 * @kicked: times it was kicked out of an instruction
 */
struct ap_vcpu {
	u32 id;
	u32 flags;
	enum ap_vcpu_state state;
	u64 executed;
	u64 kicked;
};

/**
 * struct ap_execution - an instruction on its way
 * @facility: where it came in
 * @vcpu: the vCPU whose mutex is held
 * @part: the vCPU's part
 * @insn: registers, and the outcome
 * @data: message, reply or QCI block
 */
struct ap_execution {
	struct ap_facility *facility;
	struct kvm_vcpu *vcpu;
	struct ap_vcpu *part;
	struct ap_guest_instruction *insn;
	void *data;
};

/* guest.c: the table of guests and what the driver does with them */

/* How often a driver kicked out all vCPUs to set the masks that were set. */
extern atomic_t ap_needless_updates;
/* How often masks were set with a queue that another guest had in its own. */
extern atomic_t ap_shared_queues;
struct ap_guest *ap_guest_get(struct kvm *kvm);
void ap_guest_put(struct ap_guest *guest);
struct ap_interrupts *ap_guest_interrupts(struct kvm *kvm);
int ap_guest_call_hook(struct ap_guest *guest, struct ap_pqap *pqap);
void ap_guest_facility_changed(struct ap_guest *guest, bool up);
void ap_guest_lock(struct ap_guest *guest);

/* guest_sie.c: keeping vCPUs in and out */
void ap_sie_init(struct ap_sie *sie);
int ap_sie_wait(struct ap_facility *facility);
int ap_sie_enter(struct ap_facility *facility, struct ap_matrix *apcb);
int ap_sie_linger(struct ap_facility *facility);
void ap_sie_leave(struct ap_facility *facility);
void ap_sie_block(struct ap_sie *sie);
void ap_sie_unblock(struct ap_sie *sie);
void ap_sie_set_ready(struct ap_facility *facility, bool ready);
void ap_sie_effective(struct ap_sie *sie, struct ap_matrix *apcb);

/* guest_facility.c: life of the facility */
int ap_facility_init(void);
void ap_facility_exit(void);

/* guest_vcpu.c: per-vCPU parts */
long ap_vcpu_execute(struct ap_facility *facility, void __user *arg);
long ap_vcpu_get(struct ap_facility *facility, void __user *arg);
long ap_vcpu_set(struct ap_facility *facility, void __user *arg);
void ap_vcpus_release(struct ap_facility *facility);

/* guest_instruction.c: checks and execution */
int ap_instruction_execute(struct ap_execution *x);
void ap_instruction_status(struct ap_execution *x, u32 status);

/* guest_aqic.c: the interception */
int ap_intercept_aqic(struct ap_execution *x);

/* guest_interrupt.c: interruption subclasses */
extern atomic_t ap_interrupts_held;
struct ap_interrupts *ap_interrupts_new(void);
void ap_interrupts_exit(void);
void ap_interrupts_put(struct ap_interrupts *interrupts);
struct eventfd_ctx *ap_interrupts_set(struct ap_interrupts *interrupts, u8 isc,
				      struct eventfd_ctx *trigger);
void ap_interrupts_clear(struct ap_interrupts *interrupts);
u64 ap_interrupts_count(struct ap_interrupts *interrupts, u8 isc);
struct ap_guest_isc *ap_guest_isc_get(struct kvm *kvm, u8 isc, u64 *gisa);
void ap_guest_isc_put(struct ap_guest_isc *isc);

/* guest_debug.c: debugfs */
void ap_guest_debug_init(void);
void ap_guest_debug_exit(void);
void ap_facility_debug_add(struct ap_facility *facility);
void ap_facility_debug_remove(struct ap_facility *facility);

/* For the module's init and exit. */
int ap_guest_init(void);
void ap_guest_exit(void);

#endif
