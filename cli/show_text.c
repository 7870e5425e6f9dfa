// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text form of show.
 */
#include <stdlib.h>
#include <string.h>

#include "families.h"
#include "json_document.h"
#include "long_array.h"
#include "request.h"
#include "text_table.h"
#include "wording.h"

static void print_definition(struct json_object *definition, FILE *out)
{
	if (!definition)
		return;
	fprintf(out, "Definition       %s, in %s\n", word_start(json_text(definition, "start")),
		json_text(definition, "path"));
	if (json_true(definition, "drift"))
		fputs("                 The device differs from its definition.\n", out);
}

static void print_device(struct json_object *device, FILE *out)
{
	_cleanup_text_ char *adapters = word_ids(json_member(device, "adapters"), ADAPTER_DIGITS);
	_cleanup_text_ char *domains = word_ids(json_member(device, "domains"), DOMAIN_DIGITS);
	_cleanup_text_ char *control = word_ids(json_member(device, "control_domains"),
						DOMAIN_DIGITS);
	_cleanup_text_ char *user = word_users(json_member(device, "users"));
	const char *state = json_text(device, "state");

	if (json_text(device, "name"))
		fprintf(out, "Name             %s\n", json_text(device, "name"));
	fprintf(out, "UUID             %s\n", json_text(device, "uuid"));
	if (json_text(device, "label"))
		fprintf(out, "Label            %s\n", json_text(device, "label"));
	fprintf(out, "State            %s%s%s\n", !strcmp(state, "in_use") ? "in use" : state,
		*user ? ", used by " : "", user);
	fprintf(out, "Adapters         %s\n", adapters);
	fprintf(out, "Domains          %s\n", domains);
	fprintf(out, "Control domains  %s\n", control);
	print_definition(json_member(device, "definition"), out);
	if (json_text(device, "path"))
		fprintf(out, "Path             %s\n", json_text(device, "path"));
	if (json_text(device, "vfio_group"))
		fprintf(out, "VFIO group       %s\n", json_text(device, "vfio_group"));
}

static void yes_no_cell(struct text_table *table, bool yes)
{
	text_table_cell_in(table, yes ? COLOUR_GREEN : COLOUR_RED, yes ? "yes" : "no");
}

/* The device is known here; the message of the good reasons would repeat it in every row. */
static void reason_cell(struct text_table *table, struct json_object *entry)
{
	struct json_object *reason = json_member(entry, "reason");
	const char *code = json_text(reason, "code");

	if (!strcmp(code, "effective"))
		text_table_cell(table, "its guest has it");
	else if (!strcmp(code, "idle"))
		text_table_cell(table, "its next guest gets it");
	else
		text_table_cell(table, json_text(reason, "message"));
}

static void print_queues(struct json_object *queues, FILE *out, bool coloured)
{
	static const char *const headings[] = { "QUEUE",     "REQUESTED", "ASSIGNED",
						"EFFECTIVE", "REASON",	  NULL };
	_cleanup_table_ struct text_table *table = text_table_new(headings);
	size_t i, count = array_length(queues);

	for (i = 0; i < count; i++) {
		_cleanup_member_ struct json_object *queue = array_member(queues, i);

		text_table_row(table);
		text_table_cell(table, json_text(queue, "apqn"));
		yes_no_cell(table, json_true(queue, "requested"));
		yes_no_cell(table, json_true(queue, "assigned"));
		yes_no_cell(table, json_true(queue, "effective"));
		reason_cell(table, queue);
	}
	fputc('\n', out);
	if (count)
		text_table_print(table, out, coloured);
	else
		fputs("No queues: a queue needs an adapter and a domain.\n", out);
}

static void print_control_domains(struct json_object *domains, FILE *out, bool coloured)
{
	static const char *const headings[] = { "CONTROL DOMAIN", "REQUESTED", "ASSIGNED",
						"EFFECTIVE", "REASON", NULL };
	_cleanup_table_ struct text_table *table = text_table_new(headings);
	size_t i, count = json_object_array_length(domains);

	for (i = 0; i < count; i++) {
		struct json_object *domain = json_object_array_get_idx(domains, i);

		text_table_row(table);
		text_table_cellf(table, "0x%04x", (unsigned int)json_number(domain, "domain"));
		yes_no_cell(table, json_true(domain, "requested"));
		yes_no_cell(table, json_true(domain, "assigned"));
		yes_no_cell(table, json_true(domain, "effective"));
		reason_cell(table, domain);
	}
	if (!count)
		return;
	fputc('\n', out);
	text_table_print(table, out, coloured);
}

void show_print(const struct request *req, const struct document *doc, FILE *out)
{
	bool coloured = colour_wanted(out, req->no_color);

	print_device(json_member(doc->data, "device"), out);
	print_queues(json_member(doc->data, "queues"), out, coloured);
	print_control_domains(json_member(doc->data, "control_domains"), out, coloured);
}
