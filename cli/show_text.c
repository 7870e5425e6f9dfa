// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text form of show and explain.
 */
#include <stdlib.h>
#include <string.h>

#include "families.h"
#include "json_document.h"
#include "request.h"
#include "text_table.h"
#include "wording.h"

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
	fprintf(out, "State            %s%s%s\n", !strcmp(state, "in_use") ? "in use" : state,
		*user ? ", used by " : "", user);
	fprintf(out, "Adapters         %s\n", adapters);
	fprintf(out, "Domains          %s\n", domains);
	fprintf(out, "Control domains  %s\n", control);
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
	size_t i, count = json_object_array_length(queues);

	for (i = 0; i < count; i++) {
		struct json_object *queue = json_object_array_get_idx(queues, i);

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
	static const char *const headings[] = { "CONTROL DOMAIN", "ASSIGNED", "EFFECTIVE",
						"REASON", NULL };
	_cleanup_table_ struct text_table *table = text_table_new(headings);
	size_t i, count = json_object_array_length(domains);

	for (i = 0; i < count; i++) {
		struct json_object *domain = json_object_array_get_idx(domains, i);

		text_table_row(table);
		text_table_cellf(table, "0x%04x", (unsigned int)json_number(domain, "domain"));
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

/* What the finding is about: queues, control domains, or both. */
static void print_about(struct json_object *finding, FILE *out)
{
	_cleanup_text_ char *queues = word_queues(json_member(finding, "queues"), 0);
	_cleanup_text_ char *domains = word_ids(json_member(finding, "control_domains"),
						DOMAIN_DIGITS);

	if (*queues)
		print_wrapped(out, 3, queues);
	if (json_count(finding, "control_domains"))
		fprintf(out, "%scontrol domains %s\n", *queues ? "   " : "", domains);
	if (*queues || json_count(finding, "control_domains"))
		fputs("   ", out);
}

static void print_finding(struct json_object *finding, bool of_queue, FILE *out, bool coloured)
{
	enum colour colour = json_true(finding, "ok") ? COLOUR_GREEN : COLOUR_RED;
	const char *hint = json_text(finding, "hint");

	fprintf(out, "%s%s%s ", coloured ? colour_start(colour) : "",
		json_true(finding, "ok") ? "ok" : "!!", coloured ? COLOUR_END : "");
	if (!of_queue)
		print_about(finding, out);
	print_wrapped(out, 3, json_text(finding, "message"));
	if (hint)
		fprintf(out, "   -> %s%s%s\n", coloured ? colour_start(COLOUR_BOLD) : "", hint,
			coloured ? COLOUR_END : "");
}

void explain_print(const struct request *req, const struct document *doc, FILE *out)
{
	struct json_object *findings = json_member(doc->data, "findings");
	struct json_object *subject = json_member(doc->data, "subject");
	bool coloured = colour_wanted(out, req->no_color);
	const char *apqn = json_text(subject, "apqn");
	size_t i;

	fprintf(out, "%s %s\n", apqn ? "Queue" : "Device", apqn ? apqn : word_device(subject));
	for (i = 0; i < json_object_array_length(findings); i++)
		print_finding(json_object_array_get_idx(findings, i), apqn, out, coloured);
}
