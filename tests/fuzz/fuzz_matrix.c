// SPDX-License-Identifier: GPL-2.0-or-later
/* The lists of queues and of control domains that the driver shows of a device. */
#include <errno.h>
#include <string.h>

#include "input.h"
#include "matrix.h"

static unsigned int lines(const char *text)
{
	unsigned int count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

static void try_queues(const char *text)
{
	struct vfioap_matrix matrix = { 0 };
	int rc = matrix_parse_queues(text, &matrix);

	REQUIRE(rc == 0 || rc == -EINVAL);
	REQUIRE(vfioap_ids_empty(&matrix.control_domains));
	if (rc)
		REQUIRE(matrix_empty(&matrix));
	else
		REQUIRE(vfioap_ids_count(&matrix.adapters) <= lines(text) &&
			vfioap_ids_count(&matrix.domains) <= lines(text));
}

static void try_control_domains(const char *text)
{
	struct vfioap_matrix matrix = { 0 };
	int rc = matrix_parse_control_domains(text, &matrix);

	REQUIRE(rc == 0 || rc == -EINVAL);
	if (rc)
		REQUIRE(matrix_empty(&matrix));
	else
		REQUIRE(vfioap_ids_count(&matrix.control_domains) <= lines(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size);

	try_queues(text);
	try_control_domains(text);
	free(text);
	return 0;
}
