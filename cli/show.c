// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * show: one device, queue by queue, with reasons.
 */
#include <stdlib.h>
#include <string.h>

#include "describe.h"
#include "families.h"
#include "json_document.h"
#include "long_array.h"
#include "request.h"

enum queue_flags {
	REQUESTED = 1 << 0,	/* by the definition; without one, what is assigned was requested */
	ASSIGNED = 1 << 1,
	EFFECTIVE = 1 << 2,
};

/**
 * struct shown - what is shown, for a long array of the queues
 * @host: that the others are in
 * @device: NULL: it is not active
 * @definition: NULL: it is not defined
 * @explanation: NULL: it is not active
 * @flags: or-ed enum queue_flags for each APQN
 * @apqns: @num_apqns of them, those with flags
 */
struct shown {
	char uuid[VFIOAP_UUID_SIZE];
	struct vfioap_host *host;
	const struct vfioap_device *device;
	const struct vfioap_definition *definition;
	struct vfioap_explanation *explanation;
	uint8_t flags[VFIOAP_IDS * VFIOAP_IDS];
	uint16_t apqns[VFIOAP_IDS * VFIOAP_IDS];
	size_t num_apqns;
};

static void free_shown(void *source)
{
	struct shown *shown = source;

	vfioap_explanation_free(shown->explanation);
	vfioap_host_free(shown->host);
	free(shown);
}

static void free_shownp(struct shown **shown)
{
	if (*shown)
		free_shown(*shown);
}

static struct json_object *describe_reason(const struct vfioap_finding *finding)
{
	struct json_object *object = json_object_new_object();
	uint16_t culprit;

	json_put_text(object, "code", vfioap_reason_name(vfioap_finding_get_reason(finding)));
	json_put_text(object, "message", vfioap_finding_get_message(finding));
	json_put(object, "queue",
		 vfioap_finding_get_culprit(finding, &culprit) ? describe_apqn(culprit) : NULL);
	json_put(object, "owner", describe_owner(vfioap_finding_get_owner(finding)));
	json_put_text(object, "hint", vfioap_finding_get_hint(finding));
	return object;
}

/* Of what is requested, but not assigned. */
static struct json_object *describe_lack(const struct shown *shown, const char *option,
					 unsigned int id)
{
	struct json_object *object = json_object_new_object();
	char hint[128];

	if (shown->device)
		snprintf(hint, sizeof(hint), "vfioap-ctl assign %s --%s 0x%02x", shown->uuid,
			 option, id);
	else
		snprintf(hint, sizeof(hint), "vfioap-ctl start %s", shown->uuid);
	json_put_text(object, "code", shown->device ? "not_assigned" : "inactive");
	json_put_text(object, "message",
		      shown->device ? "it is in the definition, but not assigned" :
				      "the device is defined, but not started");
	json_put(object, "queue", NULL);
	json_put(object, "owner", NULL);
	json_put_text(object, "hint", hint);
	return object;
}

/*
 * The finding about one queue or control domain. What there is to say about a
 * device as a whole (it is being removed) is the first finding.
 */
static const struct vfioap_finding *or_first(const struct vfioap_finding *finding,
					     const struct vfioap_explanation *explanation)
{
	return finding ? finding : vfioap_explanation_get_finding(explanation, 0);
}

static struct json_object *queue_reason(const struct shown *shown, uint16_t apqn)
{
	unsigned int adapter = vfioap_apqn_adapter(apqn), domain = vfioap_apqn_domain(apqn);
	bool lacks_adapter = !shown->device ||
			     !vfioap_ids_has(&vfioap_device_get_matrix(shown->device)->adapters,
					     adapter);

	if (shown->flags[apqn] & ASSIGNED)
		return describe_reason(
			or_first(vfioap_explanation_find_queue(shown->explanation, apqn),
				 shown->explanation));
	return describe_lack(shown, lacks_adapter ? "adapters" : "domains",
			     lacks_adapter ? adapter : domain);
}

static struct json_object *describe_shown(void *source, size_t index)
{
	const struct shown *shown = source;
	uint16_t apqn = shown->apqns[index];
	struct json_object *object = describe_queue_name(apqn);

	json_put_bool(object, "requested", shown->flags[apqn] & REQUESTED);
	json_put_bool(object, "assigned", shown->flags[apqn] & ASSIGNED);
	json_put_bool(object, "effective", shown->flags[apqn] & EFFECTIVE);
	json_put(object, "reason", queue_reason(shown, apqn));
	return object;
}

/* Takes over what is shown. */
static struct json_object *queues_with_reasons(struct shown *shown)
{
	unsigned int apqn;

	for (apqn = 0; apqn < VFIOAP_IDS * VFIOAP_IDS; apqn++) {
		if (shown->flags[apqn])
			shown->apqns[shown->num_apqns++] = (uint16_t)apqn;
	}
	return long_array_new(shown->num_apqns, describe_shown, shown, free_shown);
}

/* What a device that is being removed still has stands only in its description. */
static void note_assigned(struct shown *shown, struct json_object *described)
{
	struct json_object *queues = json_member(described, "queues");
	size_t i, count = array_length(queues);

	for (i = 0; i < count; i++) {
		_cleanup_member_ struct json_object *queue = array_member(queues, i);
		uint16_t apqn = vfioap_apqn((unsigned int)json_number(queue, "adapter"),
					    (unsigned int)json_number(queue, "domain"));

		shown->flags[apqn] = ASSIGNED | (shown->definition ? 0 : REQUESTED) |
				     (json_true(queue, "effective") ? EFFECTIVE : 0);
	}
}

static void note_requested(struct shown *shown)
{
	const struct vfioap_matrix *matrix;
	unsigned int adapter, domain;

	if (!shown->definition)
		return;
	matrix = vfioap_definition_get_matrix(shown->definition);
	vfioap_ids_for_each(adapter, &matrix->adapters) {
		vfioap_ids_for_each(domain, &matrix->domains)
			shown->flags[vfioap_apqn(adapter, domain)] |= REQUESTED;
	}
}

static struct json_object *control_domain_reason(const struct shown *shown, unsigned int domain,
						 bool assigned)
{
	if (!assigned)
		return describe_lack(shown, "control-domains", domain);
	return describe_reason(
		or_first(vfioap_explanation_find_control_domain(shown->explanation, domain),
			 shown->explanation));
}

static struct json_object *control_domains_with_reasons(const struct shown *shown)
{
	const struct vfioap_matrix nothing = { 0 };
	const struct vfioap_matrix *has =
		shown->device ? vfioap_device_get_matrix(shown->device) : &nothing;
	const struct vfioap_matrix *guest =
		shown->device ? vfioap_device_get_guest_matrix(shown->device) : &nothing;
	const struct vfioap_matrix *stored =
		shown->definition ? vfioap_definition_get_matrix(shown->definition) : has;
	struct vfioap_ids domains = vfioap_ids_or(&has->control_domains, &stored->control_domains);
	struct json_object *array = json_object_new_array();
	unsigned int domain;

	vfioap_ids_for_each(domain, &domains) {
		bool assigned = vfioap_ids_has(&has->control_domains, domain);
		struct json_object *object = json_object_new_object();

		json_put_number(object, "domain", domain);
		json_put_bool(object, "requested", vfioap_ids_has(&stored->control_domains, domain));
		json_put_bool(object, "assigned", assigned);
		json_put_bool(object, "effective", vfioap_ids_has(&guest->control_domains, domain));
		json_put(object, "reason", control_domain_reason(shown, domain, assigned));
		json_object_array_add(array, object);
	}
	return array;
}

/* Find the device, its definition and reasons; 0, or -1 with the document's error set. */
static int find(struct shown *shown, const struct device_reference *reference,
		struct document *doc)
{
	struct vfioap_error *error = NULL;

	memcpy(shown->uuid, reference->uuid, sizeof(shown->uuid));
	shown->device = vfioap_host_find_device(shown->host, reference->uuid);
	shown->definition = vfioap_host_find_definition(shown->host, reference->uuid);
	if (!shown->device && !shown->definition) {
		if (!need_driver(shown->host, doc))
			need_device(shown->host, reference, doc);
		return -1;
	}
	if (shown->device && vfioap_explain_device(shown->host, reference->uuid,
						   &shown->explanation, &error))
		return document_fail_with(doc, error);
	return 0;
}

int show_run(struct request *req, struct document *doc)
{
	__attribute__((cleanup(free_shownp))) struct shown *shown = calloc(1, sizeof(*shown));
	struct json_object *described, *control_domains;
	struct device_reference reference;

	if (!shown)
		return document_fail(doc, "failed", NULL, "out of memory");
	if (request_device(req, req->arguments[0], &reference, doc))
		return -1;
	shown->host = request_host(req, VFIOAP_READ_ALL, doc);
	if (!shown->host || find(shown, &reference, doc))
		return -1;
	described = describe_known_device(shown->host, reference.uuid, &reference);
	note_assigned(shown, described);
	note_requested(shown);
	control_domains = control_domains_with_reasons(shown);
	doc->data = json_object_new_object();
	json_put(doc->data, "device", described);
	json_put(doc->data, "queues", queues_with_reasons(shown));
	json_put(doc->data, "control_domains", control_domains);
	shown = NULL;
	return 0;
}
