// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A simulated machine as JSON.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "error.h"
#include "json_reader.h"
#include "plan.h"

/**
 * struct machine - reading the file
 * @plan: gets what the file says
 * @sim: the machine as it is
 * @named: adapters that the file names
 */
struct machine {
	struct vfioap_plan *plan;
	struct vfioap_sim *sim;
	struct vfioap_ids named;
};

/**
 * struct item - an object of the file: an adapter or a queue
 * @adapter, @domain: VFIOAP_ANY as long as they are not known
 */
struct item {
	int adapter;
	int domain;
};

static struct machine *machine_of(const struct reader *reader)
{
	return reader->result;
}

static int set(const struct reader *reader, const char *place, int adapter, int domain,
	       const char *name, const char *value)
{
	const struct vfioap_knob knob = { adapter, domain, name, value };
	struct vfioap_error *why = NULL;

	if (vfioap_plan_sim_set(machine_of(reader)->plan, &knob, &why))
		return refuse_because(reader, place, why);
	return 0;
}

/* A number, true or false, or a string as the simulator takes it. */
static int read_value(const struct reader *reader, struct json_object *value, const char *place,
		      char text[80])
{
	if (json_object_is_type(value, json_type_boolean))
		return snprintf(text, 80, "%d", json_object_get_boolean(value)), 0;
	if (!json_object_is_type(value, json_type_int) &&
	    !json_object_is_type(value, json_type_string))
		return refuse(reader, place, value, "a number or a string");
	if (!*json_object_get_string(value) || json_object_get_string_len(value) >= 80 ||
	    strchr(json_object_get_string(value), '\n'))
		return refuse(reader, place, value, "one line of less than 80 characters");
	snprintf(text, 80, "%s", json_object_get_string(value));
	return 0;
}

static const char *last_name(const char *place)
{
	const char *dot = strrchr(place, '.');

	return dot ? dot + 1 : place;
}

static int read_knob(const struct reader *reader, struct json_object *value, const char *place,
		     void *target)
{
	const struct item *item = target;
	char text[80];
	int rc = read_value(reader, value, place, text);

	return rc ? rc : set(reader, place, item->adapter, item->domain, last_name(place), text);
}

static int read_machine_knob(const struct reader *reader, struct json_object *value,
			     const char *place, void *target __attribute__((unused)))
{
	struct item machine = { VFIOAP_ANY, VFIOAP_ANY };

	return read_knob(reader, value, place, &machine);
}

static int read_mask(const struct reader *reader, struct json_object *value, const char *place,
		     void *target __attribute__((unused)))
{
	char text[VFIOAP_MASK_TEXT_SIZE];
	struct vfioap_ids ids = { 0 };
	int rc = read_ids(reader, value, place, &ids);

	vfioap_ids_format_mask(&ids, text);
	return rc ? rc : set(reader, place, VFIOAP_ANY, VFIOAP_ANY, place, text);
}

/* Read before the others, whatever the order in the file. */
static int read_nothing(const struct reader *reader __attribute__((unused)),
			struct json_object *value __attribute__((unused)),
			const char *place __attribute__((unused)),
			void *target __attribute__((unused)))
{
	return 0;
}

static int read_number(const struct reader *reader, struct json_object *object,
		       const char *place, const char *key, int *number)
{
	struct json_object *value = NULL;
	_cleanup_text_ char *below = NULL;

	if (!json_object_is_type(object, json_type_object))
		return refuse(reader, place, object, "an object: { ... }");
	json_object_object_get_ex(object, key, &value);
	if (asprintf(&below, "%s.%s", place, key) < 0) {
		below = NULL;
		return error_no_memory(reader->error);
	}
	*number = json_object_get_int(value);
	if (!json_object_is_type(value, json_type_int) || *number < 0 || *number >= VFIOAP_IDS)
		return refuse(reader, below, value, "a number from 0 to 255");
	return 0;
}

static const struct key queue_keys[] = {
	{ "domain", read_nothing },    { "reset_ms", read_knob },
	{ "stuck", read_knob },	       { "aqic_ms", read_knob },
	{ "message_ms", read_knob },   { "rc_tapq", read_knob },
	{ "rc_rapq", read_knob },      { "rc_zapq", read_knob },
	{ "rc_aqic", read_knob },      { "rc_nqap", read_knob },
	{ "rc_dqap", read_knob },      { "async_error", read_knob },
	{ 0 },
};

static int read_queue(const struct reader *reader, struct json_object *value, const char *place,
		      void *target)
{
	struct item queue = *(const struct item *)target;
	int rc = read_number(reader, value, place, "domain", &queue.domain);

	return rc ? rc : read_object(reader, value, place, queue_keys, &queue);
}

static int read_queues(const struct reader *reader, struct json_object *value,
		       const char *place, void *target)
{
	return read_list(reader, value, place, "a list of queues: [ { ... } ]", read_queue,
			 target);
}

static const struct key adapter_keys[] = {
	{ "adapter", read_nothing }, { "type", read_knob },    { "mode", read_knob },
	{ "depth", read_knob },	     { "config", read_knob },  { "chkstop", read_knob },
	{ "queues", read_queues },   { 0 },
};

static int read_adapter(const struct reader *reader, struct json_object *value,
			const char *place, void *target __attribute__((unused)))
{
	struct item adapter = { VFIOAP_ANY, VFIOAP_ANY };
	struct machine *machine = machine_of(reader);
	int rc = read_number(reader, value, place, "adapter", &adapter.adapter);

	if (rc)
		return rc;
	if (vfioap_ids_has(&machine->named, (unsigned int)adapter.adapter))
		return refuse(reader, place, value, "each adapter once");
	vfioap_ids_add(&machine->named, (unsigned int)adapter.adapter);
	rc = read_object(reader, value, place, adapter_keys, &adapter);
	return rc ? rc : set(reader, place, adapter.adapter, VFIOAP_ANY, "live", "1");
}

/* The adapters that are not in the file leave the machine first. */
static int take_out_others(const struct reader *reader)
{
	const struct machine *machine = machine_of(reader);
	size_t i;
	int rc = 0;

	for (i = 0; i < vfioap_sim_get_num_knobs(machine->sim) && !rc; i++) {
		const struct vfioap_knob *knob = vfioap_sim_get_knob(machine->sim, i);

		if (knob->adapter >= 0 && !strcmp(knob->name, "live") &&
		    !vfioap_ids_has(&machine->named, (unsigned int)knob->adapter))
			rc = set(reader, "adapters", knob->adapter, VFIOAP_ANY, "live", "0");
	}
	return rc;
}

static int read_adapters(const struct reader *reader, struct json_object *value,
			 const char *place, void *target)
{
	int rc = read_list(reader, value, place, "a list of adapters: [ { ... } ]", read_adapter,
			   target);

	return rc ? rc : take_out_others(reader);
}

static const struct key machine_keys[] = {
	SCHEMA_VERSION_KEY,
	{ "max_adapter_id", read_machine_knob },
	{ "max_domain_id", read_machine_knob },
	{ "qci", read_machine_knob },
	{ "qci_flags", read_machine_knob },
	{ "domains", read_mask },
	{ "control_domains", read_mask },
	{ "adapters", read_adapters },
	{ 0 },
};

int vfioap_plan_sim_load(struct vfioap_plan *plan, const char *text, size_t length,
			 const char *source, struct vfioap_error **error)
{
	struct machine machine = { .plan = plan };
	const struct reader reader = { source, &machine, error };
	size_t first = plan->num_steps;
	int rc;

	rc = plan_check_open(plan, error);
	if (!rc)
		rc = vfioap_sim_read(plan->ctx, &machine.sim, error);
	if (rc)
		return rc;
	rc = read_file(&reader, text, length, machine_keys);
	vfioap_sim_free(machine.sim);
	if (!rc && plan->num_steps > first)
		rc = vfioap_plan_sim_scan(plan, error);
	if (rc)
		plan_drop_steps(plan, first);
	return rc;
}
