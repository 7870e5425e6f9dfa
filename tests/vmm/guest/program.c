// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The program that runs inside the guest, on each vCPU: does what its mailbox says with AP
 * instructions, and leaves what it saw there.
 *
 * An x86 processor has no AP instructions; the guest puts one into its mailbox and leaves for
 * the VMM, which executes it through the AP facility in the thread of this vCPU.
 */
#include <stdbool.h>
#include <stddef.h>

#include "ap_mask.h"
#include "ap_wire.h"
#include "mailbox.h"
#include "uapi/ap_guest_ioctl.h"

#define MAX_TRIES	20000

/* entry.S calls one and has the other. */
void run(struct mailbox *m);
void vm_exit(unsigned int port);

/* The compiler may call it. */
void *memset(void *to, int byte, size_t n)
{
	unsigned char *p = to;

	while (n--)
		*p++ = byte;
	return to;
}

static bool completed(const struct mailbox *m)
{
	return !m->ap.error && m->ap.outcome == AP_GUEST_DONE;
}

/* Execute an instruction; the response code, or -1 if it did not complete. */
static int ap(struct mailbox *m, uint32_t op, uint64_t gr0, uint64_t gr1, uint64_t gr2)
{
	m->ap.op = op;
	m->ap.gr0 = gr0;
	m->ap.gr1 = gr1;
	m->ap.gr2 = gr2;
	vm_exit(PORT_AP);
	return completed(m) ? AP_STATUS_RC((uint32_t)m->ap.gr1) : -1;
}

static int pqap(struct mailbox *m, uint32_t function, uint16_t queue, uint64_t gr1, uint64_t gr2)
{
	return ap(m, AP_GUEST_OP_PQAP, (uint64_t)function << AP_GR0_FC_SHIFT | queue, gr1, gr2);
}

static void see(struct mailbox *m, uint16_t queue)
{
	m->seen[queue / 8] |= 0x80 >> queue % 8;
}

static bool mask_has(const uint8_t *mask, unsigned int id)
{
	return mask[id / 8] & 0x80 >> id % 8;
}

static void scan_adapter(struct mailbox *m, unsigned int adapter)
{
	bool shown = mask_has(m->qci + AP_QCI_APM_OFFSET, adapter);
	unsigned int domain;
	uint16_t queue;
	int rc;

	for (domain = 0; domain < 256; domain++) {
		if (!m->all && !(shown && mask_has(m->qci + AP_QCI_AQM_OFFSET, domain)))
			continue;
		queue = adapter << 8 | domain;
		rc = pqap(m, AP_FC_TAPQ, queue, 0, 0);
		if (rc < 0)
			return;
		if (rc != AP_RC_Q_NOT_AVAIL)
			see(m, queue);
	}
}

static void scan(struct mailbox *m)
{
	unsigned int adapter;

	memset(m->seen, 0, sizeof(m->seen));
	memset(m->qci, 0, sizeof(m->qci));
	pqap(m, AP_FC_QCI, 0, 0, (uintptr_t)m->qci);
	for (adapter = 0; adapter < 256 && completed(m); adapter++)
		scan_adapter(m, adapter);
}

static uint8_t *nib_of(uint16_t queue)
{
	return (uint8_t *)GUEST_NIBS + queue;
}

/* AQIC only starts the change: TAPQ shows when it is effective, unless the queue is gone by then. */
static void aqic(struct mailbox *m)
{
	uint64_t nib = m->nib ? m->nib : (uintptr_t)nib_of(m->queue);
	uint64_t gr1 = m->enable ? AP_GR1_IR | m->isc : m->isc;
	struct ap_block answer;
	bool enabled;
	int rc;

	if (pqap(m, AP_FC_AQIC, m->queue, gr1, nib) != AP_RC_NORMAL)
		return;
	answer = m->ap;
	for (m->tries = 1; m->tries < MAX_TRIES; m->tries++) {
		rc = pqap(m, AP_FC_TAPQ, m->queue, 0, 0);
		if (rc < 0)
			return;
		enabled = m->ap.gr1 & AP_STATUS_IRQ_ENABLED;
		if (enabled == !!m->enable || rc == AP_RC_Q_NOT_AVAIL)
			break;
		vm_exit(PORT_PAUSE);
	}
	answer.gr1 |= m->ap.gr1 & AP_STATUS_IRQ_ENABLED;
	m->ap = answer;
}

static int send(struct mailbox *m)
{
	m->ap.message = (uintptr_t)m->text;
	m->ap.length = m->length;
	m->ap.psmid = (uint64_t)m->queue << 32 | m->length;
	return ap(m, AP_GUEST_OP_NQAP, m->queue, 0, 0);
}

/* Wait for the reply, unless there is no message that could have one. */
static int receive(struct mailbox *m)
{
	int rc;

	for (m->tries = 1; m->tries < MAX_TRIES; m->tries++) {
		m->ap.message = (uintptr_t)m->text;
		m->ap.length = sizeof(m->text);
		rc = ap(m, AP_GUEST_OP_DQAP, m->queue, 0, 0);
		if (rc != AP_RC_NO_PENDING_REPLY || m->ap.gr1 & AP_STATUS_QUEUE_EMPTY)
			break;
		vm_exit(PORT_PAUSE);
	}
	m->length = rc == AP_RC_NORMAL ? m->ap.length : 0;
	return rc;
}

static void use(struct mailbox *m)
{
	if (send(m) != AP_RC_NORMAL)
		return;
	memset(m->text, 0, sizeof(m->text));
	receive(m);
}

static void collect_nibs(struct mailbox *m)
{
	volatile uint8_t *nibs = (volatile uint8_t *)GUEST_NIBS;
	unsigned int queue;

	memset(m->seen, 0, sizeof(m->seen));
	for (queue = 0; queue < QUEUES; queue++) {
		if (nibs[queue]) {
			nibs[queue] = 0;
			see(m, queue);
		}
	}
}

static bool count(struct mailbox *m, int rc)
{
	if (rc < 0)
		return false;
	m->rc[rc]++;
	m->residues += !!m->ap.residue;
	return true;
}

static void hammer(struct mailbox *m)
{
	memset(m->rc, 0, sizeof(m->rc));
	m->residues = 0;
	m->length = 16;
	m->ap.residue = 0;
	if (!count(m, pqap(m, AP_FC_AQIC, m->queue, AP_GR1_IR | m->isc,
			   (uintptr_t)nib_of(m->queue))) ||
	    !count(m, pqap(m, AP_FC_TAPQ, m->queue, 0, 0)) ||
	    !count(m, send(m)))
		return;
	m->ap.message = (uintptr_t)m->text;
	m->ap.length = sizeof(m->text);
	if (count(m, ap(m, AP_GUEST_OP_DQAP, m->queue, 0, 0)))
		count(m, pqap(m, AP_FC_AQIC, m->queue, 0, 0));
}

/* A vCPU that never leaves the guest by itself. */
static void spin(void)
{
	volatile uint8_t *stop = (volatile uint8_t *)GUEST_STOP;

	while (!*stop)
		;
}

static void act(struct mailbox *m)
{
	switch (m->command) {
	case COMMAND_SCAN:
		scan(m);
		break;
	case COMMAND_PQAP:
		pqap(m, m->function, m->queue, 0, 0);
		break;
	case COMMAND_AQIC:
		aqic(m);
		break;
	case COMMAND_SEND:
		send(m);
		break;
	case COMMAND_RECEIVE:
		receive(m);
		break;
	case COMMAND_USE:
		use(m);
		break;
	case COMMAND_NIBS:
		collect_nibs(m);
		break;
	case COMMAND_HAMMER:
		hammer(m);
		break;
	case COMMAND_SPIN:
		spin();
		break;
	}
}

void run(struct mailbox *m)
{
	for (;;) {
		act(m);
		vm_exit(PORT_DONE);
	}
}
