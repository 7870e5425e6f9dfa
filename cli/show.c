// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * show: one device, queue by queue, with reasons.
 */
#include <err.h>
#include <stdlib.h>

#include "describe.h"
#include "families.h"
#include "json_document.h"
#include "long_array.h"
#include "request.h"

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

/*
 * The finding about one queue or control domain. What there is to say about a
 * device as a whole (it is being removed) is the first finding.
 */
static const struct vfioap_finding *or_first(const struct vfioap_finding *finding,
					     const struct vfioap_explanation *explanation)
{
	return finding ? finding : vfioap_explanation_get_finding(explanation, 0);
}

/**
 * struct explained - the queues of a device with their reasons, for a long array
 * @queues: as describe_device() has them
 */
struct explained {
	struct vfioap_host *host;
	struct vfioap_explanation *explanation;
	struct json_object *queues;
};

static void free_explained(void *source)
{
	struct explained *explained = source;

	json_object_put(explained->queues);
	vfioap_explanation_free(explained->explanation);
	vfioap_host_free(explained->host);
	free(explained);
}

/* Without a stored definition, what is assigned is what was requested. */
static struct json_object *describe_explained(const void *source, size_t index)
{
	const struct explained *explained = source;
	_cleanup_member_ struct json_object *queue = array_member(explained->queues, index);
	uint16_t apqn = vfioap_apqn((unsigned int)json_number(queue, "adapter"),
				    (unsigned int)json_number(queue, "domain"));
	const struct vfioap_finding *finding =
		or_first(vfioap_explanation_find_queue(explained->explanation, apqn),
			 explained->explanation);
	struct json_object *object = describe_queue_name(apqn);

	json_put_bool(object, "requested", true);
	json_put_bool(object, "assigned", true);
	json_put_bool(object, "effective", json_true(queue, "effective"));
	json_put(object, "reason", describe_reason(finding));
	return object;
}

/* Takes over the host and the explanation. */
static struct json_object *queues_with_reasons(struct json_object *device,
					       struct vfioap_host *host,
					       struct vfioap_explanation *explanation)
{
	struct json_object *queues = json_member(device, "queues");
	struct explained *explained = malloc(sizeof(*explained));

	if (!explained)
		errx(EXIT_FAILURE, "out of memory");
	*explained = (struct explained){ host, explanation, json_object_get(queues) };
	return long_array_new(array_length(queues), describe_explained, explained,
			      free_explained);
}

static struct json_object *
control_domains_with_reasons(const struct vfioap_device *device,
			     const struct vfioap_explanation *explanation)
{
	const struct vfioap_ids *guest =
		&vfioap_device_get_guest_matrix(device)->control_domains;
	struct json_object *array = json_object_new_array();
	unsigned int domain;

	vfioap_ids_for_each(domain, &vfioap_device_get_matrix(device)->control_domains) {
		const struct vfioap_finding *finding =
			or_first(vfioap_explanation_find_control_domain(explanation, domain),
				 explanation);
		struct json_object *object = json_object_new_object();

		json_put_number(object, "domain", domain);
		json_put_bool(object, "assigned", true);
		json_put_bool(object, "effective", vfioap_ids_has(guest, domain));
		json_put(object, "reason", describe_reason(finding));
		json_object_array_add(array, object);
	}
	return array;
}

int show_run(struct request *req, struct document *doc)
{
	_cleanup_explanation_ struct vfioap_explanation *explanation = NULL;
	_cleanup_host_ struct vfioap_host *host = NULL;
	const struct vfioap_device *device;
	struct device_reference reference;
	struct vfioap_error *error = NULL;
	struct json_object *described, *control_domains;

	if (request_device(req->arguments[0], &reference, doc))
		return -1;
	host = request_host(req, VFIOAP_READ_ALL, doc);
	if (!host || need_driver(host, doc))
		return -1;
	device = need_device(host, &reference, doc);
	if (!device)
		return -1;
	if (vfioap_explain_device(host, reference.uuid, &explanation, &error))
		return document_fail_with(doc, error);
	described = describe_device(host, device, &reference);
	doc->data = json_object_new_object();
	json_put(doc->data, "device", described);
	control_domains = control_domains_with_reasons(device, explanation);
	json_put(doc->data, "queues", queues_with_reasons(described, host, explanation));
	json_put(doc->data, "control_domains", control_domains);
	host = NULL;
	explanation = NULL;
	return 0;
}
