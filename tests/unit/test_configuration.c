// SPDX-License-Identifier: GPL-2.0-or-later
/* The configuration file: what is read, what is refused, and where it says that it is. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fabricated.h"

/* In the tests, ' stands for ". The text is not terminated, as a file is not. */
static int parse(const char *quoted, struct vfioap_configuration **configuration,
		 struct vfioap_error **error)
{
	size_t length = strlen(quoted), i;
	char *text = malloc(length ? length : 1);
	int rc;

	assert_non_null(text);
	for (i = 0; i < length; i++)
		text[i] = quoted[i] == '\'' ? '"' : quoted[i];
	rc = vfioap_configuration_parse(text, length, "host.json", configuration, error);
	free(text);
	return rc;
}

static struct vfioap_configuration *read_good(const char *quoted)
{
	struct vfioap_configuration *configuration = NULL;
	struct vfioap_error *error = NULL;

	if (parse(quoted, &configuration, &error))
		fail_msg("%s: %s", quoted, vfioap_error_get_message(error));
	return configuration;
}

static void test_everything_is_read(void **state)
{
	struct vfioap_configuration *configuration = read_good(
		"{ 'schema_version': 1, 'pool': { 'adapters': ['3-5', '0x0a'], 'domains': [] },\n"
		"  'devices': [ { 'name': 'web1', 'adapters': ['3-5'], 'domains': [4, '0x47'],\n"
		"                 'control_domains': [16], 'start': 'auto' },\n"
		"               { 'uuid': '1111111A-1111-4111-8111-111111111111',\n"
		"                 'start': 'manual' }, { 'uuid': '" UUID_B "', 'name': 'x' } ] }\n");
	struct vfioap_ids adapters = { 0 }, domains = ids("1");
	char uuid[VFIOAP_UUID_SIZE];

	(void)state;
	assert_int_equal(vfioap_configuration_get_pool(configuration, &adapters, &domains),
			 VFIOAP_ADAPTERS | VFIOAP_DOMAINS);
	assert_ids(&adapters, "3-5,10");
	assert_ids(&domains, "");
	assert_int_equal(vfioap_configuration_get_num_devices(configuration), 3);
	assert_string_equal(vfioap_configuration_get_name(configuration, 0), "web1");
	assert_int_equal(vfioap_uuid_from_name("web1", uuid, NULL), 0);
	assert_string_equal(vfioap_configuration_get_uuid(configuration, 0), uuid);
	assert_matrix(vfioap_configuration_get_matrix(configuration, 0), "3-5", "4,71", "16");
	assert_int_equal(vfioap_configuration_get_start(configuration, 0), VFIOAP_START_AUTO);
	assert_string_equal(vfioap_configuration_get_uuid(configuration, 1),
			    "1111111a-1111-4111-8111-111111111111");
	assert_null(vfioap_configuration_get_name(configuration, 1));
	assert_matrix(vfioap_configuration_get_matrix(configuration, 1), "", "", "");
	assert_int_equal(vfioap_configuration_get_start(configuration, 1), VFIOAP_START_MANUAL);
	/* the UUID counts, not the name */
	assert_string_equal(vfioap_configuration_get_uuid(configuration, 2), UUID_B);
	assert_int_equal(vfioap_configuration_get_start(configuration, 2), VFIOAP_START_ANY);
	assert_null(vfioap_configuration_get_uuid(configuration, 3));
	assert_null(vfioap_configuration_get_matrix(configuration, 3));
	vfioap_configuration_free(configuration);
}

static void test_what_is_left_out(void **state)
{
	struct vfioap_configuration *configuration;
	struct vfioap_ids adapters = ids("9"), domains;

	(void)state;
	configuration = read_good("{'schema_version':1}");
	assert_int_equal(vfioap_configuration_get_pool(configuration, &adapters, &domains), 0);
	assert_ids(&adapters, "9");
	assert_int_equal(vfioap_configuration_get_num_devices(configuration), 0);
	vfioap_configuration_free(configuration);
	configuration = read_good("{'schema_version':1, 'pool': {'domains': [4]}}");
	assert_int_equal(vfioap_configuration_get_pool(configuration, &adapters, &domains),
			 VFIOAP_DOMAINS);
	assert_ids(&adapters, "9");
	vfioap_configuration_free(configuration);
}

#define V "{'schema_version': 1, "
#define DEVICE V "'devices': [{'name': 'a'}, "

static void test_refusals_say_where_and_what(void **state)
{
	static const struct {
		const char *text;
		const char *where;
		const char *what;
	} cases[] = {
		{ DEVICE "{'name': 'b', 'adapter': [5]}]}", "devices[1]: ", "\"adapter\"" },
		{ V "'poool': {}}", "host.json: unknown key ", "\"poool\"" },
		{ V "'pool': {'adapter': [1]}}", "pool: ", "adapters, domains" },
		{ V "'pool': []}", "pool: ", "an object" },
		{ V "'devices': {}}", "devices: ", "a list of devices" },
		{ DEVICE "5]}", "devices[1]: 5: ", "an object" },
		{ DEVICE "{'name': 'b', 'adapters': 5}]}", "devices[1].adapters: 5: ", "a list" },
		{ DEVICE "{'name': 'b', 'adapters': [0, 256]}]}", "devices[1].adapters[1]: ",
		  "256" },
		{ DEVICE "{'name': 'b', 'adapters': [-1]}]}", "devices[1].adapters[0]: ", "-1" },
		{ DEVICE "{'name': 'b', 'domains': [5.0]}]}", "devices[1].domains[0]: ", "5.0" },
		{ DEVICE "{'name': 'b', 'domains': [18446744073709551616]}]}",
		  "devices[1].domains[0]: ", "0 to 255" },
		{ DEVICE "{'name': 'b', 'domains': ['010']}]}", "devices[1].domains[0]: ",
		  "'010'" },
		{ DEVICE "{'name': 'b', 'domains': ['5-3']}]}", "devices[1].domains[0]: ",
		  "reversed" },
		{ DEVICE "{'name': 'b', 'domains': ['']}]}", "devices[1].domains[0]: ", "missing" },
		{ DEVICE "{'name': 'b', 'domains': ['5\\u0000']}]}", "devices[1].domains[0]: ",
		  "expected" },
		{ DEVICE "{'name': 'b', 'domains': [null]}]}", "devices[1].domains[0]: ", "null" },
		{ DEVICE "{'name': 'b', 'control_domains': [true]}]}",
		  "devices[1].control_domains[0]: ", "true" },
		{ DEVICE "{'name': 'b', 'start': 'AUTO'}]}", "devices[1].start: ", "\"AUTO\"" },
		{ DEVICE "{'name': 5}]}", "devices[1].name: ", "a string" },
		{ DEVICE "{'name': 'B'}]}", "devices[1]: ", "'B'" },
		{ DEVICE "{'uuid': 'b'}]}", "devices[1]: ", "'b'" },
		{ DEVICE "{}]}", "devices[1]: ", "uuid" },
		{ DEVICE "{'name': 'a'}]}", "devices[1]: ", "devices[0]" },
		{ DEVICE "{'uuid': '" UUID_A "', 'name': 'a'}]}", "devices[1]: ", "devices[0]" },
		{ V "'devices': [{'uuid': '" UUID_A "'}, {'uuid': '" UUID_A "'}]}",
		  "devices[1]: ", "devices[0]" },
		{ "{}", "host.json: ", "schema_version" },
		{ "{'schema_version': 2}", "schema_version: 2: ", "expected 1" },
		{ "{'schema_version': '1'}", "schema_version: ", "expected 1" },
		{ "[]", "the file: ", "an object" },
		{ "", "line 1: ", "empty" },
		{ "{'schema_version': 1,\n\n", "line 1: ", "ends in the middle" },
		{ "{'schema_version': 1}\n{}", "line 2: ", "not JSON" },
		{ "{'schema_version': 1,\n 'pool' {}}", "line 2: ", "not JSON" },
		{ "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "line 1: ", "not JSON" },
		{ "{'schema_version': 1,\n'devices': [{'name': 'a', 'adapters': [5],\n'adapters': [6]}]}",
		  "line 3: ", "\"adapters\" is there twice" },
		{ "{'schema_version': 1,\n'schema\\u005fversion': 1}", "line 2: ", "twice" },
		{ "{'schema_version': 1, 'devices': [{'name': '\xff'}]}", "line 1: ", "not JSON" },
		{ V "'devices': [{'name': 'a', 'adapters': [5], 'domains': [4, 5]},"
		    "{'name': 'b', 'adapters': ['4-6'], 'domains': [5]}]}",
		  "devices[1]: ", "05.0005: wanted by devices[0]" },
		{ V "'pool': {'adapters': [5], 'domains': [4]}, 'devices': [{'name': 'a',"
		    "'adapters': [6], 'domains': [4, 5]}]}",
		  "devices[0]: ", "06.0005: \"pool\" leaves it to the host" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vfioap_configuration *configuration = NULL;
		struct vfioap_error *error = NULL;
		const char *message;

		assert_int_equal(parse(cases[i].text, &configuration, &error), -EINVAL);
		assert_null(configuration);
		message = vfioap_error_get_message(error);
		if (strncmp(message, "host.json: ", 11) || !strstr(message, cases[i].where) ||
		    !strstr(message, cases[i].what))
			fail_msg("%s: expected '%s' and '%s', found '%s'", cases[i].text,
				 cases[i].where, cases[i].what, message);
		assert_error(error, VFIOAP_INVALID, EINVAL, "host.json");
	}
}

/* The devices of the file may share control domains. */
static void test_control_domains_are_nobodys(void **state)
{
	(void)state;
	vfioap_configuration_free(
		read_good(V "'devices': [{'name': 'a', 'control_domains': [4]},"
			    "{'name': 'b', 'control_domains': [4]}]}"));
}

/* A null byte ends nothing, and 5 MB are not read. */
static void test_hostile_sizes(void **state)
{
	static char large[5 << 20];
	struct vfioap_configuration *configuration = NULL;
	struct vfioap_error *error = NULL;

	(void)state;
	memset(large, ' ', sizeof(large));
	assert_int_equal(vfioap_configuration_parse(large, sizeof(large), "large", &configuration,
						    &error),
			 -EINVAL);
	assert_error(error, VFIOAP_INVALID, EINVAL, "too many");
	error = NULL;
	assert_int_equal(vfioap_configuration_parse("{\"schema_version\":1}\0x", 22, "null",
						    &configuration, &error),
			 -EINVAL);
	assert_error(error, VFIOAP_INVALID, EINVAL, "null bytes");
}

static void test_what_is_written_can_be_read(void **state)
{
	const struct vfioap_matrix wanted = matrix("5,10-12", "4,171", "16");
	const struct vfioap_ids adapters = ids("5");
	struct vfioap_configuration *configuration = NULL, *again = NULL;
	struct vfioap_ids found;
	char *text = NULL, *text_again = NULL;

	(void)state;
	assert_int_equal(vfioap_configuration_new(&configuration, NULL), 0);
	vfioap_configuration_set_pool(configuration, &adapters, NULL);
	assert_int_equal(vfioap_configuration_add_device(configuration, NULL, "web1", &wanted,
							 VFIOAP_START_AUTO, NULL), 0);
	assert_int_equal(vfioap_configuration_format(configuration, &text, NULL), 0);
	assert_int_equal(vfioap_configuration_parse(text, strlen(text), "text", &again, NULL), 0);
	assert_int_equal(vfioap_configuration_get_pool(again, &found, &found), VFIOAP_ADAPTERS);
	assert_ids(&found, "5");
	assert_true(vfioap_matrix_equal(vfioap_configuration_get_matrix(again, 0), &wanted));
	assert_int_equal(vfioap_configuration_get_start(again, 0), VFIOAP_START_AUTO);
	assert_int_equal(vfioap_configuration_format(again, &text_again, NULL), 0);
	assert_string_equal(text, text_again);
	free(text);
	free(text_again);
	vfioap_configuration_free(configuration);
	vfioap_configuration_free(again);
}

static void compare(struct vfioap_configuration *configuration, const struct vfioap_host *host,
		    unsigned int flags, const char *expected)
{
	struct vfioap_comparison *comparison = NULL;
	char text[500] = "";
	size_t i;

	assert_int_equal(vfioap_configuration_compare(configuration, host, flags, &comparison,
						      NULL), 0);
	for (i = 0; i < vfioap_comparison_get_num_differences(comparison); i++) {
		const char *uuid = vfioap_comparison_get_uuid(comparison, i);

		sprintf(text + strlen(text), "%s %.1s ",
			vfioap_difference_kind_name(vfioap_comparison_get_kind(comparison, i)),
			uuid ? uuid : "-");
	}
	assert_string_equal(text, expected);
	vfioap_comparison_free(comparison);
}

static void test_differences(void **state)
{
	struct fabricated *root = fabricate("--device " UUID_A "/5/4 --device " UUID_B "/10/4");
	struct vfioap_configuration *configuration = NULL;
	struct vfioap_host *host = NULL;

	(void)state;
	assert_int_equal(vfioap_host_read(root->ctx, VFIOAP_READ_DEVICES, &host, NULL), 0);
	assert_int_equal(vfioap_configuration_from_host(host, &configuration, NULL), 0);
	compare(configuration, host, VFIOAP_APPLY_PRUNE, "");
	vfioap_configuration_free(configuration);
	configuration = read_good(
		V "'pool': {'adapters': [5]}, 'devices': [{'uuid': '" UUID_B "', 'adapters': [10]},"
		  "{'uuid': '33333333-1111-4111-8111-111111111111'}]}");
	compare(configuration, host, 0, "pool - contents 2 missing 3 ");
	compare(configuration, host, VFIOAP_APPLY_PRUNE, "pool - contents 2 missing 3 extra 1 ");
	vfioap_configuration_free(configuration);
	vfioap_host_free(host);
	fabricated_free(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_everything_is_read),
		cmocka_unit_test(test_what_is_left_out),
		cmocka_unit_test(test_refusals_say_where_and_what),
		cmocka_unit_test(test_control_domains_are_nobodys),
		cmocka_unit_test(test_hostile_sizes),
		cmocka_unit_test(test_what_is_written_can_be_read),
		cmocka_unit_test(test_differences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
