/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The instruction log and the queues' counters, in /sys/kernel/debug/ap_sim/.
 */
#ifndef AP_SIM_INSTRUCTION_LOG_H
#define AP_SIM_INSTRUCTION_LOG_H

#include "card_queue.h"
#include "hardware.h"

/*
 * Add an executed instruction to the log. Polling does not fill the log: TAPQ stands
 * in it only if a guest executed it. May be called with spinlocks held.
 */
void ap_log_instruction(const struct ap_caller *caller, enum ap_instruction instruction,
			u16 apqn, u32 status);

/* The directory; others put their own files there. NULL or an error without debugfs. */
extern struct dentry *ap_sim_debugfs;

int ap_log_init(void);
void ap_log_exit(void);

int ap_log_show(void);
/* Remove the directory. When it returns, nobody reads any file in it any more. */
void ap_log_hide(void);

#endif
