// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sim show, load and fault: the machine that the simulated AP bus shows.
 */
#include <ctype.h>
#include <string.h>

#include "describe.h"
#include "families.h"
#include "input.h"
#include "json_document.h"
#include "plan.h"
#include "request.h"

/* Masks as lists of ids, numbers as numbers, everything else as the text it is. */
static struct json_object *describe_value(const struct vfioap_knob *knob)
{
	struct vfioap_ids ids;

	if (strlen(knob->value) == VFIOAP_MASK_TEXT_SIZE - 1 &&
	    !vfioap_ids_parse_mask(knob->value, &ids, NULL))
		return describe_ids(&ids);
	if (*knob->value && strspn(knob->value, "0123456789") == strlen(knob->value))
		return json_object_new_int64(strtoll(knob->value, NULL, 10));
	return json_object_new_string(knob->value);
}

static struct json_object *append_item(struct json_object *list, const char *key, int id,
				       const char *children)
{
	struct json_object *item = json_object_new_object();

	json_put_number(item, key, id);
	if (children)
		json_put(item, children, json_object_new_array());
	json_object_array_add(list, item);
	return item;
}

/* Adapters that are not part of the machine have only settings that will count once they are. */
static bool is_live(const struct vfioap_sim *sim, int adapter)
{
	size_t i;

	for (i = 0; i < vfioap_sim_get_num_knobs(sim); i++) {
		const struct vfioap_knob *knob = vfioap_sim_get_knob(sim, i);

		if (knob->adapter == adapter && knob->domain < 0 && !strcmp(knob->name, "live"))
			return strcmp(knob->value, "0");
	}
	return false;
}

/* The document is a file that "sim load" takes. */
static struct json_object *describe_machine(const struct vfioap_sim *sim)
{
	struct json_object *machine = json_object_new_object();
	struct json_object *adapters = json_object_new_array();
	struct json_object *adapter = NULL, *queue = NULL;
	int last_adapter = VFIOAP_ANY, last_domain = VFIOAP_ANY;
	size_t i;

	json_put_number(machine, "schema_version", 1);
	for (i = 0; i < vfioap_sim_get_num_knobs(sim); i++) {
		const struct vfioap_knob *knob = vfioap_sim_get_knob(sim, i);

		if (knob->adapter >= 0 && !is_live(sim, knob->adapter))
			continue;
		if (knob->adapter != last_adapter)
			adapter = append_item(adapters, "adapter", knob->adapter, "queues");
		if (knob->domain >= 0 && (knob->adapter != last_adapter ||
					  knob->domain != last_domain))
			queue = append_item(json_member(adapter, "queues"), "domain",
					    knob->domain, NULL);
		last_adapter = knob->adapter;
		last_domain = knob->domain;
		if (strcmp(knob->name, "live"))
			json_object_object_add(knob->domain >= 0 ? queue :
					       knob->adapter >= 0 ? adapter : machine,
					       knob->name, describe_value(knob));
	}
	json_put(machine, "adapters", adapters);
	return machine;
}

int sim_show_run(struct request *req, struct document *doc)
{
	struct vfioap_ctx *ctx = request_context(req, doc);
	struct vfioap_error *error = NULL;
	struct vfioap_sim *sim = NULL;

	if (!ctx)
		return -1;
	if (vfioap_sim_read(ctx, &sim, &error))
		return document_fail_with(doc, error);
	doc->data = json_object_new_object();
	json_put(doc->data, "machine", describe_machine(sim));
	vfioap_sim_free(sim);
	return 0;
}

/**
 * struct simulation - what is to be simulated
 * @source, @text, @length: the file, or
 * @pattern, @settings, @count: settings, NAME=VALUE, of one queue or adapter
 */
struct simulation {
	struct vfioap_ctx *ctx;
	const char *source;
	char *text;
	size_t length;
	struct vfioap_queue_pattern pattern;
	char **settings;
	size_t count;
};

static struct json_object *describe(const struct vfioap_host *host __attribute__((unused)),
				    const void *subject)
{
	const struct simulation *simulation = subject;
	struct vfioap_sim *sim = NULL;
	struct json_object *machine;

	if (vfioap_sim_read(simulation->ctx, &sim, NULL))
		return NULL;
	machine = describe_machine(sim);
	vfioap_sim_free(sim);
	return machine;
}

static int load(struct vfioap_plan *plan, const void *subject, struct vfioap_error **error)
{
	const struct simulation *simulation = subject;

	return vfioap_plan_sim_load(plan, simulation->text, simulation->length,
				    simulation->source, error);
}

static int fault(struct vfioap_plan *plan, const void *subject, struct vfioap_error **error)
{
	const struct simulation *simulation = subject;
	size_t i;
	int rc = 0;

	for (i = 0; i < simulation->count && !rc; i++) {
		char *setting = simulation->settings[i];
		char *equals = strchr(setting, '=');
		const struct vfioap_knob knob = { simulation->pattern.adapter,
						  simulation->pattern.domain, setting,
						  equals + 1 };

		*equals = '\0';
		rc = vfioap_plan_sim_set(plan, &knob, error);
	}
	if (!rc && vfioap_plan_get_num_steps(plan))
		rc = vfioap_plan_sim_scan(plan, error);
	return rc;
}

int sim_load_run(struct request *req, struct document *doc)
{
	struct simulation simulation = { .ctx = request_context(req, doc),
					 .source = input_name(req->arguments[0]) };
	const struct change change = { describe, load, NULL, &simulation };
	int rc;

	if (!simulation.ctx ||
	    input_read(req->arguments[0], &simulation.text, &simulation.length, doc))
		return -1;
	rc = plan_run(req, doc, &change);
	free(simulation.text);
	return rc;
}

/* NAME=VALUE with both there. */
static bool is_setting(const char *text)
{
	const char *equals = strchr(text, '=');

	return equals && equals != text && equals[1];
}

int sim_fault_run(struct request *req, struct document *doc)
{
	struct simulation simulation = { .ctx = request_context(req, doc),
					 .settings = req->arguments + 1,
					 .count = req->argument_count - 1 };
	const struct change change = { describe, fault, NULL, &simulation };
	struct vfioap_error *error = NULL;
	size_t i;

	if (!simulation.ctx)
		return -1;
	if (vfioap_queue_pattern_parse(req->arguments[0], &simulation.pattern, &error))
		return document_refuse_value(doc, NULL, error);
	if (simulation.pattern.adapter == VFIOAP_ANY)
		return document_fail(doc, "usage", NULL,
				     "'%s' names no adapter: expected 05.0004 or 05.*",
				     req->arguments[0]);
	for (i = 0; i < simulation.count; i++) {
		if (!is_setting(simulation.settings[i]))
			return document_fail(doc, "usage", NULL,
					     "'%s' is no setting: expected NAME=VALUE, such as stuck=1",
					     simulation.settings[i]);
	}
	return plan_run(req, doc, &change);
}
