// SPDX-License-Identifier: GPL-2.0-or-later
#include "utf8.h"

#include <err.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"

/* How many bytes the character has that starts here; 0 if it is none (RFC 3629). */
static size_t character_length(const unsigned char *byte)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length = *byte < 0x80 ? 1 : *byte >= 0xf0 ? 4 : *byte >= 0xe0 ? 3 : 2;
	uint32_t code = length == 1 ? *byte : *byte & (0x7fU >> length);
	size_t i;

	if (*byte >= 0xf8 || (*byte >= 0x80 && *byte < 0xc0))
		return 0;
	for (i = 1; i < length; i++) {
		if ((byte[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (byte[i] & 0x3f);
	}
	if (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	return length;
}

static bool is_good(const char *text)
{
	while (*text) {
		size_t length = character_length((const unsigned char *)text);

		if (!length)
			return false;
		text += length;
	}
	return true;
}

char *utf8_repair(const char *text)
{
	char *copy, *to;

	if (is_good(text))
		return NULL;
	to = copy = malloc(strlen(text) * strlen(REPLACEMENT) + 1);
	if (!copy)
		errx(EXIT_FAILURE, "out of memory");
	while (*text) {
		size_t length = character_length((const unsigned char *)text);

		if (length)
			to = mempcpy(to, text, length);
		else
			to = mempcpy(to, REPLACEMENT, strlen(REPLACEMENT));
		text += length ? length : 1;
	}
	*to = '\0';
	return copy;
}
