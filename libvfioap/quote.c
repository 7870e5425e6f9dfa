// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quote.h"

#include <stdio.h>
#include <string.h>

#define LONGEST_CHARACTER 4
#define ELLIPSIS "..."

void quote(const char *text, char quoted[QUOTE_SIZE])
{
	size_t used = 0;

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (used + LONGEST_CHARACTER + sizeof(ELLIPSIS) > QUOTE_SIZE) {
			strcpy(quoted + used, ELLIPSIS);
			return;
		}
		used += (size_t)sprintf(quoted + used, c >= ' ' && c <= '~' ? "%c" : "\\x%02x", c);
	}
	quoted[used] = '\0';
}
