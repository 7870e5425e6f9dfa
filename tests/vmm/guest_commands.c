// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Commands that the guest's program carries out.
 */
#include <stdlib.h>
#include <string.h>

#include "ap_mask.h"
#include "ap_wire.h"
#include "commands.h"
#include "guest_view.h"
#include "queue_name.h"

#define DEFAULT_WAIT_SECONDS	10

static bool call(struct invocation *in, struct mailbox *m)
{
	struct failure failure;

	if (!vcpu_call(in->vcpu, m, &failure))
		return true;
	report_failure(in->report, &failure);
	return false;
}

static const char *outcome_name(uint32_t outcome)
{
	switch (outcome) {
	case AP_GUEST_DONE:
		return "done";
	case AP_GUEST_TO_VMM:
		return "to_vmm";
	case AP_GUEST_SPECIFICATION:
		return "specification";
	default:
		return "privileged";
	}
}

/* Add how the last instruction ended. Whether its response code is 00. */
static bool report_instruction(struct invocation *in, const struct ap_block *ap)
{
	uint32_t status = ap->gr1;

	report_string(in->report, "outcome", outcome_name(ap->outcome));
	if (ap->outcome != AP_GUEST_DONE)
		return false;
	report_hex(in->report, "rc", AP_STATUS_RC(status), 2);
	report_number(in->report, "cc", ap->cc);
	report_hex(in->report, "gr1", ap->gr1, 16);
	return AP_STATUS_RC(status) == AP_RC_NORMAL;
}

/* A response code that is not 00 makes the command fail, without an errno. */
static bool finish(struct invocation *in, bool ok)
{
	if (!ok)
		report_bool(in->report, "ok", false);
	return ok;
}

static bool queue_argument(struct invocation *in, struct mailbox *m)
{
	uint16_t apqn;

	if (!queue_parse(in->argv[0], &apqn)) {
		report_misuse(in->report, "not the name of a queue");
		return false;
	}
	report_string(in->report, "queue", in->argv[0]);
	m->queue = apqn;
	return true;
}

static bool isc_argument(struct invocation *in, const char *text, uint32_t *isc)
{
	*isc = strtoul(text, NULL, 0);
	if (*isc < ISCS)
		return true;
	report_misuse(in->report, "not an interruption subclass");
	return false;
}

static bool scan(struct invocation *in)
{
	struct failure failure;
	struct mailbox view;

	if (guest_scan(in->vcpu, in->argc && !strcmp(in->argv[0], "all"), &view, &failure)) {
		report_failure(in->report, &failure);
		return false;
	}
	report_view(in->report, &view);
	return true;
}

static bool pqap(struct invocation *in, uint32_t function)
{
	struct mailbox m = { .command = COMMAND_PQAP, .function = function };
	bool ok;

	if (!queue_argument(in, &m) || !call(in, &m))
		return false;
	ok = report_instruction(in, &m.ap);
	report_hex(in->report, "gr2", m.ap.gr2, 16);
	return finish(in, ok);
}

static bool tapq(struct invocation *in)
{
	return pqap(in, AP_FC_TAPQ);
}

static bool rapq(struct invocation *in)
{
	return pqap(in, AP_FC_RAPQ);
}

static bool zapq(struct invocation *in)
{
	return pqap(in, AP_FC_ZAPQ);
}

/* Words that were split at blanks. */
static void join_text(struct invocation *in, struct mailbox *m)
{
	int i;

	for (i = 1; i < in->argc; i++) {
		if (i > 1)
			strncat((char *)m->text, " ", sizeof(m->text) - 1 - m->length);
		m->length = strlen((char *)m->text);
		strncat((char *)m->text, in->argv[i], sizeof(m->text) - 1 - m->length);
		m->length = strlen((char *)m->text);
	}
}

/* Data of somebody else in a reply is what must never happen. */
static bool report_reply(struct invocation *in, struct mailbox *m)
{
	m->text[m->length < TEXT_MAX ? m->length : TEXT_MAX - 1] = 0;
	report_string(in->report, "received", (char *)m->text);
	report_number(in->report, "residue", m->ap.residue);
	return !m->ap.residue;
}

static bool send(struct invocation *in)
{
	struct mailbox m = { .command = COMMAND_SEND };

	join_text(in, &m);
	if (!queue_argument(in, &m) || !call(in, &m))
		return false;
	return finish(in, report_instruction(in, &m.ap));
}

static bool receive(struct invocation *in)
{
	struct mailbox m = { .command = COMMAND_RECEIVE };

	if (!queue_argument(in, &m) || !call(in, &m))
		return false;
	if (!report_instruction(in, &m.ap))
		return finish(in, false);
	return finish(in, report_reply(in, &m));
}

static bool use(struct invocation *in)
{
	struct mailbox m = { .command = COMMAND_USE };
	char sent[TEXT_MAX];

	join_text(in, &m);
	memcpy(sent, m.text, sizeof(sent));
	if (!queue_argument(in, &m) || !call(in, &m))
		return false;
	report_string(in->report, "sent", sent);
	if (!report_instruction(in, &m.ap))
		return finish(in, false);
	return finish(in, report_reply(in, &m) && !strcmp(sent, (char *)m.text));
}

static bool aqic(struct invocation *in)
{
	struct mailbox m = { .command = COMMAND_AQIC };

	if (!queue_argument(in, &m))
		return false;
	m.enable = strcmp(in->argv[1], "off");
	if (m.enable && !isc_argument(in, in->argv[1], &m.isc))
		return false;
	if (in->argc > 2)
		m.nib = strtoull(in->argv[2], NULL, 0);
	if (!call(in, &m))
		return false;
	report_bool(in->report, "enabled", m.ap.gr1 & AP_STATUS_IRQ_ENABLED);
	return finish(in, report_instruction(in, &m.ap));
}

static bool await_irq(struct invocation *in)
{
	int seconds = in->argc > 1 ? atoi(in->argv[1]) : DEFAULT_WAIT_SECONDS;
	struct mailbox m = { .command = COMMAND_NIBS };
	struct failure failure;
	uint32_t isc;
	int ready;

	if (!isc_argument(in, in->argv[0], &isc))
		return false;
	report_number(in->report, "isc", isc);
	ready = facility_await(&in->machine->vm.facility, isc, seconds, &failure);
	if (ready < 0) {
		report_failure(in->report, &failure);
		return false;
	}
	if (!call(in, &m))
		return false;
	report_queues(in->report, "queues", &m);
	return finish(in, ready);
}

static bool spin(struct invocation *in)
{
	struct mailbox m = { .command = COMMAND_SPIN };

	in->machine->vm.memory[GUEST_STOP] = 0;
	return call(in, &m);
}

static bool stop(struct invocation *in)
{
	in->machine->vm.memory[GUEST_STOP] = 1;
	return true;
}

const struct command guest_commands[] = {
	{ "scan", "[all]", "look for queues: QCI and TAPQ", 0, 1, scan },
	{ "use", "QUEUE TEXT", "NQAP, then DQAP of the echo", 2, MAX_ARGS, use },
	{ "send", "QUEUE TEXT", "NQAP", 2, MAX_ARGS, send },
	{ "receive", "QUEUE", "DQAP", 1, 1, receive },
	{ "tapq", "QUEUE", "PQAP(TAPQ)", 1, 1, tapq },
	{ "rapq", "QUEUE", "PQAP(RAPQ)", 1, 1, rapq },
	{ "zapq", "QUEUE", "PQAP(ZAPQ)", 1, 1, zapq },
	{ "aqic", "QUEUE ISC|off [NIB]", "PQAP(AQIC), wait until effective", 2, 3, aqic },
	{ "await-irq", "ISC [SECONDS]", "wait for an interrupt, show the NIBs", 1, 2, await_irq },
	{ "spin", "", "stay in the guest until stopped; use with &", 0, 0, spin },
	{ "stop", "", "stop all vCPUs that spin", 0, 0, stop },
	{},
};
