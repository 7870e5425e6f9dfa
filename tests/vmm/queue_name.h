/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of queues: "05.0004" is APQN 0x0504. */
#ifndef VMM_QUEUE_NAME_H
#define VMM_QUEUE_NAME_H

#include <stdbool.h>
#include <stdint.h>

#define QUEUE_NAME_SIZE	8

/* False if @name is not two and four lower-case hexadecimal digits of an existing number. */
bool queue_parse(const char *name, uint16_t *apqn);
void queue_format(char name[static QUEUE_NAME_SIZE], uint16_t apqn);

#endif
