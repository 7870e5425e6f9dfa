/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef VFIOAP_MONITOR_H
#define VFIOAP_MONITOR_H

#include "vfioap.h"

/* Throw away what has been received, for those who only want to know that something happened. */
void monitor_drain(struct vfioap_monitor *monitor);

#endif
