// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Parsing in two steps. The first walks the words against the command table:
 * it finds the command and refuses what argp would let through (abbreviated
 * long options) or report without saying which word it means. The second is
 * argp, which then has nothing left to complain about and hands out the values.
 */
#include "options.h"

#include <argp.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "json_document.h"
#include "request.h"

/* The keys of options without a letter: their place in the lists, beyond all letters. */
#define KEY_WITHOUT_LETTER 0x1000

struct words {
	int argc;
	char **argv;
	int at;
	struct request *req;
	struct document *doc;
	/* What is left for argp when the command's own words are taken out. */
	int rest_count;
	char **rest;
};

/* The hint is a command, as all hints: it tells about the one that was meant. */
__attribute__((format(printf, 3, 4)))
static int usage_error(struct words *w, const char *meant, const char *format, ...)
{
	char hint[96], message[512];
	va_list args;

	if (!meant && w->req->command)
		meant = w->req->command->name;
	snprintf(hint, sizeof(hint), "vfioap-ctl help%s%s", meant ? " " : "", meant ? meant : "");
	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	return document_fail(w->doc, "usage", hint, "%s", message);
}

static const struct option_spec *find_long(const struct option_spec *list, const char *name,
					   size_t length)
{
	const struct option_spec *option;

	for_each_option(option, list) {
		if (strlen(option->name) == length && !strncmp(option->name, name, length))
			return option;
	}
	return NULL;
}

static const struct option_spec *find_letter(const struct option_spec *list, char letter)
{
	const struct option_spec *option;

	for_each_option(option, list) {
		if (option->letter == letter)
			return option;
	}
	return NULL;
}

static const struct option_spec *own_options(const struct words *w)
{
	return w->req->command ? w->req->command->options : NULL;
}

/* The long option that starts like @name: what an abbreviation was meant to be. */
static const char *longer_option(const struct words *w, const char *name, size_t length)
{
	const struct option_spec *lists[] = { own_options(w), global_options };
	const struct option_spec *option;
	size_t i;

	for (i = 0; length && i < 2; i++) {
		for_each_option(option, lists[i]) {
			if (!strncmp(option->name, name, length))
				return option->name;
		}
	}
	return NULL;
}

/*
 * Step over the next word as the argument of @name. One that looks like a long
 * option rather is one: the argument was forgotten ("--name=--x" is possible).
 */
static int take_next_word(struct words *w, const char *name)
{
	if (w->at + 1 >= w->argc || !strncmp(w->argv[w->at + 1], "--", 2))
		return usage_error(w, NULL, "option '%s' needs an argument", name);
	w->rest[w->rest_count++] = w->argv[++w->at];
	return 0;
}

static int unknown_option(struct words *w, const char *word)
{
	const char *longer = longer_option(w, word + 2, strcspn(word + 2, "="));

	if (!longer)
		return usage_error(w, NULL, "unknown option '%s'", word);
	return usage_error(w, NULL, "unknown option '%s', did you mean '--%s'? Options cannot be "
			   "shortened", word, longer);
}

static int check_long(struct words *w, char *word)
{
	const char *name = word + 2;
	size_t length = strcspn(name, "=");
	const struct option_spec *option = find_long(own_options(w), name, length);

	if (!option)
		option = find_long(global_options, name, length);
	if (!option)
		return unknown_option(w, word);
	if (name[length] && !option->argument)
		return usage_error(w, NULL, "option '--%s' takes no argument", option->name);
	w->rest[w->rest_count++] = word;
	if (option->argument && !option->argument_optional && !name[length])
		return take_next_word(w, word);
	return 0;
}

static int check_letters(struct words *w, char *word)
{
	const struct option_spec *option;
	char name[3] = "-";
	const char *letter;

	w->rest[w->rest_count++] = word;
	for (letter = word + 1; *letter; letter++) {
		option = find_letter(own_options(w), *letter);
		if (!option)
			option = find_letter(global_options, *letter);
		name[1] = *letter;
		if (!option)
			return usage_error(w, NULL, "unknown option '%s'", name);
		if (option->argument)
			return letter[1] ? 0 : take_next_word(w, name);
	}
	return 0;
}

static int unknown_command(struct words *w, const char *word)
{
	const char *nearest = command_nearest(word);

	if (!nearest)
		return usage_error(w, NULL, "unknown command '%s'", word);
	return usage_error(w, nearest, "unknown command '%s', did you mean '%s'?", word, nearest);
}

/* Whether the option is there, whatever is wrong with the rest. */
static bool asked_for(int argc, char **argv, const char *option, const char *letter)
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++) {
		if (!strcmp(argv[i], option) || (letter && !strcmp(argv[i], letter)))
			return true;
	}
	return false;
}

static int check_command(struct words *w, char *word)
{
	char name[64];

	if (command_is_group(word)) {
		const char *second = w->at + 1 < w->argc ? w->argv[w->at + 1] : NULL;

		if (!second || *second == '-') {
			if (!asked_for(w->argc, w->argv, "--help", "-h"))
				return usage_error(w, NULL, "'%s' needs a second word", word);
			w->req->group = word;
			return 0;
		}
		snprintf(name, sizeof(name), "%s %s", word, second);
		w->at++;
		w->req->command = command_find(name);
		if (!w->req->command)
			return unknown_command(w, name);
	} else {
		w->req->command = command_find(word);
		if (!w->req->command)
			return unknown_command(w, word);
	}
	w->doc->command = w->req->command->name;
	return 0;
}

static int check_words(struct words *w)
{
	bool only_arguments = false;
	int rc = 0;

	for (w->at = 1; !rc && w->at < w->argc; w->at++) {
		char *word = w->argv[w->at];

		if (only_arguments || *word != '-' || !word[1]) {
			if (!w->req->command)
				rc = check_command(w, word);
			else
				w->rest[w->rest_count++] = word;
		} else if (!strcmp(word, "--")) {
			only_arguments = true;
			w->rest[w->rest_count++] = word;
		} else if (word[1] == '-') {
			rc = check_long(w, word);
		} else {
			rc = check_letters(w, word);
		}
	}
	return rc;
}

/* The options of @command (may be NULL), then the global ones; NULL past the last. */
static const struct option_spec *nth_option(const struct command *command, int n)
{
	const struct option_spec *option;

	for_each_option(option, command ? command->options : NULL) {
		if (!n--)
			return option;
	}
	for_each_option(option, global_options) {
		if (!n--)
			return option;
	}
	return NULL;
}

static int key_of(const struct option_spec *option, int n)
{
	return option->letter ? option->letter : KEY_WITHOUT_LETTER + n;
}

/* The options as argp wants them, the global ones under a heading; to be freed. */
static struct argp_option *argp_vector(const struct command *command)
{
	const struct option_spec *option;
	struct argp_option *vector, *next;
	int count = 0, group = 1;

	while (nth_option(command, count))
		count++;
	vector = calloc(count + 3, sizeof(*vector));
	if (!vector)
		abort();
	next = vector;
	if (command && command->options)
		*next++ = (struct argp_option){ .doc = "Options:", .group = group };
	for (count = 0; (option = nth_option(command, count)); count++) {
		if (option == global_options)
			*next++ = (struct argp_option){ .doc = "Global options:", .group = ++group };
		*next++ = (struct argp_option){
			.name = option->name,
			.key = key_of(option, count),
			.arg = option->argument,
			.flags = option->argument_optional ? OPTION_ARG_OPTIONAL : 0,
			.doc = option->help,
			.group = group,
		};
	}
	return vector;
}

static error_t take_value(int key, char *text, struct argp_state *state)
{
	struct words *w = state->input;
	const struct option_spec *option;
	int n;

	if (key == ARGP_KEY_ARG) {
		w->req->arguments[w->req->argument_count++] = text;
		return 0;
	}
	for (n = 0; (option = nth_option(w->req->command, n)); n++) {
		if (key_of(option, n) == key)
			return option->take(w->req, text, w->doc) ? EINVAL : 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static int take_values(struct words *w)
{
	struct argp_option *vector = argp_vector(w->req->command);
	struct argp argp = { .options = vector, .parser = take_value };
	error_t failed;

	/* In order, or POSIXLY_CORRECT in the environment would change the grammar. */
	failed = argp_parse(&argp, w->rest_count, w->rest,
			    ARGP_IN_ORDER | ARGP_NO_EXIT | ARGP_NO_HELP | ARGP_NO_ERRS, NULL, w);
	free(vector);
	if (failed && !w->doc->error)
		return usage_error(w, NULL, "the command line makes no sense");
	return failed ? -1 : 0;
}

/* Which argument is missing, of those that "FILE [DEVICE]" or "APQN NAME=VALUE..." tells. */
static int missing_argument(struct words *w, const char *names)
{
	size_t i, length;

	for (i = 0; i < w->req->argument_count && strchr(names, ' '); i++)
		names = strchr(names, ' ') + 1;
	length = strcspn(names, " .");
	return usage_error(w, NULL, "%.*s is missing", (int)length, names);
}

static int check_argument_count(struct words *w)
{
	const struct argument_spec *spec = &w->req->command->arguments;

	if (w->req->argument_count < spec->least)
		return missing_argument(w, spec->name);
	if (!spec->name && w->req->argument_count)
		return usage_error(w, NULL, "unexpected argument '%s'", w->req->arguments[0]);
	if (spec->most && w->req->argument_count > spec->most)
		return usage_error(w, NULL, "unexpected argument '%s'",
				   w->req->arguments[spec->most]);
	return 0;
}

int options_parse(int argc, char **argv, struct request *req, struct document *doc)
{
	struct words w = { .argc = argc, .argv = argv, .req = req, .doc = doc };

	/* wherever it stands, it is obeyed */
	req->json = asked_for(argc, argv, "--json", NULL);
	w.rest = calloc(argc + 2, sizeof(*w.rest));
	req->arguments = calloc(argc + 1, sizeof(*req->arguments));
	if (!w.rest || !req->arguments)
		abort();
	w.rest[w.rest_count++] = argv[0];
	if (!check_words(&w) && !take_values(&w) && !req->help && !req->version) {
		if (!req->command)
			usage_error(&w, NULL, "a command is missing");
		else
			check_argument_count(&w);
	}
	free(w.rest);
	return doc->error ? -1 : 0;
}

static void print_command_help(const struct command *command, FILE *out)
{
	struct argp_option *vector = argp_vector(command);
	char *doc = NULL;
	char name[80];
	struct argp argp = { .options = vector, .args_doc = command->arguments.name };

	if (asprintf(&doc, "%s\v%s", command->summary, command->description) < 0)
		abort();
	argp.doc = doc;
	snprintf(name, sizeof(name), "vfioap-ctl %s", command->name);
	argp_help(&argp, out, ARGP_HELP_SHORT_USAGE | ARGP_HELP_LONG | ARGP_HELP_DOC, name);
	free(doc);
	free(vector);
}

static void print_commands(const char *group, FILE *out)
{
	const struct command *command;
	const char *family = "";
	size_t length = strlen(group);

	for_each_command(command) {
		if (length && (strncmp(command->name, group, length) ||
			       command->name[length] != ' '))
			continue;
		if (strcmp(family, command->family))
			fprintf(out, "%s%s:\n", *family ? "\n" : "", command->family);
		family = command->family;
		fprintf(out, "  %-15s%s\n", command->name, command->summary);
	}
}

static void print_overview(FILE *out)
{
	struct argp_option *vector = argp_vector(NULL);
	struct argp argp = { .options = vector };
	char name[] = "vfioap-ctl";

	fputs("Usage: vfioap-ctl [GLOBAL OPTION...] COMMAND [OPTION...] [ARGUMENT...]\n"
	      "Give crypto adapters and domains of IBM Z to KVM guests, and take them back.\n\n",
	      out);
	print_commands("", out);
	fputc('\n', out);
	argp_help(&argp, out, ARGP_HELP_LONG, name);
	fputs("\nAdapters and domains are lists and ranges: 5, 0x05, 1,3-5,0x0a-0x0c. A queue is\n"
	      "written CC.DDDD in hexadecimal, as lszcrypt does: 05.0004; 05.* and *.0004 stand\n"
	      "for all. A DEVICE is a UUID or a name.\n\n"
	      "vfioap-ctl help COMMAND tells more about a command.\n",
	      out);
	free(vector);
}

void options_print_help(const char *name, FILE *out)
{
	const struct command *command = command_find(name);

	/* Our long options stand alone; argp's note about short ones would be noise. */
	setenv("ARGP_HELP_FMT", "no-dup-args-note", 0);
	if (command)
		print_command_help(command, out);
	else if (*name)
		print_commands(name, out);
	else
		print_overview(out);
}
