/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From the state of a queue to a verdict (verdict.c), from queues with the same verdict
 * to findings (explain.c), from a finding to words (finding.c).
 */
#ifndef VFIOAP_EXPLAIN_H
#define VFIOAP_EXPLAIN_H

#include "host.h"

enum verdict_kind {
	ABOUT_QUEUE,
	ABOUT_CONTROL_DOMAIN,
	ABOUT_DEVICE,
};

/**
 * struct verdict - why something is as it is
 * @id: the adapter or the domain that the reason is about; 0 if it is about neither
 * @culprit: the queue because of which the adapter is left out; -1: none
 */
struct verdict {
	enum vfioap_reason reason;
	enum verdict_kind kind;
	unsigned int id;
	int culprit;
	const struct vfioap_owner *owner;
};

struct vfioap_finding {
	struct verdict verdict;
	uint16_t *queues;
	size_t num_queues;
	size_t queues_size;
	struct vfioap_ids control_domains;
	char *message;
	char *hint;
};

/*
 * A queue that the device has been assigned. What is true of all queues of its adapter
 * is found out once, by verdict_of_adapter().
 */
struct verdict verdict_of_adapter(const struct vfioap_host *host,
				  const struct vfioap_device *device, unsigned int adapter);
struct verdict verdict_of_queue(const struct vfioap_host *host,
				const struct vfioap_device *device, uint16_t apqn,
				const struct verdict *of_adapter);
struct verdict verdict_of_control_domain(const struct vfioap_host *host,
					 const struct vfioap_device *device, unsigned int domain);
struct verdict verdict_without_device(const struct vfioap_host *host, uint16_t apqn);

/* Message and hint. @device may be NULL. 0 or -ENOMEM. */
int finding_write(struct vfioap_finding *finding, const struct vfioap_host *host,
		  const struct vfioap_device *device);

#endif
