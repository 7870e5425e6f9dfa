/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command table: every command, argument and option stands here once.
 * Dispatch, parsing, help, manual pages and completions are made from it.
 */
#ifndef VFIOAP_CLI_COMMAND_H
#define VFIOAP_CLI_COMMAND_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>

struct document;
struct request;

/* What a shell offers to complete an argument with. */
enum completion {
	COMPLETE_NOTHING,
	COMPLETE_ADAPTER,
	COMPLETE_COMMAND,
	COMPLETE_CONDITION,
	COMPLETE_DEFINED,
	COMPLETE_DEVICE,
	COMPLETE_DEVICE_OR_QUEUE,
	COMPLETE_DIRECTORY,
	COMPLETE_DOMAIN,
	COMPLETE_FAULT,
	COMPLETE_FORMAT,
	COMPLETE_FILE,
	COMPLETE_FREE_QUEUE,
	COMPLETE_HOST_QUEUE,
	COMPLETE_OWNER,
	COMPLETE_QUEUE,
};

/**
 * struct option_spec - one option of a command, or of all of them
 * @name: long name without the dashes
 * @letter: short name, 0 if it has none
 * @argument: what the help calls its argument, NULL if it takes none
 * @argument_optional: the argument may be left out; such an option has no letter
 * @help: one sentence for help and manual page
 * @completion: how a shell completes the argument
 * @take: check the argument and keep it in the request; 0, or -1 with the
 *	document's error set
 */
struct option_spec {
	const char *name;
	char letter;
	const char *argument;
	bool argument_optional;
	const char *help;
	enum completion completion;
	int (*take)(struct request *req, const char *text, struct document *doc);
};

/**
 * struct argument_spec - the positional arguments of a command
 * @name: what the help calls them, NULL if there are none
 * @least: how many there must be
 * @most: how many there may be, 0 for any number
 * @completion: how a shell completes them
 */
struct argument_spec {
	const char *name;
	unsigned int least;
	unsigned int most;
	enum completion completion;
};

/**
 * struct command - one command
 * @name: one word, or two of which the first names the group ("pool show")
 * @family: heading in the help
 * @summary: one line
 * @description: a paragraph for help and manual page
 * @arguments: positional arguments
 * @options: its own options, ended by an empty one, or NULL
 * @changes: it changes the host: --dry-run means something
 * @streams: it prints its records itself, one JSON object a line, as they come; what is
 *	left for the document is the error
 * @run: do it and fill in the document; 0, or -1 with the document's error set
 * @print: write the text form of the document's data; NULL if it streams
 */
struct command {
	const char *name;
	const char *family;
	const char *summary;
	const char *description;
	struct argument_spec arguments;
	const struct option_spec *options;
	bool changes;
	bool streams;
	int (*run)(struct request *req, struct document *doc);
	void (*print)(const struct request *req, const struct document *doc, FILE *out);
};

extern const struct command commands[];
extern const struct option_spec global_options[];

#define for_each_command(c) for ((c) = commands; (c)->name; (c)++)
#define for_each_option(o, list) for ((o) = (list); (o) && (o)->name; (o)++)

/* The command of this name, one or two words; NULL if there is none. */
const struct command *command_find(const char *name);
/* True if @word is the first word of two-word commands ("pool"). */
bool command_is_group(const char *word);
/* The command name most like @word, or NULL if none is close. */
const char *command_nearest(const char *word);

#endif
