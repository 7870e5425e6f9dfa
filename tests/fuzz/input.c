// SPDX-License-Identifier: GPL-2.0-or-later
#include "input.h"

#include <string.h>

char *text_of(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	REQUIRE(text);
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

void require_result(int rc, struct vfioap_error *error)
{
	if (!rc) {
		REQUIRE(!error);
		return;
	}
	REQUIRE(rc < 0);
	REQUIRE(error);
	REQUIRE(vfioap_error_get_errno(error) == -rc);
	REQUIRE(*vfioap_error_get_message(error));
	REQUIRE(!strchr(vfioap_error_get_message(error), '\n'));
	vfioap_error_free(error);
}
