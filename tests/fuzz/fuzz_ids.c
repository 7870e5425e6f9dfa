// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers, lists and ranges as people write them. */
#include <errno.h>
#include <string.h>

#include "input.h"

/* What was read is read again from what is written of it. */
static void require_round_trip(const struct vfioap_ids *ids, unsigned int digits)
{
	char text[VFIOAP_IDS_TEXT_SIZE];
	struct vfioap_ids again = { { 0 } };

	vfioap_ids_format(ids, digits, text);
	REQUIRE(strlen(text) < sizeof(text));
	REQUIRE(vfioap_ids_parse(text, &again, NULL) == 0);
	REQUIRE(vfioap_ids_equal(ids, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct vfioap_ids before = { { 1, 2, 3, 4 } };
	struct vfioap_error *error = NULL;
	struct vfioap_ids ids = before;
	char *text = text_of(data, size);
	int rc = vfioap_ids_parse(text, &ids, &error);

	require_result(rc, error);
	if (rc) {
		REQUIRE(rc == -EINVAL);
		REQUIRE(vfioap_ids_equal(&ids, &before));
	} else {
		REQUIRE(!vfioap_ids_empty(&ids));
		REQUIRE(!strpbrk(text, " \t\n+"));
		require_round_trip(&ids, VFIOAP_ADAPTER_DIGITS);
		require_round_trip(&ids, VFIOAP_DOMAIN_DIGITS);
	}
	free(text);
	return 0;
}
