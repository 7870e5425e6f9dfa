// SPDX-License-Identifier: GPL-2.0-or-later
#include "complete.h"

#include <stdlib.h>
#include <string.h>

/* The command line up to the word that is being typed. */
struct typed {
	char **words;
	int current;
	/* The first of two words that name a command; "" if there is none. */
	char group[32];
	const struct command *command;
	/* The option whose argument the current word is. */
	const struct option_spec *pending;
	/* The first argument of the command; NULL if there is none yet. */
	const char *argument;
	size_t argument_count;
	/* "--" was among the words: no options follow. */
	bool only_arguments;
	/* Argument of --root, NULL for /. */
	const char *root;
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

static void read_value(struct typed *typed, const struct option_spec *option, const char *value)
{
	if (!strcmp(option->name, "root"))
		typed->root = value;
}

static void read_option(struct typed *typed, const char *word)
{
	const struct option_spec *option = option_of(typed, word);
	const char *equals = strchr(word, '=');

	if (!option || !option->argument)
		return;
	if (equals)
		read_value(typed, option, equals + 1);
	else if (!option->argument_optional)
		typed->pending = option;
}

/* "-" is standard input. */
static bool is_option(const struct typed *typed, const char *word)
{
	return *word == '-' && word[1] && !typed->only_arguments;
}

static void read_word(struct typed *typed, const char *word)
{
	char name[80];

	if (typed->pending) {
		read_value(typed, typed->pending, word);
		typed->pending = NULL;
	} else if (is_option(typed, word)) {
		typed->only_arguments = !strcmp(word, "--");
		read_option(typed, word);
	} else if (!typed->command && *typed->group) {
		snprintf(name, sizeof(name), "%s %s", typed->group, word);
		typed->command = command_find(name);
		*typed->group = '\0';
	} else if (!typed->command) {
		typed->command = command_find(word);
		if (!typed->command && command_is_group(word))
			snprintf(typed->group, sizeof(typed->group), "%s", word);
	} else if (typed->command->arguments.completion == COMPLETE_COMMAND) {
		snprintf(typed->group, sizeof(typed->group), "%s", word);
	} else {
		if (!typed->argument_count++)
			typed->argument = word;
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

static void offer_option_value(const struct typed *typed, const struct option_spec *option,
			       const char *word)
{
	const char *value = strchr(word, '=') + 1;
	char prefix[64];

	snprintf(prefix, sizeof(prefix), "%.*s", (int)(value - word), word);
	complete_value(option->completion, typed->root, prefix, value);
}

static void offer_option(const struct typed *typed, const char *word)
{
	const struct option_spec *option;

	if (!strncmp(word, "--", 2) && strchr(word, '=')) {
		option = option_of(typed, word);
		if (option && option->argument)
			offer_option_value(typed, option, word);
		return;
	}
	if (typed->command)
		offer_options(typed->command->options, word);
	offer_options(global_options, word);
}

static void offer_argument(const struct typed *typed, const char *word)
{
	const struct argument_spec *arguments = &typed->command->arguments;

	if (arguments->completion == COMPLETE_COMMAND)
		offer_commands(typed->group, word);
	else if (arguments->completion == COMPLETE_FAULT && typed->argument)
		complete_setting(typed->argument, word);
	else if (!arguments->most || typed->argument_count < arguments->most)
		complete_value(arguments->completion, typed->root, "", word);
}

static void offer(const struct typed *typed, const char *word)
{
	if (typed->pending)
		complete_value(typed->pending->completion, typed->root, "", word);
	else if (*word == '-' && !typed->only_arguments)
		offer_option(typed, word);
	else if (typed->command)
		offer_argument(typed, word);
	else
		offer_commands(typed->group, word);
}

static bool is_long_option(const char *word)
{
	return !strncmp(word, "--", 2) && word[2] && !strchr(word, '=');
}

static char *join(const char *option, const char *value)
{
	char *joined = NULL;

	if (asprintf(&joined, "%s=%s", option, value) < 0)
		abort();
	return joined;
}

/*
 * Copy the words up to the current one. Bash splits "--option=value" at the
 * equals sign; make one word of the three again.
 */
static void copy_words(struct typed *typed, char **words, int current)
{
	int i, kept = 0;

	typed->words = calloc((size_t)current + 1, sizeof(*typed->words));
	if (!typed->words)
		abort();
	for (i = 0; i <= current; i++) {
		if (kept && !strcmp(words[i], "=") && is_long_option(typed->words[kept - 1])) {
			char *option = typed->words[kept - 1];

			typed->words[kept - 1] = join(option, i < current ? words[i + 1] : "");
			free(option);
			i++;
		} else {
			typed->words[kept++] = strdup(words[i]);
		}
	}
	typed->current = kept - 1;
}

int complete(int argc, char **argv)
{
	struct typed typed = { 0 };
	int i, current = argc > 1 ? atoi(argv[0]) : 0;

	if (current < 1 || current > argc - 2)
		return 0;
	copy_words(&typed, argv + 1, current);
	for (i = 1; i < typed.current; i++)
		read_word(&typed, typed.words[i]);
	offer(&typed, typed.words[typed.current]);
	for (i = 0; i <= typed.current; i++)
		free(typed.words[i]);
	free(typed.words);
	return 0;
}
