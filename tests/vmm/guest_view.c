// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "ap_mask.h"
#include "ap_wire.h"
#include "guest_view.h"
#include "queue_name.h"
#include "report.h"

int guest_scan(struct vcpu *vcpu, bool all, struct mailbox *view, struct failure *failure)
{
	*view = (struct mailbox){ .command = COMMAND_SCAN, .all = all };
	return vcpu_call(vcpu, view, failure);
}

static bool has(const uint8_t *mask, unsigned int id)
{
	return mask[id / 8] & 0x80 >> id % 8;
}

static void report_mask(struct json_object *report, const char *key, const uint8_t *mask,
			int digits)
{
	struct json_object *list = json_object_new_array();
	char text[8];
	unsigned int id;

	for (id = 0; id < AP_IDS; id++) {
		if (!has(mask, id))
			continue;
		snprintf(text, sizeof(text), "%0*x", digits, id);
		json_object_array_add(list, json_object_new_string(text));
	}
	json_object_object_add(report, key, list);
}

void report_queues(struct json_object *report, const char *key, const struct mailbox *view)
{
	struct json_object *list = json_object_new_array();
	char name[QUEUE_NAME_SIZE];
	unsigned int apqn;

	for (apqn = 0; apqn < QUEUES; apqn++) {
		if (!has(view->seen, apqn))
			continue;
		queue_format(name, apqn);
		json_object_array_add(list, json_object_new_string(name));
	}
	json_object_object_add(report, key, list);
}

void report_view(struct json_object *report, const struct mailbox *view)
{
	report_mask(report, "adapters", view->qci + AP_QCI_APM_OFFSET, 2);
	report_mask(report, "domains", view->qci + AP_QCI_AQM_OFFSET, 4);
	report_mask(report, "control_domains", view->qci + AP_QCI_ADM_OFFSET, 4);
	report_queues(report, "queues", view);
}
