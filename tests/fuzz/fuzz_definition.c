// SPDX-License-Identifier: GPL-2.0-or-later
/* Stored definitions of devices, which mdevctl and people write, too. */
#include <string.h>

#include "input.h"

#define UUID "11111111-1111-4111-8111-111111111111"

/* What is written of a definition is read as the same. */
static void require_round_trip(const struct vfioap_definition *definition)
{
	const struct vfioap_matrix *matrix = vfioap_definition_get_matrix(definition);
	struct vfioap_definition *again = NULL;
	char *text = NULL;

	REQUIRE(vfioap_definition_format(matrix, vfioap_definition_get_start(definition), &text,
					 NULL) == 0);
	REQUIRE(vfioap_definition_parse(UUID, text, strlen(text), &again, NULL) == 0);
	REQUIRE(vfioap_matrix_equal(matrix, vfioap_definition_get_matrix(again)));
	REQUIRE(vfioap_definition_get_start(definition) == vfioap_definition_get_start(again));
	vfioap_definition_free(again);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vfioap_definition *definition = NULL;
	struct vfioap_error *error = NULL;
	char *text = text_of(data, size);
	int rc = vfioap_definition_parse(UUID, text, size, &definition, &error);

	require_result(rc, error);
	if (rc)
		REQUIRE(!definition);
	else
		require_round_trip(definition);
	vfioap_definition_free(definition);
	free(text);
	return 0;
}
