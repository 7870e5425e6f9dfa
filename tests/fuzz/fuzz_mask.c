// SPDX-License-Identifier: GPL-2.0-or-later
/* Masks, alone and three of them, as the kernel shows and takes them. */
#include <errno.h>
#include <string.h>

#include "input.h"
#include "matrix.h"

static void try_mask(const char *text)
{
	char written[VFIOAP_MASK_TEXT_SIZE];
	struct vfioap_ids ids = { { 0 } }, again = { { 0 } };
	struct vfioap_error *error = NULL;
	int rc = vfioap_ids_parse_mask(text, &ids, &error);

	require_result(rc, error);
	if (rc)
		return;
	vfioap_ids_format_mask(&ids, written);
	REQUIRE(strlen(written) == VFIOAP_MASK_TEXT_SIZE - 1);
	REQUIRE(vfioap_ids_parse_mask(written, &again, NULL) == 0);
	REQUIRE(vfioap_ids_equal(&ids, &again));
}

static void try_config(const char *text)
{
	struct vfioap_matrix matrix = { 0 }, again = { 0 };
	char written[MATRIX_CONFIG_SIZE];
	int rc = matrix_parse_config(text, &matrix);

	REQUIRE(rc == 0 || rc == -EINVAL);
	if (rc) {
		REQUIRE(matrix_empty(&matrix));
		return;
	}
	matrix_format_config(&matrix, written);
	REQUIRE(strlen(written) == MATRIX_CONFIG_SIZE - 1);
	REQUIRE(matrix_parse_config(written, &again) == 0);
	REQUIRE(vfioap_matrix_equal(&matrix, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size);

	try_mask(text);
	try_config(text);
	free(text);
	return 0;
}
