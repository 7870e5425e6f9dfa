// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text form of explain: what is well and what is not, and what mends it.
 */
#include "families.h"
#include "json_document.h"
#include "request.h"
#include "wording.h"

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
