/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef VFIOAP_OWNERSHIP_H
#define VFIOAP_OWNERSHIP_H

#include "host.h"

/* Find the owner of every queue from masks, drivers and devices. */
void ownership_settle(struct vfioap_host *host);

#endif
