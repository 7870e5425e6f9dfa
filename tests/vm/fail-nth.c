// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fail-nth [--same PATH]... [--may-lack PATH]... [--every N] [--from N] OPERATION [ARGUMENT...]:
 * repeats an operation of which the kernel fails the first, second, third... allocation, copy or
 * marked function, until there is none left that could fail.
 *
 * An operation that fails must leave the PATHs as they were. One that succeeds in spite of the
 * fault must make of them what it does without one, but for those that may lack something then, and
 * undone leave them as they were. Ends with 77 on a kernel without fault injection.
 */
#include <argp.h>
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fault.h"
#include "faulty.h"
#include "state.h"

#define MAX_PATHS 16

/* How long the effects of undoing may take to be seen. */
#define SETTLE_TRIES 400
#define SETTLE_US 25000

enum option_key { OPTION_SAME = 256, OPTION_MAY_LACK, OPTION_EVERY, OPTION_FROM };

struct paths {
	char *path[MAX_PATHS];
	int n;
	char *before;
	char *after;
};

struct sweep {
	struct paths same;
	struct paths may_lack;
	unsigned int from;
	unsigned int every;
	const struct operation *operation;
	char *args[8];
	int n_args;
	unsigned int failed;
	unsigned int succeeded;
};

static const struct operation *const families[] = {file_operations, device_operations};

static const struct argp_option option_table[] = {
	{"same", OPTION_SAME, "PATH", 0, "what a failure leaves alone; may be repeated", 0},
	{"may-lack", OPTION_MAY_LACK, "PATH", 0, "the same, but a success may do less to it", 0},
	{"every", OPTION_EVERY, "N", 0, "only each Nth possible fault", 0},
	{"from", OPTION_FROM, "N", 0, "begin with this one (default 1)", 0},
	{},
};

static const struct operation *find(const char *name)
{
	const struct operation *o;
	size_t i;

	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		for (o = families[i]; o->name; o++)
			if (!strcmp(o->name, name))
				return o;
	return NULL;
}

static error_t parse_argument(struct sweep *sweep, char *arg, struct argp_state *state)
{
	if (!sweep->operation) {
		sweep->operation = find(arg);
		if (!sweep->operation)
			argp_error(state, "no such operation: '%s'", arg);
		return 0;
	}
	if (sweep->n_args == sweep->operation->max_args)
		argp_error(state, "%s takes %s", sweep->operation->name, sweep->operation->usage);
	sweep->args[sweep->n_args++] = arg;
	return 0;
}

static void add_path(struct paths *paths, char *path, struct argp_state *state)
{
	if (paths->n == MAX_PATHS)
		argp_error(state, "at most %d paths", MAX_PATHS);
	paths->path[paths->n++] = path;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct sweep *sweep = state->input;

	switch (key) {
	case OPTION_SAME:
		add_path(&sweep->same, arg, state);
		return 0;
	case OPTION_MAY_LACK:
		add_path(&sweep->may_lack, arg, state);
		return 0;
	case OPTION_EVERY:
		sweep->every = strtoul(arg, NULL, 10);
		return 0;
	case OPTION_FROM:
		sweep->from = strtoul(arg, NULL, 10);
		return 0;
	case ARGP_KEY_ARG:
		return parse_argument(sweep, arg, state);
	case ARGP_KEY_END:
		if (!sweep->operation || sweep->n_args < sweep->operation->min_args ||
		    !sweep->every || !sweep->from)
			argp_usage(state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = option_table,
	.parser = parse_option,
	.args_doc = "OPERATION [ARGUMENT...]",
	.doc = "Repeats an operation while the kernel fails.",
};

/* After a failure at once; otherwise as soon as it is all through. */
static void check_state(const struct paths *paths, const char *expected, unsigned int n, int tries,
			const char *when)
{
	char *now = state_read(paths->path, paths->n);

	while (strcmp(now, expected) && tries--) {
		free(now);
		usleep(SETTLE_US);
		now = state_read(paths->path, paths->n);
	}
	if (strcmp(now, expected))
		errx(1, "fault %u: not the same %s\n--- expected\n%s--- now\n%s", n, when, expected,
		     now);
	free(now);
}

static void check_undone(const struct sweep *sweep, unsigned int n, int tries, const char *when)
{
	check_state(&sweep->same, sweep->same.before, n, tries, when);
	check_state(&sweep->may_lack, sweep->may_lack.before, n, tries, when);
}

static void check_failure(struct sweep *sweep, unsigned int n, int ret, bool happened)
{
	if (!happened)
		errx(1, "%s failed without a fault: %s", sweep->operation->name, strerror(-ret));
	sweep->failed++;
	if (sweep->operation->verify)
		sweep->operation->verify(sweep->args);
	check_undone(sweep, n, 0, "after a failure");
}

static void confirm(struct sweep *sweep)
{
	if (sweep->operation->confirm)
		sweep->operation->confirm(sweep->args);
}

static void undo(struct sweep *sweep, unsigned int n)
{
	if (sweep->operation->undo)
		sweep->operation->undo(sweep->args);
	check_undone(sweep, n, SETTLE_TRIES, "after success and undoing");
}

static void check_success(struct sweep *sweep, unsigned int n)
{
	sweep->succeeded++;
	check_state(&sweep->same, sweep->same.after, n, SETTLE_TRIES,
		    "after success as without a fault");
	confirm(sweep);
	undo(sweep, n);
}

/* What it looks like without a fault, before and after. */
static void learn(struct sweep *sweep)
{
	int ret;

	sweep->same.before = state_read(sweep->same.path, sweep->same.n);
	sweep->may_lack.before = state_read(sweep->may_lack.path, sweep->may_lack.n);
	ret = sweep->operation->run(sweep->args);
	if (ret)
		errx(1, "%s failed without a fault: %s", sweep->operation->name, strerror(-ret));
	confirm(sweep);
	sweep->same.after = state_read(sweep->same.path, sweep->same.n);
	undo(sweep, 0);
}

/* False when no fault is left. */
static bool try_fault(struct sweep *sweep, unsigned int n)
{
	bool happened;
	int ret;

	fault_arm(n);
	ret = sweep->operation->run(sweep->args);
	happened = !fault_disarm();
	if (ret)
		check_failure(sweep, n, ret, happened);
	else
		check_success(sweep, n);
	return happened;
}

int main(int argc, char **argv)
{
	struct sweep sweep = {.from = 1, .every = 1};
	unsigned int n;

	if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &sweep))
		return 64;
	/* A page fault of this program is none of the faults that are meant. */
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		err(1, "mlockall");
	if (sweep.operation->prepare)
		sweep.operation->prepare(sweep.args);
	learn(&sweep);
	for (n = sweep.from; try_fault(&sweep, n); n += sweep.every)
		;
	printf("%s: up to fault %u: %u failed, %u succeeded\n", sweep.operation->name, n - 1,
	       sweep.failed, sweep.succeeded);
	return 0;
}
