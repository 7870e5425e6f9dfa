// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Help and version. The JSON form of the help is the command table itself,
 * from which the manual pages and completions are made.
 */
#include <string.h>

#include "command.h"
#include "families.h"
#include "json_document.h"
#include "options.h"
#include "request.h"

static const char *completion_word(enum completion completion)
{
	static const char *const words[] = {
		[COMPLETE_NOTHING] = "nothing",
		[COMPLETE_ADAPTER] = "adapter",
		[COMPLETE_COMMAND] = "command",
		[COMPLETE_CONDITION] = "condition",
		[COMPLETE_DEFINED] = "defined",
		[COMPLETE_DEVICE] = "device",
		[COMPLETE_DEVICE_OR_QUEUE] = "device_or_queue",
		[COMPLETE_DIRECTORY] = "directory",
		[COMPLETE_DOMAIN] = "domain",
		[COMPLETE_FAULT] = "fault",
		[COMPLETE_FORMAT] = "format",
		[COMPLETE_FILE] = "file",
		[COMPLETE_FREE_QUEUE] = "free_queue",
		[COMPLETE_HOST_QUEUE] = "host_queue",
		[COMPLETE_OWNER] = "owner",
		[COMPLETE_QUEUE] = "queue",
	};

	return words[completion];
}

static struct json_object *describe_option(const struct option_spec *option)
{
	struct json_object *object = json_object_new_object();
	char letter[2] = { option->letter };

	json_put_text(object, "name", option->name);
	json_put_text(object, "letter", option->letter ? letter : NULL);
	json_put_text(object, "argument", option->argument);
	json_put_bool(object, "argument_optional", option->argument_optional);
	json_put_text(object, "help", option->help);
	json_put_text(object, "completion", completion_word(option->completion));
	return object;
}

static struct json_object *describe_options(const struct option_spec *list)
{
	struct json_object *array = json_object_new_array();
	const struct option_spec *option;

	for_each_option(option, list)
		json_object_array_add(array, describe_option(option));
	return array;
}

static struct json_object *describe_arguments(const struct argument_spec *arguments)
{
	struct json_object *object;

	if (!arguments->name)
		return NULL;
	object = json_object_new_object();
	json_put_text(object, "name", arguments->name);
	json_put_number(object, "least", arguments->least);
	json_put(object, "most",
		 arguments->most ? json_object_new_int((int)arguments->most) : NULL);
	json_put_text(object, "completion", completion_word(arguments->completion));
	return object;
}

static struct json_object *describe_command(const struct command *command)
{
	struct json_object *object = json_object_new_object();

	json_put_text(object, "name", command->name);
	json_put_text(object, "family", command->family);
	json_put_text(object, "summary", command->summary);
	json_put_text(object, "description", command->description);
	json_put_bool(object, "changes", command->changes);
	json_put(object, "arguments", describe_arguments(&command->arguments));
	json_put(object, "options", describe_options(command->options));
	return object;
}

/* Whether the help is about @command: its name, or the first word of it. */
static bool is_subject(const struct request *req, const struct command *command)
{
	size_t length = strlen(req->help_subject);

	return !strncmp(command->name, req->help_subject, length) &&
	       (!length || !command->name[length] || command->name[length] == ' ');
}

int help_run(struct request *req, struct document *doc)
{
	struct json_object *list;
	const struct command *command;

	if (req->argument_count)
		snprintf(req->help_subject, sizeof(req->help_subject), "%s%s%s", req->arguments[0],
			 req->argument_count > 1 ? " " : "",
			 req->argument_count > 1 ? req->arguments[1] : "");
	list = json_object_new_array();
	for_each_command(command) {
		if (is_subject(req, command))
			json_object_array_add(list, describe_command(command));
	}
	if (!json_object_array_length(list)) {
		json_object_put(list);
		return document_fail(doc, "usage", "vfioap-ctl help",
				     "there is no command '%s'", req->help_subject);
	}
	doc->data = json_object_new_object();
	json_put(doc->data, "commands", list);
	json_put(doc->data, "global_options", describe_options(global_options));
	return 0;
}

void help_print(const struct request *req, const struct document *doc __attribute__((unused)),
		FILE *out)
{
	options_print_help(req->help_subject, out);
}

int version_run(struct request *req __attribute__((unused)), struct document *doc)
{
	doc->data = json_object_new_object();
	json_put_text(doc->data, "version", VFIOAP_VERSION);
	return 0;
}

void version_print(const struct request *req __attribute__((unused)), const struct document *doc,
		   FILE *out)
{
	fprintf(out, "vfioap-ctl %s\n", json_text(doc->data, "version"));
}
