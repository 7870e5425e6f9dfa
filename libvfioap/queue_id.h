/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef VFIOAP_QUEUE_ID_H
#define VFIOAP_QUEUE_ID_H

#include "vfioap.h"

/*
 * For messages: "queue 05.0004", "queues 05.0004, 05.0005 and 14 more". For
 * hints (@limit 0): all of them, "05.0004 05.0005". NULL if there is no memory.
 */
char *queue_list_describe(const uint16_t *queues, size_t count);
char *queue_list_words(const uint16_t *queues, size_t count);

#endif
