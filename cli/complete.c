// SPDX-License-Identifier: GPL-2.0-or-later
#include "complete.h"

#include <stdlib.h>
#include <string.h>

/* The command line up to the word that is being typed. */
struct typed {
	char **words;
	int current;
	char group[32];
	const struct command *command;
	/* The option whose argument the current word is. */
	const struct option_spec *pending;
};

void complete_offer(const char *prefix, const char *typed, const char *word,
		    const char *description)
{
	if (strncmp(word, typed, strlen(typed)))
		return;
	printf("%s%s", prefix, word);
	if (description)
		printf("\t%s", description);
	putchar('\n');
}

static const struct option_spec *find_option(const struct option_spec *list, const char *word)
{
	const struct option_spec *option;
	size_t length = strcspn(word, "=");

	for_each_option(option, list) {
		if (!strncmp(word, "--", 2) && strlen(option->name) + 2 == length &&
		    !strncmp(option->name, word + 2, length - 2))
			return option;
		if (option->letter && word[0] == '-' && word[1] == option->letter && !word[2])
			return option;
	}
	return NULL;
}

static const struct option_spec *option_of(const struct typed *typed, const char *word)
{
	const struct option_spec *option = NULL;

	if (typed->command)
		option = find_option(typed->command->options, word);
	return option ? option : find_option(global_options, word);
}

static void read_word(struct typed *typed, const char *word)
{
	char name[80];

	if (typed->pending) {
		typed->pending = NULL;
	} else if (*word == '-') {
		const struct option_spec *option = option_of(typed, word);

		if (option && option->argument && !option->argument_optional &&
		    !strchr(word, '='))
			typed->pending = option;
	} else if (!typed->command && *typed->group) {
		snprintf(name, sizeof(name), "%s %s", typed->group, word);
		typed->command = command_find(name);
	} else if (!typed->command) {
		typed->command = command_find(word);
		if (!typed->command && command_is_group(word))
			snprintf(typed->group, sizeof(typed->group), "%s", word);
	}
}

static void offer_options(const struct option_spec *list, const char *word)
{
	const struct option_spec *option;
	char text[64];

	for_each_option(option, list) {
		snprintf(text, sizeof(text), "--%s%s", option->name,
			 option->argument && !option->argument_optional ? "=" : "");
		complete_offer("", word, text, option->help);
	}
}

/* First words of commands, or the second words of @group. */
static void offer_commands(const char *group, const char *word)
{
	const struct command *command;
	size_t length = strlen(group);
	char last[32] = "";
	char text[32];

	for_each_command(command) {
		const char *name = command->name;
		const char *end;

		if (length && (strncmp(name, group, length) || name[length] != ' '))
			continue;
		name += length ? length + 1 : 0;
		end = strchrnul(name, ' ');
		snprintf(text, sizeof(text), "%.*s", (int)(end - name), name);
		if (strcmp(text, last))
			complete_offer("", word, text, *end ? NULL : command->summary);
		strcpy(last, text);
	}
}

static void offer_option_value(const struct option_spec *option, const char *word)
{
	const char *value = strchr(word, '=') + 1;
	char prefix[64];

	snprintf(prefix, sizeof(prefix), "%.*s", (int)(value - word), word);
	complete_value(option->completion, prefix, value);
}

static void offer(const struct typed *typed, const char *word)
{
	const struct option_spec *option;

	if (typed->pending) {
		complete_value(typed->pending->completion, "", word);
	} else if (!strncmp(word, "--", 2) && strchr(word, '=')) {
		option = option_of(typed, word);
		if (option && option->argument)
			offer_option_value(option, word);
	} else if (*word == '-') {
		if (typed->command)
			offer_options(typed->command->options, word);
		offer_options(global_options, word);
	} else if (!typed->command) {
		offer_commands(typed->group, word);
	} else if (typed->command->arguments.completion == COMPLETE_COMMAND) {
		offer_commands("", word);
	} else {
		complete_value(typed->command->arguments.completion, "", word);
	}
}

/* Bash hands over "--option", "=" and "value" as three words; make one of them. */
static void join_at_equals(struct typed *typed, char **words, int count)
{
	static char joined[4096];
	int i, kept = 0;

	for (i = 0; i < count && i <= typed->current; i++) {
		bool equals = !strcmp(words[i], "=");

		if (kept && i == typed->current && (equals || !strcmp(words[i - 1], "="))) {
			const char *option = equals ? words[kept - 1] : words[kept - 2];

			snprintf(joined, sizeof(joined), "%s=%s", option, equals ? "" : words[i]);
			kept -= equals ? 1 : 2;
			words[kept++] = joined;
		} else {
			words[kept++] = words[i];
		}
	}
	typed->words = words;
	typed->current = kept - 1;
}

int complete(int argc, char **argv)
{
	struct typed typed = { 0 };
	int i;

	if (argc < 2)
		return 0;
	typed.current = atoi(argv[0]);
	join_at_equals(&typed, argv + 1, argc - 1);
	for (i = 1; i < typed.current; i++)
		read_word(&typed, typed.words[i]);
	if (typed.current > 0)
		offer(&typed, typed.words[typed.current]);
	return 0;
}
