// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Problems of the host as it is: no driver, a lock that nobody holds, queues that nobody
 * can use, devices whose guests do not get all they were given.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bus.h"
#include "cleanup.h"
#include "doctor.h"
#include "hint.h"
#include "lock.h"
#include "queue_id.h"

int check_driver(struct vfioap_diagnosis *diagnosis)
{
	struct vfioap_problem *problem;

	if (diagnosis->host->has_driver)
		return 0;
	if (!diagnosis->host->has_bus)
		return problem_add(diagnosis, "no_bus", "this machine has no AP bus") ? 0 : -ENOMEM;
	problem = problem_add(diagnosis, "no_driver", "the vfio_ap driver is not loaded: no queue "
			      "can be given to a guest");
	return problem ? problem_hint(problem, "vfioap-ctl driver load") : -ENOMEM;
}

int check_lock(struct vfioap_diagnosis *diagnosis)
{
	struct vfioap_problem *problem = NULL;

	switch (lock_inspect(diagnosis->ctx)) {
	case LOCK_GONE:
	case LOCK_HELD:
		return 0;
	case LOCK_STALE:
		problem = problem_add(diagnosis, "stale_lock", "%s was left over by a process that "
				      "is dead: the next change takes it away", LOCK_PATH);
		break;
	case LOCK_FORGED:
		problem = problem_add(diagnosis, "forged_lock", "%s is no lock file of any program "
				      "that configures AP: chzdev and mdevctl may wait for it, the "
				      "next change with vfioap-ctl takes it away", LOCK_PATH);
		break;
	}
	return problem ? problem_path(problem, LOCK_PATH) : -ENOMEM;
}

/* Queues without a driver, of those that the masks give to the host, or to vfio_ap. */
static int unbound_queues(struct vfioap_diagnosis *diagnosis, bool of_host, uint16_t *queues)
{
	const struct vfioap_host *host = diagnosis->host;
	_cleanup_text_ char *which = NULL, *hint = NULL;
	struct vfioap_problem *problem;
	size_t i, count = 0;

	for (i = 0; i < host->num_queues; i++) {
		const struct vfioap_queue *queue = &host->queues[i];

		if (!queue->driver && bus_reserves(host, queue->apqn) == of_host)
			queues[count++] = queue->apqn;
	}
	/* without vfio_ap that is said once, not of each queue */
	if (!count || (!of_host && !host->has_driver))
		return 0;
	which = queue_list_describe(queues, count);
	hint = of_host ? NULL : hint_bind(queues, count);
	if (!which || (!of_host && !hint))
		return -ENOMEM;
	problem = problem_add(diagnosis, "unbound_queues", "%s: %s, but not bound to any driver: "
			      "nobody can use %s", which,
			      of_host ? "reserved for the host's drivers" : "given to vfio_ap",
			      count == 1 ? "it" : "them");
	if (!problem || problem_hint(problem, hint))
		return -ENOMEM;
	return problem_queues(problem, queues, count);
}

int check_queues(struct vfioap_diagnosis *diagnosis)
{
	_cleanup_queues_ uint16_t *queues =
		calloc(diagnosis->host->num_queues + 1, sizeof(*queues));

	if (!queues || unbound_queues(diagnosis, true, queues))
		return -ENOMEM;
	return unbound_queues(diagnosis, false, queues);
}

/* A finding of the explanation, as a problem of the device. */
static int add_finding(struct vfioap_diagnosis *diagnosis, const struct vfioap_device *device,
		       const struct vfioap_finding *finding)
{
	size_t i, count = vfioap_finding_get_num_queues(finding);
	_cleanup_queues_ uint16_t *queues = calloc(count + 1, sizeof(*queues));
	_cleanup_text_ char *which = NULL;
	struct vfioap_problem *problem;

	if (!queues)
		return -ENOMEM;
	for (i = 0; i < count; i++)
		queues[i] = vfioap_finding_get_queue(finding, i);
	which = count ? queue_list_describe(queues, count) : strdup("the device");
	if (!which)
		return -ENOMEM;
	problem = problem_add(diagnosis,
			      vfioap_reason_name(vfioap_finding_get_reason(finding)),
			      "device %s: %s: %s", device->uuid, which,
			      vfioap_finding_get_message(finding));
	if (!problem || problem_hint(problem, vfioap_finding_get_hint(finding)) ||
	    problem_path(problem, device->path) || problem_queues(problem, queues, count))
		return -ENOMEM;
	memcpy(problem->uuid, device->uuid, sizeof(problem->uuid));
	return 0;
}

static int check_device(struct vfioap_diagnosis *diagnosis, const struct vfioap_device *device)
{
	struct vfioap_explanation *explanation;
	size_t i;
	int rc;

	rc = vfioap_explain_device(diagnosis->host, device->uuid, &explanation, NULL);
	for (i = 0; !rc && i < vfioap_explanation_get_num_findings(explanation); i++) {
		const struct vfioap_finding *finding =
			vfioap_explanation_get_finding(explanation, i);

		if (!vfioap_finding_is_ok(finding))
			rc = add_finding(diagnosis, device, finding);
	}
	if (!rc)
		vfioap_explanation_free(explanation);
	return rc;
}

int check_devices(struct vfioap_diagnosis *diagnosis)
{
	size_t i;
	int rc = 0;

	for (i = 0; !rc && i < diagnosis->host->num_devices; i++)
		rc = check_device(diagnosis, diagnosis->host->devices[i]);
	return rc;
}
