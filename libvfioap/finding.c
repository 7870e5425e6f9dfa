// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus.h"
#include "cleanup.h"
#include "explain.h"
#include "hint.h"
#include "owner.h"

/**
 * struct topic - what a finding's words are made from
 * @device: the one that was explained, or has the queue; NULL if there is none
 * @who: its user, or the driver that has the queue
 */
struct topic {
	const struct vfioap_finding *finding;
	const struct vfioap_host *host;
	const struct vfioap_device *device;
	char who[OWNER_TEXT_SIZE];
};

/* The first queue that keeps an adapter from the guest, and why. */
static void print_culprit(FILE *out, const struct topic *topic)
{
	uint16_t apqn = (uint16_t)topic->finding->verdict.culprit;
	const struct vfioap_queue *queue = vfioap_host_find_queue(topic->host, apqn);
	const char *driver = queue ? vfioap_queue_get_driver(queue) : NULL;
	char name[VFIOAP_APQN_TEXT_SIZE];

	vfioap_apqn_format(apqn, name);
	fprintf(out, "adapter 0x%02x is left out as a whole because of queue %s, ",
		vfioap_apqn_adapter(apqn), name);
	if (!queue)
		fputs("which the host does not have", out);
	else if (!driver)
		fputs("which is not bound to vfio_ap", out);
	else
		fprintf(out, "which is bound to %s", driver);
}

static void print_empty(FILE *out, const struct vfioap_device *device)
{
	const char *missing = "domains";

	if (vfioap_ids_empty(&device->matrix.adapters))
		missing = vfioap_ids_empty(&device->matrix.domains) ?
			"adapters and domains" : "adapters";
	fprintf(out, "device %s has no queues: it has no %s", device->uuid, missing);
}

static void print_host(FILE *out, const struct vfioap_owner *owner)
{
	fputs("reserved for the host's drivers by apmask and aqmask", out);
	if (owner->driver)
		fprintf(out, ", bound to %s", owner->driver);
}

static void print_message(FILE *out, const struct topic *topic)
{
	const struct verdict *verdict = &topic->finding->verdict;
	const char *uuid = topic->device ? topic->device->uuid : "";
	bool control = verdict->kind == ABOUT_CONTROL_DOMAIN;

	switch (verdict->reason) {
	case VFIOAP_REASON_EFFECTIVE:
		fprintf(out, "passed through by device %s to %s", uuid, topic->who);
		break;
	case VFIOAP_REASON_IDLE:
		fprintf(out, "assigned to device %s, which nobody uses: its next guest gets it",
			uuid);
		break;
	case VFIOAP_REASON_REMOVING:
		fprintf(out, "device %s is being removed, and still used by %s", uuid, topic->who);
		break;
	case VFIOAP_REASON_NO_DRIVER:
		fprintf(out, "device %s was unbound from its driver: it can only be removed", uuid);
		break;
	case VFIOAP_REASON_NO_ADAPTER:
		fprintf(out, "the host is not configured with adapter 0x%02x", verdict->id);
		break;
	case VFIOAP_REASON_NO_DOMAIN:
		fprintf(out, "the host is not configured with %sdomain 0x%04x",
			control ? "control " : "", verdict->id);
		break;
	case VFIOAP_REASON_NO_QUEUE:
		fputs("the host has the adapter and the domain, but not this queue", out);
		break;
	case VFIOAP_REASON_HOST_DRIVER:
		fprintf(out, "bound to %s, a driver of the host", verdict->owner->driver);
		break;
	case VFIOAP_REASON_NOT_BOUND:
		fputs("not bound to vfio_ap, nor to another driver", out);
		break;
	case VFIOAP_REASON_ADAPTER_FILTERED:
		print_culprit(out, topic);
		break;
	case VFIOAP_REASON_DECONFIGURED:
		fprintf(out,
			"adapter 0x%02x is deconfigured: configure it, by chzcrypt "
			"--config-on %02x or at the HMC",
			verdict->id, verdict->id);
		break;
	case VFIOAP_REASON_CHECKSTOPPED:
		fprintf(out,
			"adapter 0x%02x is checkstopped, which no command of the host mends: "
			"configure it off and on at the HMC, or have it repaired",
			verdict->id);
		break;
	case VFIOAP_REASON_RESETTING:
		fprintf(out, "adapter 0x%02x is left out until its queues are known to be reset",
			verdict->id);
		break;
	case VFIOAP_REASON_HOST:
		print_host(out, verdict->owner);
		break;
	case VFIOAP_REASON_FREE:
		fputs("free: it can be assigned to a device", out);
		break;
	case VFIOAP_REASON_EMPTY:
		print_empty(out, topic->device);
		break;
	case VFIOAP_REASON_UNKNOWN:
		fputs("held by one of the devices that are being removed", out);
		break;
	}
}

static char *make_message(const struct topic *topic)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	print_message(out, topic);
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}

static char *unassign_one(const struct topic *topic, char option, unsigned int id)
{
	struct vfioap_ids ids = { 0 };

	vfioap_ids_add(&ids, id);
	return hint_unassign(topic->device->uuid, option, &ids);
}

static bool is_unbound(const struct vfioap_host *host, uint16_t apqn)
{
	const struct vfioap_queue *queue = vfioap_host_find_queue(host, apqn);

	return queue && !queue->driver;
}

/* Give the culprit to vfio_ap if the host has it, else do without its domain. */
static char *mend_culprit(const struct topic *topic)
{
	uint16_t apqn = (uint16_t)topic->finding->verdict.culprit;

	if (bus_reserves(topic->host, apqn) || is_unbound(topic->host, apqn))
		return hint_bind(&apqn, 1);
	return unassign_one(topic, 'd', vfioap_apqn_domain(apqn));
}

static char *remove_device(const struct topic *topic, const char *option)
{
	char *hint;

	return asprintf(&hint, "vfioap-ctl remove %s%s", topic->device->uuid, option) < 0 ?
		NULL : hint;
}

/* The queues of a finding that masks keep from vfio_ap; "" if masks are not the reason. */
static char *free_reserved(const struct topic *topic)
{
	const struct vfioap_finding *finding = topic->finding;

	if (!finding->num_queues || !bus_reserves(topic->host, finding->queues[0]))
		return strdup("");
	return hint_pool_free(finding->queues, finding->num_queues);
}

/* What mends it: "" if there is no command for that, NULL if there is no memory. */
static char *make_hint(const struct topic *topic)
{
	const struct verdict *verdict = &topic->finding->verdict;
	bool control = verdict->kind == ABOUT_CONTROL_DOMAIN;

	switch (verdict->reason) {
	case VFIOAP_REASON_HOST:
	case VFIOAP_REASON_HOST_DRIVER:
		return free_reserved(topic);
	case VFIOAP_REASON_NOT_BOUND:
		if (!topic->host->has_driver)
			return strdup("vfioap-ctl driver load");
		return hint_bind(topic->finding->queues, topic->finding->num_queues);
	default:
		break;
	}
	if (!topic->device)
		return strdup("");
	switch (verdict->reason) {
	case VFIOAP_REASON_REMOVING:
		return remove_device(topic, " --wait");
	case VFIOAP_REASON_NO_DRIVER:
		return remove_device(topic, "");
	case VFIOAP_REASON_NO_ADAPTER:
		return unassign_one(topic, 'a', verdict->id);
	case VFIOAP_REASON_NO_DOMAIN:
		return unassign_one(topic, control ? 'c' : 'd', verdict->id);
	case VFIOAP_REASON_NO_QUEUE:
		return unassign_one(topic, 'd', verdict->id);
	case VFIOAP_REASON_ADAPTER_FILTERED:
		return mend_culprit(topic);
	case VFIOAP_REASON_EMPTY:
		return hint_fill(topic->host, topic->device);
	default:
		return strdup("");
	}
}

int finding_write(struct vfioap_finding *finding, const struct vfioap_host *host,
		  const struct vfioap_device *device)
{
	struct topic topic = { .finding = finding, .host = host, .device = device };

	if (finding->verdict.owner)
		owner_describe(finding->verdict.owner, topic.who);
	finding->message = make_message(&topic);
	finding->hint = make_hint(&topic);
	return finding->message && finding->hint ? 0 : -ENOMEM;
}

enum vfioap_reason vfioap_finding_get_reason(const struct vfioap_finding *finding)
{
	return finding->verdict.reason;
}

bool vfioap_finding_is_ok(const struct vfioap_finding *finding)
{
	switch (finding->verdict.reason) {
	case VFIOAP_REASON_EFFECTIVE:
	case VFIOAP_REASON_IDLE:
	case VFIOAP_REASON_HOST:
	case VFIOAP_REASON_FREE:
		return true;
	default:
		return false;
	}
}

size_t vfioap_finding_get_num_queues(const struct vfioap_finding *finding)
{
	return finding->num_queues;
}

uint16_t vfioap_finding_get_queue(const struct vfioap_finding *finding, size_t index)
{
	return finding->queues[index];
}

const struct vfioap_ids *vfioap_finding_get_control_domains(const struct vfioap_finding *finding)
{
	return &finding->control_domains;
}

bool vfioap_finding_get_culprit(const struct vfioap_finding *finding, uint16_t *apqn)
{
	if (finding->verdict.culprit < 0)
		return false;
	*apqn = (uint16_t)finding->verdict.culprit;
	return true;
}

const struct vfioap_owner *vfioap_finding_get_owner(const struct vfioap_finding *finding)
{
	return finding->verdict.owner;
}

const char *vfioap_finding_get_message(const struct vfioap_finding *finding)
{
	return finding->message;
}

const char *vfioap_finding_get_hint(const struct vfioap_finding *finding)
{
	return *finding->hint ? finding->hint : NULL;
}
