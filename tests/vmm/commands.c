// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From a line to a command: words, the vCPU ("on 1 ..."), the background ("... &").
 */
#include <stdlib.h>
#include <string.h>

#include "commands.h"

static const struct command *const families[] = { guest_commands, hammer_commands, host_commands };

#define N_FAMILIES	(sizeof(families) / sizeof(families[0]))

static pthread_mutex_t background_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t background_ended = PTHREAD_COND_INITIALIZER;
static unsigned int n_background;

/**
 * struct line - a line in pieces
 * @text: copy that the words point into
 * @words: command and arguments
 * @n_words: how many
 * @machine: what it works on
 * @vcpu: number after "on"
 * @background: ends with "&"
 * @command: what the first word names
 */
struct line {
	char *text;
	char *words[MAX_ARGS + 1];
	int n_words;
	struct machine *machine;
	unsigned int vcpu;
	bool background;
	const struct command *command;
};

static void line_free(struct line *line)
{
	free(line->text);
	free(line);
}

static void split(struct line *line)
{
	char *rest = line->text, *word;

	while (line->n_words < MAX_ARGS && (word = strsep(&rest, " \t\n")))
		if (*word)
			line->words[line->n_words++] = word;
}

static void drop_words(struct line *line, int n)
{
	line->n_words -= n;
	memmove(line->words, line->words + n, line->n_words * sizeof(*line->words));
}

static struct line *line_parse(struct machine *machine, const char *text)
{
	struct line *line = calloc(1, sizeof(*line));

	line->machine = machine;
	line->text = strdup(text);
	split(line);
	if (line->n_words > 2 && !strcmp(line->words[0], "on")) {
		line->vcpu = strtoul(line->words[1], NULL, 0);
		drop_words(line, 2);
	}
	if (line->n_words > 1 && !strcmp(line->words[line->n_words - 1], "&")) {
		line->background = true;
		line->n_words--;
	}
	return line;
}

static const struct command *find(const char *name)
{
	const struct command *c;
	size_t i;

	for (i = 0; i < N_FAMILIES; i++)
		for (c = families[i]; c->name; c++)
			if (!strcmp(c->name, name))
				return c;
	return NULL;
}

static bool is_valid(const struct line *line, struct json_object *report)
{
	const struct command *c = line->command;

	if (!c)
		report_misuse(report, "no such command");
	else if (line->n_words - 1 < c->min_args || line->n_words - 1 > c->max_args)
		report_misuse(report, "wrong number of arguments");
	else if (line->vcpu >= line->machine->vm.n_vcpus)
		report_misuse(report, "no such vCPU");
	else
		return true;
	return false;
}

static void run(struct line *line, const char *kind)
{
	struct invocation in = {
		.machine = line->machine,
		.vcpu = &line->machine->vm.vcpus[line->vcpu],
		.argc = line->n_words - 1,
		.argv = line->words + 1,
		.report = report_new(kind, line->words[0]),
	};

	if (is_valid(line, in.report) && line->command->run(&in))
		report_bool(in.report, "ok", true);
	else
		line->machine->failed = true;
	report_print(in.report);
}

static void *run_in_background(void *arg)
{
	struct line *line = arg;

	run(line, "finished");
	line_free(line);
	pthread_mutex_lock(&background_lock);
	n_background--;
	pthread_cond_broadcast(&background_ended);
	pthread_mutex_unlock(&background_lock);
	return NULL;
}

static void start(struct line *line)
{
	struct json_object *report = report_new("started", line->words[0]);
	pthread_t id;

	pthread_mutex_lock(&background_lock);
	n_background++;
	pthread_mutex_unlock(&background_lock);
	report_print(report);
	if (pthread_create(&id, NULL, run_in_background, line)) {
		perror("pthread_create");
		exit(EXIT_FAILURE);
	}
	pthread_detach(id);
}

void command_wait(void)
{
	pthread_mutex_lock(&background_lock);
	while (n_background)
		pthread_cond_wait(&background_ended, &background_lock);
	pthread_mutex_unlock(&background_lock);
}

bool command_execute(struct machine *machine, const char *text)
{
	struct line *line = line_parse(machine, text);
	bool quit = false;

	if (!line->n_words) {
		line_free(line);
		return true;
	}
	line->command = find(line->words[0]);
	if (line->background) {
		start(line);
		return true;
	}
	quit = line->command && !strcmp(line->command->name, "quit");
	run(line, "reply");
	line_free(line);
	return !quit;
}

void commands_help(FILE *out)
{
	const struct command *c;
	size_t i;

	for (i = 0; i < N_FAMILIES; i++)
		for (c = families[i]; c->name; c++)
			fprintf(out, "  %-12s%-24s%s\n", c->name, c->args, c->help);
}
