// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text form of the simulator's commands.
 */
#include <string.h>

#include "change_text.h"
#include "families.h"
#include "json_document.h"
#include "request.h"
#include "wording.h"

/* Lists have lines of their own. */
static void print_values(struct json_object *object, const char *skip, FILE *out)
{
	json_object_object_foreach(object, key, value) {
		if (strcmp(key, skip) && !json_object_is_type(value, json_type_array))
			fprintf(out, " %s=%s", key, json_object_get_string(value));
	}
	fputc('\n', out);
}

static void print_ids(struct json_object *machine, const char *key, const char *label, FILE *out)
{
	_cleanup_text_ char *text = word_ids(json_member(machine, key), DOMAIN_DIGITS);

	fprintf(out, "%s %s\n", label, text);
}

static void print_adapter(struct json_object *adapter, FILE *out)
{
	struct json_object *queues = json_member(adapter, "queues");
	int id = json_number(adapter, "adapter");
	size_t i;

	fprintf(out, "adapter 0x%02x", (unsigned int)id);
	print_values(adapter, "adapter", out);
	for (i = 0; i < json_object_array_length(queues); i++) {
		struct json_object *queue = json_object_array_get_idx(queues, i);

		fprintf(out, "  %02x.%04x", (unsigned int)id,
			(unsigned int)json_number(queue, "domain"));
		print_values(queue, "domain", out);
	}
}

void sim_show_print(const struct request *req __attribute__((unused)), const struct document *doc,
		    FILE *out)
{
	struct json_object *machine = json_member(doc->data, "machine");
	struct json_object *adapters = json_member(machine, "adapters");
	size_t i;

	fputs("machine", out);
	print_values(machine, "schema_version", out);
	print_ids(machine, "domains", "domains", out);
	print_ids(machine, "control_domains", "control domains", out);
	for (i = 0; i < json_object_array_length(adapters); i++)
		print_adapter(json_object_array_get_idx(adapters, i), out);
}

void sim_change_print(const struct request *req __attribute__((unused)),
		      const struct document *doc, FILE *out)
{
	if (doc->error)
		return;
	if (doc->dry_run)
		print_steps(doc->data, out);
	else
		fputs(doc->changed ? "changed the simulated machine\n" :
				     "unchanged: the simulated machine is like that\n", out);
}
