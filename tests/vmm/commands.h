/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands: one line in, one JSON object out.
 */
#ifndef VMM_COMMANDS_H
#define VMM_COMMANDS_H

#include <stdio.h>

#include "machine.h"
#include "report.h"

#define MAX_ARGS	16

/**
 * struct invocation - a command on its way
 * @machine: what it works on
 * @vcpu: vCPU that the guest's part of it runs on
 * @argc: number of arguments, without the command's name
 * @argv: arguments
 * @report: the reply; true as "ok" is added to it if nothing else is
 */
struct invocation {
	struct machine *machine;
	struct vcpu *vcpu;
	int argc;
	char **argv;
	struct json_object *report;
};

/**
 * struct command - a command
 * @name: its name
 * @args: its arguments, for the user
 * @help: what it does
 * @min_args: fewest arguments
 * @max_args: most arguments
 * @run: true if it succeeded; else the reply tells why
 */
struct command {
	const char *name;
	const char *args;
	const char *help;
	int min_args;
	int max_args;
	bool (*run)(struct invocation *in);
};

/* Each ends with an entry without name. */
extern const struct command guest_commands[];
extern const struct command host_commands[];
extern const struct command hammer_commands[];

/* Execute a line and print the reply. False if the machine shall end. */
bool command_execute(struct machine *machine, const char *line);

/* Wait for the commands that run in the background. */
void command_wait(void);

void commands_help(FILE *out);

#endif
