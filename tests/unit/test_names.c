// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of queues and of devices. */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "fabricated.h"

static void test_queue_names(void **state)
{
	static const char *const bad[] = {
		"", "5.4", "05.004", "05.00004", "5.0004", "05-0004", "05.0004 ", "05.0004x",
		"05.0100", "05.ffff", "0x05.0x0004", "g5.0004", "05.*", "*.0004", "*.*", "05.", ".0004",
	};
	char text[VFIOAP_APQN_TEXT_SIZE];
	uint16_t apqn = 1;
	size_t i;

	(void)state;
	assert_int_equal(vfioap_apqn_parse("05.0004", &apqn, NULL), 0);
	assert_int_equal(apqn, 0x0504);
	assert_int_equal(vfioap_apqn_parse("FF.00fF", &apqn, NULL), 0);
	assert_int_equal(apqn, 0xffff);
	vfioap_apqn_format(0x0aab, text);
	assert_string_equal(text, "0a.00ab");
	assert_int_equal(vfioap_apqn(0x0a, 0xab), 0x0aab);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct vfioap_error *error = NULL;

		assert_int_equal(vfioap_apqn_parse(bad[i], &apqn, &error), -EINVAL);
		assert_int_equal(apqn, 0xffff);
		assert_error(error, VFIOAP_INVALID, EINVAL, bad[i]);
	}
}

static void test_queue_patterns(void **state)
{
	static const char *const bad[] = { "", "*", "*.*", "05", "05.**", "*05.0004", "05.0100" };
	struct vfioap_queue_pattern pattern;
	size_t i;

	(void)state;
	assert_int_equal(vfioap_queue_pattern_parse("05.*", &pattern, NULL), 0);
	assert_true(vfioap_queue_pattern_matches(&pattern, 0x05ab));
	assert_false(vfioap_queue_pattern_matches(&pattern, 0x0605));
	assert_int_equal(vfioap_queue_pattern_parse("*.0004", &pattern, NULL), 0);
	assert_true(vfioap_queue_pattern_matches(&pattern, 0xff04));
	assert_false(vfioap_queue_pattern_matches(&pattern, 0x0405));
	assert_int_equal(vfioap_queue_pattern_parse("05.0004", &pattern, NULL), 0);
	assert_true(vfioap_queue_pattern_matches(&pattern, 0x0504));
	assert_false(vfioap_queue_pattern_matches(&pattern, 0x0505));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(vfioap_queue_pattern_parse(bad[i], &pattern, NULL), -EINVAL);
}

static void test_uuids_become_lower_case(void **state)
{
	static const char *const bad[] = {
		"", "11111111-1111-4111-8111-11111111111", "11111111-1111-4111-8111-1111111111111",
		"11111111111141118111111111111111", "g1111111-1111-4111-8111-111111111111",
		"{1111111-1111-4111-8111-11111111111}", "11111111-1111-4111-8111-111111111111\n",
	};
	char uuid[VFIOAP_UUID_SIZE];
	size_t i;

	(void)state;
	assert_int_equal(vfioap_uuid_parse("ABCDEF01-2345-6789-ABCD-EF0123456789", uuid, NULL), 0);
	assert_string_equal(uuid, "abcdef01-2345-6789-abcd-ef0123456789");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(vfioap_uuid_parse(bad[i], uuid, NULL), -EINVAL);
}

static void test_random_uuids_are_of_version_4(void **state)
{
	char a[VFIOAP_UUID_SIZE], b[VFIOAP_UUID_SIZE], again[VFIOAP_UUID_SIZE];

	(void)state;
	assert_int_equal(vfioap_uuid_random(a, NULL), 0);
	assert_int_equal(vfioap_uuid_random(b, NULL), 0);
	assert_string_not_equal(a, b);
	assert_int_equal(vfioap_uuid_parse(a, again, NULL), 0);
	assert_string_equal(a, again);
	assert_int_equal(a[14], '4');
	assert_non_null(strchr("89ab", a[19]));
}

static void test_a_name_always_gives_the_same_uuid(void **state)
{
	char uuid[VFIOAP_UUID_SIZE];

	(void)state;
	/* python3 -c 'import uuid; print(uuid.uuid5(uuid.UUID(VFIOAP_NAME_NAMESPACE), "web1"))' */
	assert_int_equal(vfioap_uuid_from_name("web1", uuid, NULL), 0);
	assert_string_equal(uuid, "2b1a0826-a98c-5ccf-90ee-6e9df48cb403");
}

static void test_names(void **state)
{
	static const char *const good[] = {
		"a", "web1", "a.b_c-d", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"abcdef01-2345-6789-abcd-ef012345678", "all1",
	};
	static const char *const bad[] = {
		"", "all", "1web", "Web1", "web 1", "-web", "web/1", "w\xc3\xa9" "b", "web1\n",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"abcdef01-2345-6789-abcd-ef0123456789", "ab.00cd",
	};
	char uuid[VFIOAP_UUID_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_int_equal(vfioap_uuid_from_name(good[i], uuid, NULL), 0);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct vfioap_error *error = NULL;

		assert_int_equal(vfioap_uuid_from_name(bad[i], uuid, &error), -EINVAL);
		assert_error(error, VFIOAP_INVALID, EINVAL, bad[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_queue_names),
		cmocka_unit_test(test_queue_patterns),
		cmocka_unit_test(test_uuids_become_lower_case),
		cmocka_unit_test(test_random_uuids_are_of_version_4),
		cmocka_unit_test(test_a_name_always_gives_the_same_uuid),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
