// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "queue_name.h"

bool queue_parse(const char *name, uint16_t *apqn)
{
	char canonical[QUEUE_NAME_SIZE];
	unsigned int apid, apqi;

	if (sscanf(name, "%2x.%4x", &apid, &apqi) != 2 || apqi > 0xff)
		return false;
	*apqn = apid << 8 | apqi;
	queue_format(canonical, *apqn);
	return !strcmp(name, canonical);
}

void queue_format(char name[static QUEUE_NAME_SIZE], uint16_t apqn)
{
	snprintf(name, QUEUE_NAME_SIZE, "%02x.%04x", apqn >> 8, apqn & 0xff);
}
