// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text of definitions: interop.md 1, canonical form, accepted forms, hostile forms.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fabricated.h"

#define TYPE "\"mdev_type\":\"vfio_ap-passthrough\""
#define DEFINITION(attrs) "{" TYPE ",\"start\":\"manual\",\"attrs\":" attrs "}"

static struct vfioap_definition *parse(const char *text)
{
	struct vfioap_definition *definition = NULL;
	struct vfioap_error *error = NULL;

	if (vfioap_definition_parse(UUID_A, text, strlen(text), &definition, &error))
		fail_msg("%s: %s", text, vfioap_error_get_message(error));
	return definition;
}

static void assert_parsed(const char *text, const char *adapters, const char *domains,
			  const char *control_domains)
{
	struct vfioap_definition *definition = parse(text);

	assert_matrix(vfioap_definition_get_matrix(definition), adapters, domains,
		      control_domains);
	vfioap_definition_free(definition);
}

static void refuses(const char *text, size_t length, const char *word)
{
	struct vfioap_definition *definition = NULL;
	struct vfioap_error *error = NULL;

	assert_int_equal(vfioap_definition_parse(UUID_A, text, length, &definition, &error),
			 -EINVAL);
	assert_null(definition);
	assert_error(error, VFIOAP_INVALID, EINVAL, word);
}

/* As mdevctl 1.2.0 wrote it: adapters, domains, control domains, ascending, no newline. */
static void test_canonical(void **state __attribute__((unused)))
{
	struct vfioap_matrix some = matrix("10,5", "0xab,4", "4");
	struct vfioap_matrix nothing = { 0 };
	char *text;

	assert_int_equal(vfioap_definition_format(&some, VFIOAP_START_AUTO, &text, NULL), 0);
	assert_string_equal(text, "{\n"
				  "  \"mdev_type\": \"vfio_ap-passthrough\",\n"
				  "  \"start\": \"auto\",\n"
				  "  \"attrs\": [\n"
				  "    {\n      \"assign_adapter\": \"5\"\n    },\n"
				  "    {\n      \"assign_adapter\": \"10\"\n    },\n"
				  "    {\n      \"assign_domain\": \"4\"\n    },\n"
				  "    {\n      \"assign_domain\": \"171\"\n    },\n"
				  "    {\n      \"assign_control_domain\": \"4\"\n    }\n"
				  "  ]\n"
				  "}");
	assert_parsed(text, "5,10", "4,0xab", "4");
	free(text);
	assert_int_equal(vfioap_definition_format(&nothing, VFIOAP_START_MANUAL, &text, NULL), 0);
	assert_string_equal(text, "{\n"
				  "  \"mdev_type\": \"vfio_ap-passthrough\",\n"
				  "  \"start\": \"manual\",\n"
				  "  \"attrs\": []\n"
				  "}");
	free(text);
}

static void test_accepted(void **state __attribute__((unused)))
{
	assert_parsed("{" TYPE ",\"start\":\"manual\"}", "", "", "");
	assert_parsed(DEFINITION("null"), "", "", "");
	assert_parsed(DEFINITION("[]") "\n", "", "", "");
	/* decimal, hexadecimal, octal, twice the same */
	assert_parsed(DEFINITION("[{\"assign_adapter\":\"10\"},{\"assign_domain\":\"0xAB\"},"
				 "{\"assign_domain\":\"010\"},{\"assign_domain\":\"8\"}]"),
		      "10", "8,0xab", "");
	/* in their order */
	assert_parsed(DEFINITION("[{\"assign_adapter\":\"1\"},{\"assign_adapter\":\"2\"},"
				 "{\"unassign_adapter\":\"1\"},{\"unassign_domain\":\"9\"},"
				 "{\"assign_control_domain\":\"3\"}]"), "2", "", "3");
	assert_parsed(DEFINITION("[{\"assign_adapter\":\"1\"},"
				 "{\"ap_config\":\"0x04,0x08,0x01\"},{\"assign_adapter\":\"7\"}]"),
		      "5,7", "4", "7");
	/* what mdevctl ignores */
	assert_parsed("{\"x\":{\"y\":[1.5]}," TYPE ",\"start\":\"auto\"}", "", "", "");
}

static void test_start(void **state __attribute__((unused)))
{
	struct vfioap_definition *definition = parse("{" TYPE ",\"start\":\"auto\"}");

	assert_int_equal(vfioap_definition_get_start(definition), VFIOAP_START_AUTO);
	assert_string_equal(vfioap_definition_get_uuid(definition), UUID_A);
	assert_string_equal(vfioap_definition_get_path(definition),
			    "/etc/mdevctl.d/matrix/" UUID_A);
	vfioap_definition_free(definition);
	assert_string_equal(vfioap_start_name(VFIOAP_START_AUTO), "auto");
	assert_string_equal(vfioap_start_name(VFIOAP_START_MANUAL), "manual");
	assert_null(vfioap_start_name(VFIOAP_START_ANY));
}

static void test_hostile(void **state __attribute__((unused)))
{
	static const struct {
		const char *text;
		const char *word;
	} cases[] = {
		{ DEFINITION("[{\"../../../etc/passwd\":\"5\"}]"), "../../../etc/passwd" },
		{ DEFINITION("[{\"/etc/passwd\":\"5\"}]"), "/etc/passwd" },
		{ DEFINITION("[{\"remove\":\"1\"}]"), "remove" },
		{ DEFINITION("[{\"\":\"1\"}]"), "attribute ''" },
		{ DEFINITION("[{\"assign_adapter\":5}]"), "assign_adapter '5'" },
		{ DEFINITION("[{\"assign_adapter\":null}]"), "null" },
		{ DEFINITION("[{\"assign_adapter\":[\"5\"]}]"), "a string" },
		{ DEFINITION("[{\"assign_adapter\":\"12,13\"}]"), "12,13" },
		{ DEFINITION("[{\"assign_adapter\":\"256\"}]"), "256" },
		{ DEFINITION("[{\"assign_adapter\":\"0x2fffff\"}]"), "0x2fffff" },
		{ DEFINITION("[{\"assign_adapter\":\"99999999999999999999\"}]"), "0 to 255" },
		{ DEFINITION("[{\"assign_adapter\":\"-1\"}]"), "-1" },
		{ DEFINITION("[{\"assign_adapter\":\"banana\"}]"), "banana" },
		{ DEFINITION("[{\"assign_adapter\":\" 5\"}]"), " 5" },
		{ DEFINITION("[{\"assign_adapter\":\"5\\n\"}]"), "5\\x0a" },
		{ DEFINITION("[{\"assign_adapter\":\"5\\u0000\"}]"), "null byte" },
		{ DEFINITION("[{\"assign_adapter\":\"\"}]"), "assign_adapter ''" },
		{ DEFINITION("[{\"assign_adapter\":\"\\u001b[2J\"}]"), "\\x1b[2J" },
		{ DEFINITION("[{\"ap_config\":\"0x04,0x08\"}]"), "ap_config" },
		{ DEFINITION("[{\"assign_adapter\":\"1\",\"assign_domain\":\"1\"}]"), "one attribute" },
		{ DEFINITION("[{}]"), "one attribute" },
		{ DEFINITION("[\"assign_adapter\"]"), "one attribute" },
		{ DEFINITION("{\"assign_adapter\":\"5\"}"), "an array" },
		{ DEFINITION("\"assign_adapter\""), "an array" },
		{ "{\"mdev_type\":5,\"start\":\"auto\"}", "mdev_type '5'" },
		{ "{\"mdev_type\":\"i915-GVTg_V5_4\",\"start\":\"auto\"}", "i915" },
		{ "{\"start\":\"auto\"}", "mdev_type" },
		{ "{" TYPE "}", "start" },
		{ "{" TYPE ",\"start\":\"AUTO\"}", "AUTO" },
		{ "{" TYPE ",\"start\":true}", "start 'true'" },
		{ "[]", "an object" },
		{ "", "empty" },
		{ "{" TYPE ",\"start\":\"au", "ends" },
		{ DEFINITION("[]") "x", "not JSON" },
		{ "{" TYPE ",\n\"start\":'auto'}", "line 2" },
		{ "{\"x\":\"\xff\xfe\"," TYPE ",\"start\":\"auto\"}", "not JSON" },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		refuses(cases[i].text, strlen(cases[i].text), cases[i].word);
	refuses("{\0}", 3, "null bytes");
}

static void test_truncated(void **state __attribute__((unused)))
{
	struct vfioap_matrix some = matrix("5", "4", "4");
	char *text;
	size_t i;

	assert_int_equal(vfioap_definition_format(&some, VFIOAP_START_AUTO, &text, NULL), 0);
	for (i = 0; i < strlen(text); i++)
		refuses(text, i, "not JSON");
	free(text);
}

static void test_deep(void **state __attribute__((unused)))
{
	static char text[100000];

	memset(text, '[', sizeof(text));
	refuses(text, sizeof(text), "not JSON");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_canonical), cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_start),	  cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_truncated), cmocka_unit_test(test_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
