// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of queues and devices, as people write them. */
#include <errno.h>
#include <string.h>

#include "input.h"

static void try_queue(const char *text)
{
	struct vfioap_error *error = NULL;
	char written[VFIOAP_APQN_TEXT_SIZE];
	uint16_t apqn = 0, again = 0;
	int rc = vfioap_apqn_parse(text, &apqn, &error);

	require_result(rc, error);
	if (rc)
		return;
	vfioap_apqn_format(apqn, written);
	REQUIRE(!strcasecmp(text, written));
	REQUIRE(vfioap_apqn_parse(written, &again, NULL) == 0);
	REQUIRE(again == apqn);
}

static void try_pattern(const char *text)
{
	struct vfioap_queue_pattern pattern = { 0 };
	struct vfioap_error *error = NULL;
	int rc = vfioap_queue_pattern_parse(text, &pattern, &error);
	unsigned int apqn, matches = 0;

	require_result(rc, error);
	if (rc)
		return;
	for (apqn = 0; apqn < VFIOAP_IDS * VFIOAP_IDS; apqn++)
		matches += vfioap_queue_pattern_matches(&pattern, (uint16_t)apqn);
	REQUIRE(matches == 1 || matches == VFIOAP_IDS);
}

static void try_uuid(const char *text)
{
	struct vfioap_error *error = NULL;
	char uuid[VFIOAP_UUID_SIZE], again[VFIOAP_UUID_SIZE];
	int rc = vfioap_uuid_parse(text, uuid, &error);

	require_result(rc, error);
	if (rc)
		return;
	REQUIRE(!strcasecmp(text, uuid));
	REQUIRE(vfioap_uuid_parse(uuid, again, NULL) == 0);
	REQUIRE(!strcmp(uuid, again));
	/* what is a UUID is no name */
	REQUIRE(vfioap_uuid_from_name(text, again, NULL) == -EINVAL);
}

static void try_name(const char *text)
{
	struct vfioap_error *error = NULL;
	char uuid[VFIOAP_UUID_SIZE], again[VFIOAP_UUID_SIZE];
	uint16_t apqn;
	int rc = vfioap_uuid_from_name(text, uuid, &error);

	require_result(rc, error);
	if (rc)
		return;
	REQUIRE(vfioap_uuid_parse(uuid, again, NULL) == 0);
	REQUIRE(uuid[14] == '5');
	REQUIRE(vfioap_apqn_parse(text, &apqn, NULL) == -EINVAL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size);

	try_queue(text);
	try_pattern(text);
	try_uuid(text);
	try_name(text);
	free(text);
	return 0;
}
