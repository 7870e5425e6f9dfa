// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * explain: why a device or queue is as it is, and what to do.
 */
#include "describe.h"
#include "families.h"
#include "json_document.h"
#include "request.h"

static struct json_object *describe_finding(const struct vfioap_finding *finding)
{
	struct json_object *object = json_object_new_object();
	struct json_object *queues = json_object_new_array();
	uint16_t culprit;
	size_t i;

	for (i = 0; i < vfioap_finding_get_num_queues(finding); i++)
		json_object_array_add(queues, describe_apqn(vfioap_finding_get_queue(finding, i)));
	json_put_text(object, "code", vfioap_reason_name(vfioap_finding_get_reason(finding)));
	json_put_bool(object, "ok", vfioap_finding_is_ok(finding));
	json_put_text(object, "message", vfioap_finding_get_message(finding));
	json_put(object, "queues", queues);
	json_put(object, "control_domains",
		 describe_ids(vfioap_finding_get_control_domains(finding)));
	json_put(object, "because_of",
		 vfioap_finding_get_culprit(finding, &culprit) ? describe_apqn(culprit) : NULL);
	json_put(object, "owner", describe_owner(vfioap_finding_get_owner(finding)));
	json_put_text(object, "hint", vfioap_finding_get_hint(finding));
	return object;
}

static void describe_findings(struct document *doc, const struct vfioap_explanation *explanation,
			      const char *kind, const struct device_reference *reference,
			      const char *apqn)
{
	struct json_object *subject = json_object_new_object();
	struct json_object *findings = json_object_new_array();
	size_t i;

	for (i = 0; i < vfioap_explanation_get_num_findings(explanation); i++)
		json_object_array_add(
			findings,
			describe_finding(vfioap_explanation_get_finding(explanation, i)));
	json_put_text(subject, "kind", kind);
	json_put_text(subject, "uuid", reference ? reference->uuid : NULL);
	json_put_text(subject, "name", reference ? reference->name : NULL);
	json_put_text(subject, "apqn", apqn);
	doc->data = json_object_new_object();
	json_put(doc->data, "subject", subject);
	json_put(doc->data, "findings", findings);
}

static int explain_queue(struct request *req, uint16_t apqn, struct document *doc)
{
	_cleanup_explanation_ struct vfioap_explanation *explanation = NULL;
	_cleanup_host_ struct vfioap_host *host = request_host(req, VFIOAP_READ_ALL, doc);
	struct vfioap_error *error = NULL;
	char name[VFIOAP_APQN_TEXT_SIZE];

	if (!host || need_bus(host, doc))
		return -1;
	if (vfioap_explain_queue(host, apqn, &explanation, &error))
		return document_fail_with(doc, error);
	vfioap_apqn_format(apqn, name);
	describe_findings(doc, explanation, "queue", NULL, name);
	if (!vfioap_host_find_queue(host, apqn))
		return document_fail(doc, "not_found", NULL, "the host has no queue %s", name);
	return 0;
}

int explain_run(struct request *req, struct document *doc)
{
	_cleanup_explanation_ struct vfioap_explanation *explanation = NULL;
	_cleanup_host_ struct vfioap_host *host = NULL;
	struct device_reference reference;
	struct vfioap_error *error = NULL;
	uint16_t apqn;

	if (!vfioap_apqn_parse(req->arguments[0], &apqn, NULL))
		return explain_queue(req, apqn, doc);
	if (request_device(req, req->arguments[0], &reference, doc))
		return -1;
	host = request_host(req, VFIOAP_READ_ALL, doc);
	if (!host || need_driver(host, doc) || !need_device(host, &reference, doc))
		return -1;
	if (vfioap_explain_device(host, reference.uuid, &explanation, &error))
		return document_fail_with(doc, error);
	describe_findings(doc, explanation, "device", &reference, NULL);
	return 0;
}
