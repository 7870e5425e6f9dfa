/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef VFIOAP_OWNERSHIP_H
#define VFIOAP_OWNERSHIP_H

#include "host.h"

/* Find the owner of every queue from masks, drivers and devices. */
void ownership_settle(struct vfioap_host *host);
/*
 * The same of the queues in @area only: if nothing else has changed, and so that a plan of
 * many changes does not look at every queue for each of them.
 */
void ownership_settle_within(struct vfioap_host *host, const struct vfioap_matrix *area);

#endif
