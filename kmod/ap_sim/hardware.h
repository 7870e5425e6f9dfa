/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The simulated crypto cards: what an AP instruction does to a queue.
 *
 * No function sleeps; each may be called with spinlocks held.
 */
#ifndef AP_SIM_HARDWARE_H
#define AP_SIM_HARDWARE_H

#include "../include/ap_hw.h"

enum ap_caller_kind {
	AP_CALLER_BUS,		/* the AP bus and the host's default drivers */
	AP_CALLER_DRIVER,	/* vfio_ap on behalf of nobody in particular */
	AP_CALLER_GUEST,	/* a vCPU */
};

/**
 * struct ap_caller - who executes an instruction; stands in the instruction log
 * @kind: which kind
 * @owner: for guests: identifier of the facility, never 0, never used twice
 * @vcpu_id: for guests: number of the vCPU
 */
struct ap_caller {
	enum ap_caller_kind kind;
	u64 owner;
	u32 vcpu_id;
};

/* Each returns the status word. @residue: see struct ap_guest_instruction. */
u32 ap_hardware_tapq(const struct ap_caller *caller, u16 apqn, struct ap_tapq_info *info);
u32 ap_hardware_rapq(const struct ap_caller *caller, u16 apqn);
u32 ap_hardware_zapq(const struct ap_caller *caller, u16 apqn);
u32 ap_hardware_aqic(const struct ap_caller *caller, u16 apqn,
		     const struct ap_aqic_request *request);
u32 ap_hardware_nqap(const struct ap_caller *caller, u16 apqn, u64 psmid,
		     const void *message, u32 length, u64 *residue);
u32 ap_hardware_dqap(const struct ap_caller *caller, u16 apqn, u64 *psmid,
		     void *reply, u32 *length, u64 *residue);
void ap_hardware_qci(struct ap_config_info *info);

/*
 * Whether no guest has executed anything but TAPQ on the queue since its last completed
 * ZAPQ, its interrupt is disabled, and no reset of it is in progress. So there is nothing
 * that a reset would have to clear, and none that has to be waited for.
 */
bool ap_hardware_fresh(u16 apqn);

/* A queue is about to appear in a guest's masks. If it is not fresh, that is counted. */
void ap_hardware_shown(u16 apqn);

/*
 * Called by the cards when an enabled interrupt fires; @gisa from isc_get().
 *
 * Called from a timer or within NQAP or DQAP, with the queue's spinlock held and
 * interrupts off: it must not sleep, and no lock it takes may be held anywhere while
 * an instruction is executed. Because of that spinlock, a caller that saw the interrupt
 * disabled, or a reset complete, knows that no signal is on its way any more.
 */
void ap_guest_isc_signal(u64 gisa, u8 isc);

#endif
