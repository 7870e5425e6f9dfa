// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vfioap-vmm - a small virtual machine monitor for mediated AP devices
 */
#include <argp.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "machine.h"
#include "report.h"

enum option_key {
	OPTION_NAME = 256,
	OPTION_UUID,
	OPTION_MDEV,
	OPTION_VCPUS,
	OPTION_CDEV,
	OPTION_HUGE_PAGES,
	OPTION_FACILITY,
	OPTION_ON_REQUEST,
	OPTION_NO_EVENTS,
	OPTION_DO,
	OPTION_COMMANDS,
};

/* When to make the AP facility: before or after the device is opened, or not at all. */
enum facility_time { FACILITY_BEFORE, FACILITY_AFTER, FACILITY_NONE };

#define MAX_DO	64

struct options {
	const char *name;
	const char *mdev;
	unsigned int vcpus;
	bool cdev;
	bool huge_pages;
	enum facility_time facility;
	bool ignore_request;
	bool no_events;
	const char *commands[MAX_DO];
	int n_commands;
};

static const struct argp_option option_table[] = {
	{ "name", OPTION_NAME, "[guest=]NAME", 0, "name of the guest, for who looks at processes", 0 },
	{ "uuid", OPTION_UUID, "UUID", 0, "UUID of the guest, likewise", 0 },
	{ "mdev", OPTION_MDEV, "UUID", 0, "mediated device to attach", 0 },
	{ "vcpus", OPTION_VCPUS, "N", 0, "number of vCPUs (default 1)", 0 },
	{ "cdev", OPTION_CDEV, NULL, 0, "attach by the device's own file and iommufd", 0 },
	{ "huge-pages", OPTION_HUGE_PAGES, NULL, 0, "guest memory of reserved huge pages", 0 },
	{ "facility", OPTION_FACILITY, "before|after|none", 0,
	  "make the AP facility before (default) or after opening the device, or not", 0 },
	{ "on-request", OPTION_ON_REQUEST, "release|ignore", 0,
	  "when the kernel wants the device back (default release)", 0 },
	{ "no-events", OPTION_NO_EVENTS, NULL, 0, "give the device no eventfds", 0 },
	{ "do", OPTION_DO, "COMMAND", 0,
	  "execute COMMAND instead of reading standard input; may be repeated", 0 },
	{ "commands", OPTION_COMMANDS, NULL, 0, "list the commands", 0 },
	{},
};

static int choice(struct argp_state *state, const char *arg, const char *const *values)
{
	int i;

	for (i = 0; values[i]; i++)
		if (!strcmp(arg, values[i]))
			return i;
	argp_error(state, "'%s' is not possible here", arg);
	return -1;
}

static unsigned int parse_vcpus(struct argp_state *state, const char *arg)
{
	unsigned long n = strtoul(arg, NULL, 10);

	if (!n || n > GUEST_MAX_VCPUS)
		argp_error(state, "--vcpus takes 1 to %d", GUEST_MAX_VCPUS);
	return n;
}

static void add_command(struct argp_state *state, struct options *options, const char *command)
{
	if (options->n_commands == MAX_DO)
		argp_error(state, "at most %d --do", MAX_DO);
	options->commands[options->n_commands++] = command;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	static const char *const times[] = { "before", "after", "none", NULL };
	static const char *const reactions[] = { "release", "ignore", NULL };
	struct options *options = state->input;

	switch (key) {
	case OPTION_NAME:
		options->name = strncmp(arg, "guest=", 6) ? arg : arg + 6;
		break;
	case OPTION_UUID:
		break;
	case OPTION_MDEV:
		options->mdev = arg;
		break;
	case OPTION_VCPUS:
		options->vcpus = parse_vcpus(state, arg);
		break;
	case OPTION_CDEV:
		options->cdev = true;
		break;
	case OPTION_HUGE_PAGES:
		options->huge_pages = true;
		break;
	case OPTION_FACILITY:
		options->facility = choice(state, arg, times);
		break;
	case OPTION_ON_REQUEST:
		options->ignore_request = choice(state, arg, reactions);
		break;
	case OPTION_NO_EVENTS:
		options->no_events = true;
		break;
	case OPTION_DO:
		add_command(state, options, arg);
		break;
	case OPTION_COMMANDS:
		commands_help(stdout);
		exit(EXIT_SUCCESS);
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static int make_facility(struct machine *machine, const struct options *options,
			 enum facility_time time, struct failure *failure)
{
	if (options->facility != time)
		return 0;
	return facility_open(&machine->vm.facility, machine->vm.fd, failure);
}

static int start(struct machine *machine, const struct options *options, struct failure *failure)
{
	if (vm_create(&machine->vm, options->vcpus, failure) || events_start(machine, failure) ||
	    make_facility(machine, options, FACILITY_BEFORE, failure))
		return -1;
	if (options->mdev && machine_attach(machine, options->mdev, failure))
		return -1;
	return make_facility(machine, options, FACILITY_AFTER, failure);
}

static void report_ready(struct machine *machine, const struct options *options)
{
	struct json_object *report = report_new("event", "ready");

	if (options->name)
		report_string(report, "name", options->name);
	report_number(report, "pid", getpid());
	report_number(report, "vcpus", machine->vm.n_vcpus);
	if (machine->vm.facility.fd >= 0)
		report_number(report, "facility", machine->vm.facility.id);
	if (options->mdev) {
		report_string(report, "mdev", options->mdev);
		report_string(report, "attached_by", machine->attachments[0].ops->name);
	}
	report_print(report);
}

/* On standard error for people, too. */
static void report_error(const struct failure *failure)
{
	struct json_object *report = report_new("event", "error");

	fprintf(stderr, "vfioap-vmm: %s: %s: %s\n", failure->operation, failure->path,
		strerror(failure->error));
	report_failure(report, failure);
	report_print(report);
}

static void execute_standard_input(struct machine *machine)
{
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) >= 0 && command_execute(machine, line))
		;
	free(line);
}

static void execute_options(struct machine *machine, const struct options *options)
{
	int i;

	for (i = 0; i < options->n_commands; i++)
		if (!command_execute(machine, options->commands[i]))
			break;
	command_wait();
}

static struct argp argp = {
	.options = option_table,
	.parser = parse_option,
	.doc = "vfioap-vmm: run a KVM guest that uses a mediated AP device.\v"
	       "Reads commands from standard input and answers each with one JSON object; events "
	       "appear as JSON objects of their own. --commands lists the commands. \"on N COMMAND\" "
	       "uses vCPU N, \"COMMAND &\" runs in the background. With --do, the exit status is 1 "
	       "if a command failed.",
};

int main(int argc, char **argv)
{
	static struct machine machine = { .kvm_vfio = -1, .lock = PTHREAD_MUTEX_INITIALIZER };
	struct options options = { .vcpus = 1 };
	struct failure failure;

	argp_parse(&argp, argc, argv, ARGP_LONG_ONLY, NULL, &options);
	machine.cdev = options.cdev;
	machine.no_events = options.no_events;
	machine.release_on_request = !options.ignore_request;
	machine.vm.huge_pages = options.huge_pages;
	machine.vm.facility.fd = -1;
	machine.vm.missing.uffd = -1;
	if (start(&machine, &options, &failure)) {
		report_error(&failure);
		return EXIT_FAILURE;
	}
	report_ready(&machine, &options);
	if (options.n_commands)
		execute_options(&machine, &options);
	else
		execute_standard_input(&machine);
	return options.n_commands && machine.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
