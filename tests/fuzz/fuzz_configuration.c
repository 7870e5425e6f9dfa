// SPDX-License-Identifier: GPL-2.0-or-later
/* The configuration file. */
#include <string.h>

#include "input.h"

/* What is written of a configuration is read again, and then written in the same way. */
static void require_round_trip(const struct vfioap_configuration *configuration)
{
	struct vfioap_configuration *again = NULL;
	char *text = NULL, *text_again = NULL;

	REQUIRE(vfioap_configuration_format(configuration, &text, NULL) == 0);
	REQUIRE(vfioap_configuration_parse(text, strlen(text), "again", &again, NULL) == 0);
	REQUIRE(vfioap_configuration_format(again, &text_again, NULL) == 0);
	REQUIRE(!strcmp(text, text_again));
	vfioap_configuration_free(again);
	free(text);
	free(text_again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vfioap_configuration *configuration = NULL;
	struct vfioap_error *error = NULL;
	char *text = text_of(data, size);
	int rc = vfioap_configuration_parse(text, size, "input", &configuration, &error);

	require_result(rc, error);
	if (rc)
		REQUIRE(!configuration);
	else
		require_round_trip(configuration);
	vfioap_configuration_free(configuration);
	free(text);
	return 0;
}
