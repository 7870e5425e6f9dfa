// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers: lists and ranges as people write them, masks as the kernel does. */
#include <errno.h>
#include <string.h>

#include "fabricated.h"

static void test_lists_are_read(void **state)
{
	static const struct {
		const char *text;
		const char *written;
	} cases[] = {
		{ "5", "0x05" },
		{ "0", "0x00" },
		{ "255", "0xff" },
		{ "0x05", "0x05" },
		{ "0x5", "0x05" },
		{ "0x0005", "0x05" },
		{ "0xAb", "0xab" },
		{ "1,3-5,0x0a-0x0c", "0x01,0x03-0x05,0x0a-0x0c" },
		{ "5,5,4", "0x04,0x05" },
		{ "7-7", "0x07" },
		{ "3-5,4-6", "0x03-0x06" },
		{ "0-255", "0x00-0xff" },
		{ "0x0-0xff", "0x00-0xff" },
		{ "62-66", "0x3e-0x42" },
	};
	char text[VFIOAP_IDS_TEXT_SIZE];
	struct vfioap_ids set;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(vfioap_ids_parse(cases[i].text, &set, NULL), 0);
		vfioap_ids_format(&set, VFIOAP_ADAPTER_DIGITS, text);
		assert_string_equal(text, cases[i].written);
	}
}

static void test_bad_lists_are_refused_with_the_text_quoted(void **state)
{
	static const struct {
		const char *text;
		const char *quoted;
	} cases[] = {
		{ "", "''" },
		{ ",", "','" },
		{ "1,,2", "'1,,2'" },
		{ ",1", "',1'" },
		{ "1,", "'1,'" },
		{ "010", "'010'" },
		{ "05", "'05'" },
		{ "0a", "'0a'" },
		{ "00", "'00'" },
		{ "1,2-05", "'05'" },
		{ "01-3", "'01'" },
		{ "256", "'256'" },
		{ "0x100", "'0x100'" },
		{ "99999999999999999999", "'99999999999999999999'" },
		{ "0xfffffffffffffffffffff", "'0xfffffffffffffffffffff'" },
		{ "250-256", "'250-256'" },
		{ "5-3", "'5-3'" },
		{ "-5", "'-5'" },
		{ "+5", "'+5'" },
		{ "5-", "'5-'" },
		{ "5--6", "'5--6'" },
		{ "3-4-5", "'3-4-5'" },
		{ "a", "'a'" },
		{ "0x", "'0x'" },
		{ "0X5", "'0X5'" },
		{ "0xg", "'0xg'" },
		{ "5 ", "'5 '" },
		{ " 5", "' 5'" },
		{ "1, 2", "' 2'" },
		{ "5\n", "'5\n'" },
		{ "5\033[31m", "'5\\x1b[31m'" },
		{ "5x", "'5x'" },
		{ "5;6", "'5;6'" },
		{ "05.0004", "'05.0004'" },
	};
	struct vfioap_ids set, untouched;
	size_t i;

	(void)state;
	memset(&untouched, 0x5a, sizeof(untouched));
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vfioap_error *error = NULL;

		set = untouched;
		assert_int_equal(vfioap_ids_parse(cases[i].text, &set, &error), -EINVAL);
		assert_true(vfioap_ids_equal(&set, &untouched));
		assert_error(error, VFIOAP_INVALID, EINVAL, cases[i].quoted);
	}
}

static void test_leading_zero_says_what_to_write(void **state)
{
	struct vfioap_error *error = NULL;
	struct vfioap_ids set;

	(void)state;
	vfioap_ids_parse("05", &set, &error);
	assert_error(error, VFIOAP_INVALID, EINVAL, "write 0x05 or 5");
	vfioap_ids_parse("010", &set, &error);
	assert_error(error, VFIOAP_INVALID, EINVAL, "write 0x10 or 10");
	vfioap_ids_parse("0a", &set, &error);
	assert_error(error, VFIOAP_INVALID, EINVAL, "write 0x0a or 10");
}

static void test_long_garbage_is_quoted_in_part(void **state)
{
	struct vfioap_error *error = NULL;
	struct vfioap_ids set;
	char text[5000];

	(void)state;
	memset(text, 'z', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(vfioap_ids_parse(text, &set, &error), -EINVAL);
	assert_true(strlen(vfioap_error_get_message(error)) < 200);
	vfioap_error_free(error);
}

static void test_written_lists_are_read_again(void **state)
{
	struct vfioap_ids set = { 0 }, again;
	char text[VFIOAP_IDS_TEXT_SIZE];
	unsigned int id;

	(void)state;
	vfioap_ids_format(&set, VFIOAP_DOMAIN_DIGITS, text);
	assert_string_equal(text, "");
	for (id = 0; id < VFIOAP_IDS; id += 2)
		vfioap_ids_add(&set, id);
	vfioap_ids_format(&set, VFIOAP_DOMAIN_DIGITS, text);
	assert_true(strlen(text) < VFIOAP_IDS_TEXT_SIZE - 1);
	assert_int_equal(vfioap_ids_parse(text, &again, NULL), 0);
	assert_true(vfioap_ids_equal(&set, &again));
}

static void test_masks_are_left_justified(void **state)
{
	static const struct {
		const char *text;
		const char *ids;
	} cases[] = {
		{ "0x8", "0" },
		{ "8", "0" },
		{ "x8", "0" },
		{ "0x04", "5" },
		{ "0x0420\n", "5,10" },
		{ "FF", "0-7" },
		{ "0", "" },
		{ "0x0000000000000001000000000000000180000000000000000000000000000001",
		  "63,127,128,255" },
	};
	struct vfioap_ids set;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(vfioap_ids_parse_mask(cases[i].text, &set, NULL), 0);
		assert_ids(&set, cases[i].ids);
	}
}

static void test_bad_masks_are_refused(void **state)
{
	static const char *const cases[] = {
		"", "0x", "x", "\n", "0X8", "0x8g", "0x8 ", "0x8\n\n", "not supported", "-5",
		"0x00000000000000000000000000000000000000000000000000000000000000000",
	};
	struct vfioap_ids set;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vfioap_error *error = NULL;

		assert_int_equal(vfioap_ids_parse_mask(cases[i], &set, &error), -EINVAL);
		assert_error(error, VFIOAP_INVALID, EINVAL, cases[i]);
	}
}

static void test_masks_are_written_as_the_kernel_does(void **state)
{
	struct vfioap_ids set = ids("5,10,71,171,255");
	char text[VFIOAP_MASK_TEXT_SIZE];

	(void)state;
	vfioap_ids_format_mask(&set, text);
	assert_string_equal(text,
			    "0x0420000000000000010000000000000000000000001000000000000000000001");
}

static void test_sets(void **state)
{
	struct vfioap_ids a = ids("1,64,128,255"), b = ids("1,65,255"), c;
	unsigned int id, count = 0;

	(void)state;
	c = vfioap_ids_or(&a, &b);
	assert_ids(&c, "1,64,65,128,255");
	c = vfioap_ids_and(&a, &b);
	assert_ids(&c, "1,255");
	c = vfioap_ids_minus(&a, &b);
	assert_ids(&c, "64,128");
	assert_int_equal(vfioap_ids_count(&a), 4);
	vfioap_ids_for_each(id, &a)
		count += vfioap_ids_has(&a, id);
	assert_int_equal(count, 4);
	assert_int_equal(vfioap_ids_next(&a, 256), VFIOAP_IDS);
	vfioap_ids_add(&a, 256);
	vfioap_ids_remove(&a, 1000);
	assert_false(vfioap_ids_has(&a, 256));
	assert_int_equal(vfioap_ids_count(&a), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists_are_read),
		cmocka_unit_test(test_bad_lists_are_refused_with_the_text_quoted),
		cmocka_unit_test(test_leading_zero_says_what_to_write),
		cmocka_unit_test(test_long_garbage_is_quoted_in_part),
		cmocka_unit_test(test_written_lists_are_read_again),
		cmocka_unit_test(test_masks_are_left_justified),
		cmocka_unit_test(test_bad_masks_are_refused),
		cmocka_unit_test(test_masks_are_written_as_the_kernel_does),
		cmocka_unit_test(test_sets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
