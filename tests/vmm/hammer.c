// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * All vCPUs use all queues at once, for as long as one likes.
 */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "commands.h"
#include "guest_view.h"
#include "queue_name.h"

#define MAX_QUEUES	256

/**
 * struct work - what one vCPU does
 * @vcpu: the vCPU
 * @queues: queues to use
 * @n_queues: how many
 * @end: when to stop
 * @rounds: how many rounds of instructions
 * @rc: how often each response code came
 * @residues: how often foreign data came
 * @failure: why the vCPU stopped early; its error is 0 if it did not
 */
struct work {
	struct vcpu *vcpu;
	const uint16_t *queues;
	unsigned int n_queues;
	time_t end;
	uint64_t rounds;
	uint64_t rc[256];
	uint64_t residues;
	struct failure failure;
};

static time_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

static void count(struct work *work, const struct mailbox *m)
{
	int rc;

	work->rounds++;
	work->residues += m->residues;
	for (rc = 0; rc < 256; rc++)
		work->rc[rc] += m->rc[rc];
}

static void *hammer(void *arg)
{
	struct work *work = arg;

	while (now() < work->end) {
		struct mailbox m = {
			.command = COMMAND_HAMMER,
			.queue = work->queues[work->rounds % work->n_queues],
			.isc = work->vcpu->id % ISCS,
		};

		if (vcpu_call(work->vcpu, &m, &work->failure))
			break;
		count(work, &m);
	}
	return NULL;
}

static void report_counts(struct json_object *report, const struct work *sum)
{
	struct json_object *counts = json_object_new_array();
	struct json_object *count;
	int rc;

	report_number(report, "rounds", sum->rounds);
	report_number(report, "residues", sum->residues);
	for (rc = 0; rc < 256; rc++) {
		if (!sum->rc[rc])
			continue;
		count = json_object_new_object();
		report_hex(count, "rc", rc, 2);
		report_number(count, "count", sum->rc[rc]);
		json_object_array_add(counts, count);
	}
	json_object_object_add(report, "counts", counts);
}

static void add(struct work *sum, const struct work *work)
{
	int rc;

	sum->rounds += work->rounds;
	sum->residues += work->residues;
	for (rc = 0; rc < 256; rc++)
		sum->rc[rc] += work->rc[rc];
	if (work->failure.error)
		sum->failure = work->failure;
}

static bool hammer_all(struct invocation *in, const uint16_t *queues, unsigned int n_queues)
{
	struct vm *vm = &in->machine->vm;
	struct work work[GUEST_MAX_VCPUS] = {}, sum = {};
	pthread_t threads[GUEST_MAX_VCPUS];
	unsigned int i;

	for (i = 0; i < vm->n_vcpus; i++) {
		work[i].vcpu = &vm->vcpus[i];
		work[i].queues = queues;
		work[i].n_queues = n_queues;
		work[i].end = now() + atoi(in->argv[0]);
		if (pthread_create(&threads[i], NULL, hammer, &work[i]))
			abort();
	}
	for (i = 0; i < vm->n_vcpus; i++) {
		pthread_join(threads[i], NULL);
		add(&sum, &work[i]);
	}
	report_counts(in->report, &sum);
	if (sum.failure.error)
		report_failure(in->report, &sum.failure);
	else if (sum.residues)
		report_misuse(in->report, "the guest received foreign data");
	return !sum.failure.error && !sum.residues;
}

static bool hammer_command(struct invocation *in)
{
	uint16_t queues[MAX_QUEUES];
	unsigned int n = 0, apqn;
	struct failure failure;
	struct mailbox view;
	int i;

	for (i = 1; i < in->argc; i++)
		if (!queue_parse(in->argv[i], &queues[n++])) {
			report_misuse(in->report, "not the name of a queue");
			return false;
		}
	if (!n && guest_scan(in->vcpu, false, &view, &failure)) {
		report_failure(in->report, &failure);
		return false;
	}
	for (apqn = 0; in->argc == 1 && apqn < QUEUES && n < MAX_QUEUES; apqn++)
		if (view.seen[apqn / 8] & 0x80 >> apqn % 8)
			queues[n++] = apqn;
	if (!n) {
		report_misuse(in->report, "the guest sees no queue");
		return false;
	}
	return hammer_all(in, queues, n);
}

const struct command hammer_commands[] = {
	{ "hammer", "SECONDS [QUEUE...]", "AQIC, TAPQ, NQAP, DQAP on all vCPUs", 1, MAX_ARGS,
	  hammer_command },
	{},
};
