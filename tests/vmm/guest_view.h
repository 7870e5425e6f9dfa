/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the guest sees: its AP configuration and its queues.
 */
#ifndef VMM_GUEST_VIEW_H
#define VMM_GUEST_VIEW_H

#include <json-c/json.h>

#include "vcpu.h"

/* Let the guest look; @all: also at queues that its configuration does not show. */
int guest_scan(struct vcpu *vcpu, bool all, struct mailbox *view, struct failure *failure);

/* Add what a scan found: adapters, domains, control domains and queues. */
void report_view(struct json_object *report, const struct mailbox *view);

/* Add a list of the queues in @seen as @key. */
void report_queues(struct json_object *report, const char *key, const struct mailbox *view);

#endif
