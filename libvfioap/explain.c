// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "device.h"
#include "error.h"
#include "explain.h"
#include "owner.h"

struct vfioap_explanation {
	const struct vfioap_host *host;
	const struct vfioap_device *device;
	struct vfioap_finding **findings;
	size_t num_findings;
	struct vfioap_finding **by_queue;	/* for each APQN */
	struct vfioap_finding *by_control_domain[VFIOAP_IDS];
};

static void finding_free(struct vfioap_finding *finding)
{
	free(finding->queues);
	free(finding->message);
	free(finding->hint);
	free(finding);
}

void vfioap_explanation_free(struct vfioap_explanation *explanation)
{
	size_t i;

	if (!explanation)
		return;
	for (i = 0; i < explanation->num_findings; i++)
		finding_free(explanation->findings[i]);
	free(explanation->findings);
	free(explanation->by_queue);
	free(explanation);
}

static void explanation_freep(struct vfioap_explanation **explanation)
{
	vfioap_explanation_free(*explanation);
}
#define _cleanup_explanation_ _cleanup_(explanation_freep)

static struct vfioap_explanation *explanation_new(const struct vfioap_host *host,
						  const struct vfioap_device *device)
{
	_cleanup_explanation_ struct vfioap_explanation *explanation =
		calloc(1, sizeof(*explanation));

	if (!explanation)
		return NULL;
	explanation->host = host;
	explanation->device = device;
	explanation->by_queue = calloc(VFIOAP_IDS * VFIOAP_IDS, sizeof(*explanation->by_queue));
	return explanation->by_queue ? take_pointer(explanation) : NULL;
}

static bool same_verdict(const struct verdict *a, const struct verdict *b)
{
	return a->reason == b->reason && a->kind == b->kind && a->id == b->id &&
	       a->culprit == b->culprit && a->owner == b->owner;
}

/* The finding with this verdict, which is added if it is new. */
static struct vfioap_finding *find_or_add(struct vfioap_explanation *explanation,
					  const struct verdict *verdict)
{
	struct vfioap_finding **larger, *finding;
	size_t i;

	/* the latest is most likely to be the one */
	for (i = explanation->num_findings; i-- > 0;) {
		if (same_verdict(&explanation->findings[i]->verdict, verdict))
			return explanation->findings[i];
	}
	larger = realloc(explanation->findings,
			 (explanation->num_findings + 1) * sizeof(*larger));
	if (!larger)
		return NULL;
	explanation->findings = larger;
	finding = calloc(1, sizeof(*finding));
	if (!finding)
		return NULL;
	finding->verdict = *verdict;
	larger[explanation->num_findings++] = finding;
	return finding;
}

static int add_queue(struct vfioap_finding *finding, uint16_t apqn)
{
	if (finding->num_queues == finding->queues_size) {
		size_t size = finding->queues_size ? finding->queues_size * 2 : 8;
		uint16_t *larger = realloc(finding->queues, size * sizeof(*larger));

		if (!larger)
			return -ENOMEM;
		finding->queues = larger;
		finding->queues_size = size;
	}
	finding->queues[finding->num_queues++] = apqn;
	return 0;
}

static int note_queue(struct vfioap_explanation *explanation, uint16_t apqn,
		      const struct verdict *verdict)
{
	struct vfioap_finding *finding = find_or_add(explanation, verdict);

	if (!finding || add_queue(finding, apqn))
		return -ENOMEM;
	explanation->by_queue[apqn] = finding;
	return 0;
}

static int explain_queues(struct vfioap_explanation *explanation)
{
	const struct vfioap_device *device = explanation->device;
	unsigned int adapter, domain;

	vfioap_ids_for_each(adapter, &device->matrix.adapters) {
		struct verdict of_adapter = verdict_of_adapter(explanation->host, device, adapter);

		vfioap_ids_for_each(domain, &device->matrix.domains) {
			uint16_t apqn = vfioap_apqn(adapter, domain);
			struct verdict verdict =
				verdict_of_queue(explanation->host, device, apqn, &of_adapter);

			if (note_queue(explanation, apqn, &verdict))
				return -ENOMEM;
		}
	}
	return 0;
}

static int explain_control_domains(struct vfioap_explanation *explanation)
{
	const struct vfioap_device *device = explanation->device;
	struct vfioap_finding *finding;
	unsigned int domain;

	vfioap_ids_for_each(domain, &device->matrix.control_domains) {
		struct verdict verdict =
			verdict_of_control_domain(explanation->host, device, domain);

		finding = find_or_add(explanation, &verdict);
		if (!finding)
			return -ENOMEM;
		vfioap_ids_add(&finding->control_domains, domain);
		explanation->by_control_domain[domain] = finding;
	}
	return 0;
}

/* What is to be said of the device itself. */
static int explain_device(struct vfioap_explanation *explanation)
{
	const struct vfioap_device *device = explanation->device;
	struct verdict verdict = {
		.kind = ABOUT_DEVICE,
		.culprit = -1,
		.owner = device->num_users ? device->users[0] : device->as_device,
	};

	if (device->state == VFIOAP_DEVICE_REMOVING)
		verdict.reason = VFIOAP_REASON_REMOVING;
	else if (!device->bound)
		verdict.reason = VFIOAP_REASON_NO_DRIVER;
	else if (!vfioap_matrix_count_queues(&device->matrix))
		verdict.reason = VFIOAP_REASON_EMPTY;
	else
		return 0;
	return find_or_add(explanation, &verdict) ? 0 : -ENOMEM;
}

/* What needs mending first, else in the order in which it was found. */
static void sort_findings(struct vfioap_explanation *explanation)
{
	struct vfioap_finding **findings = explanation->findings;
	size_t ok = 0, i;

	for (i = 0; i < explanation->num_findings; i++) {
		struct vfioap_finding *finding = findings[i];

		if (vfioap_finding_is_ok(finding))
			continue;
		memmove(findings + ok + 1, findings + ok, (i - ok) * sizeof(*findings));
		findings[ok++] = finding;
	}
}

static int write_findings(struct vfioap_explanation *explanation)
{
	size_t i;

	for (i = 0; i < explanation->num_findings; i++) {
		if (finding_write(explanation->findings[i], explanation->host,
				  explanation->device))
			return -ENOMEM;
	}
	sort_findings(explanation);
	return 0;
}

int vfioap_explain_device(const struct vfioap_host *host, const char *text,
			  struct vfioap_explanation **result, struct vfioap_error **error)
{
	_cleanup_explanation_ struct vfioap_explanation *explanation = NULL;
	const struct vfioap_device *device;
	char uuid[VFIOAP_UUID_SIZE];
	int rc;

	rc = vfioap_uuid_parse(text, uuid, error);
	if (rc)
		return rc;
	device = device_find(host, uuid);
	if (!device) {
		rc = error_fail(error, VFIOAP_NOT_FOUND, ENOENT, "there is no device %s", uuid);
		error_hint(error, "vfioap-ctl list");
		return rc;
	}
	explanation = explanation_new(host, device);
	if (!explanation || explain_device(explanation) || explain_queues(explanation) ||
	    explain_control_domains(explanation) || write_findings(explanation))
		return error_no_memory(error);
	*result = take_pointer(explanation);
	return 0;
}

/* The device that has the queue, as far as that is known. */
static const struct vfioap_device *device_with(const struct vfioap_host *host, uint16_t apqn)
{
	const struct vfioap_queue *queue = vfioap_host_find_queue(host, apqn);
	size_t i;

	if (queue && queue->owner->uuid)
		return device_find(host, queue->owner->uuid);
	for (i = 0; i < host->num_devices; i++) {
		if (vfioap_matrix_has_queue(&host->devices[i]->matrix, apqn))
			return host->devices[i];
	}
	return NULL;
}

int vfioap_explain_queue(const struct vfioap_host *host, uint16_t apqn,
			 struct vfioap_explanation **result, struct vfioap_error **error)
{
	const struct vfioap_device *device = device_with(host, apqn);
	_cleanup_explanation_ struct vfioap_explanation *explanation =
		explanation_new(host, device);
	struct verdict verdict, of_adapter;

	if (device) {
		of_adapter = verdict_of_adapter(host, device, vfioap_apqn_adapter(apqn));
		verdict = verdict_of_queue(host, device, apqn, &of_adapter);
	} else {
		verdict = verdict_without_device(host, apqn);
	}
	if (!explanation || note_queue(explanation, apqn, &verdict) ||
	    write_findings(explanation))
		return error_no_memory(error);
	*result = take_pointer(explanation);
	return 0;
}

size_t vfioap_explanation_get_num_findings(const struct vfioap_explanation *explanation)
{
	return explanation->num_findings;
}

const struct vfioap_finding *
vfioap_explanation_get_finding(const struct vfioap_explanation *explanation, size_t index)
{
	return index < explanation->num_findings ? explanation->findings[index] : NULL;
}

const struct vfioap_finding *
vfioap_explanation_find_queue(const struct vfioap_explanation *explanation, uint16_t apqn)
{
	return explanation->by_queue[apqn];
}

const struct vfioap_finding *
vfioap_explanation_find_control_domain(const struct vfioap_explanation *explanation,
				       unsigned int domain)
{
	return domain < VFIOAP_IDS ? explanation->by_control_domain[domain] : NULL;
}
