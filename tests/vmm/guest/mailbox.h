/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the guest program and the VMM share: where things are in guest memory, and the mailbox
 * through which the VMM asks a vCPU to do something and reads what came of it.
 */
#ifndef VMM_GUEST_MAILBOX_H
#define VMM_GUEST_MAILBOX_H

#include <stdint.h>

#define GUEST_MEMORY		0x400000
#define GUEST_PAGE_TABLES	0x1000		/* made by the VMM, maps all memory to itself */
#define GUEST_PROGRAM		0x10000		/* loaded and started here; see guest.ld */
#define GUEST_STOP		0x8000		/* one byte: what spins shall stop */
#define GUEST_NIBS		0x100000	/* notification bytes, one for each APQN */
#define GUEST_VCPUS		0x200000	/* mailbox and, at the end, stack of each vCPU */
#define GUEST_VCPU_SIZE		0x10000
#define GUEST_MAX_VCPUS		32

/* Ports: what the guest wants of the VMM. */
#define PORT_DONE		0x10	/* the mailbox's command is done */
#define PORT_AP			0x11	/* execute the AP instruction in the mailbox */
#define PORT_PAUSE		0x12	/* nothing to do for some hundred microseconds */

enum guest_command {
	COMMAND_NONE,
	COMMAND_SCAN,		/* QCI, and TAPQ of the queues */
	COMMAND_PQAP,		/* TAPQ, RAPQ or ZAPQ of @queue: @function */
	COMMAND_AQIC,		/* AQIC of @queue, wait until it is effective */
	COMMAND_SEND,		/* NQAP of @text */
	COMMAND_RECEIVE,	/* DQAP into @text */
	COMMAND_USE,		/* NQAP, then DQAP */
	COMMAND_NIBS,		/* collect and clear the notification bytes */
	COMMAND_HAMMER,		/* a round of instructions on @queue */
	COMMAND_SPIN,		/* stay in the guest until GUEST_STOP is set */
};

#define TEXT_MAX	4096
#define QUEUES		65536

/* An AP instruction; members as in struct ap_guest_instruction. */
struct ap_block {
	uint64_t gr0;
	uint64_t gr1;
	uint64_t gr2;
	uint64_t message;
	uint64_t psmid;
	uint64_t residue;
	uint32_t op;
	uint32_t length;
	uint32_t cc;
	uint32_t outcome;
	uint32_t error;		/* errno of the VMM's ioctl; no outcome then */
};

/**
 * struct mailbox - a command for a vCPU, and its result
 * @command: enum guest_command
 * @queue: APQN
 * @function: of COMMAND_PQAP: AP_FC_*
 * @all: of COMMAND_SCAN: TAPQ every queue, also those that QCI does not show
 * @enable: of COMMAND_AQIC
 * @isc: of COMMAND_AQIC and COMMAND_HAMMER
 * @length: of @text
 * @nib: of COMMAND_AQIC: address, 0 for the queue's place in GUEST_NIBS
 * @ap: the last AP instruction; the result of a command that is one instruction
 * @tries: number of DQAP, or of TAPQ after AQIC
 * @qci: what QCI stored
 * @seen: of COMMAND_SCAN: queues whose response code is not 01; of COMMAND_NIBS: those
 *	whose byte was set; leftmost first
 * @rc: of COMMAND_HAMMER: how often each response code came
 * @residues: of COMMAND_HAMMER: how often foreign data came
 * @text: message or reply
 */
struct mailbox {
	uint32_t command;
	uint32_t queue;
	uint32_t function;
	uint32_t all;
	uint32_t enable;
	uint32_t isc;
	uint32_t length;
	uint32_t tries;
	uint64_t nib;
	struct ap_block ap;
	uint8_t qci[128];
	uint8_t seen[QUEUES / 8];
	uint32_t rc[256];
	uint32_t residues;
	uint8_t text[TEXT_MAX];
};

#endif
