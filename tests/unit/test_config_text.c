// SPDX-License-Identifier: GPL-2.0-or-later
/* kmod/vfio_ap/config_text.c: the text of the device's attributes. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <setjmp.h>
#include <cmocka.h>

#include "config_text.h"

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

static void test_numbers(void **state)
{
	static const struct {
		const char *text;
		int ret;
		u64 number;
	} cases[] = {
		{ "5", 0, 5 },
		{ "0", 0, 0 },
		{ "5\n", 0, 5 },
		{ "+5", 0, 5 },
		{ "0x0a", 0, 10 },
		{ "0X0A\n", 0, 10 },
		{ "010", 0, 8 },
		{ "005", 0, 5 },
		{ "18446744073709551615", 0, UINT64_MAX },
		{ "0xffffffffffffffff", 0, UINT64_MAX },
		{ "18446744073709551616", -ERANGE, 0 },
		{ "0x10000000000000000", -ERANGE, 0 },
		{ "", -EINVAL, 0 },
		{ "\n", -EINVAL, 0 },
		{ "-1", -EINVAL, 0 },
		{ "++5", -EINVAL, 0 },
		{ "+", -EINVAL, 0 },
		{ "0x", -EINVAL, 0 },
		{ "08", -EINVAL, 0 },
		{ "5 ", -EINVAL, 0 },
		{ " 5", -EINVAL, 0 },
		{ "5\n\n", -EINVAL, 0 },
		{ "5,6", -EINVAL, 0 },
		{ "banana", -EINVAL, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		u64 number = 0;

		if (config_parse_number(cases[i].text, &number) != cases[i].ret)
			fail_msg("'%s'", cases[i].text);
		assert_true(number == cases[i].number);
	}
}

static int parse(const char *text, struct ap_matrix *matrix)
{
	return config_parse_masks(text, strlen(text), matrix);
}

static void test_masks(void **state)
{
	static const char *const same[] = {
		"0x04,0x08,0x08", "04,08,08", "x04,x08,x08\n", "0x04\n0x08\n0x08\n", "040,080,080",
		"0x0400000000000000000000000000000000000000000000000000000000000000,0x08,0x08",
	};
	struct ap_matrix matrix;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		assert_int_equal(parse(same[i], &matrix), 0);
		assert_int_equal(ap_mask_weight(&matrix.apm), 1);
		assert_true(ap_mask_test(&matrix.apm, 5));
		assert_true(ap_mask_test(&matrix.aqm, 4));
		assert_true(ap_mask_test(&matrix.adm, 4));
	}
}

static void test_empty_masks_are_zero(void **state)
{
	struct ap_matrix matrix;

	(void)state;
	assert_int_equal(parse("0x8,,0x8", &matrix), 0);
	assert_true(ap_mask_empty(&matrix.aqm));
	assert_int_equal(parse(",,\n", &matrix), 0);
	assert_true(ap_mask_empty(&matrix.apm) && ap_mask_empty(&matrix.adm));
}

static void test_bad_masks(void **state)
{
	static const char *const cases[] = {
		"", "\n", "0x8", "0x8,0x8", "0x8,0x8,0x8,", "0x8,0x8,0x8\n\n", "0x8,0x8,0x8,0x8",
		"0x8,0x8,0x8 ", "0x8 0x8 0x8", "0X8,0x8,0x8", "0x8g,0x8,0x8", "-5,0x8,0x8",
		ZEROS "0,0x8,0x8", "0x8,0x8," ZEROS "0",
	};
	char text[CONFIG_TEXT_SIZE + 2];
	struct ap_matrix matrix;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (parse(cases[i], &matrix) != -EINVAL)
			fail_msg("'%s'", cases[i]);
	}
	sprintf(text, "0x" ZEROS ",0x" ZEROS ",0x" ZEROS "\n");
	assert_int_equal(strlen(text), CONFIG_TEXT_SIZE);
	assert_int_equal(parse(text, &matrix), 0);
	/* a byte more was written, even if it is behind a null byte */
	assert_int_equal(config_parse_masks(text, CONFIG_TEXT_SIZE + 1, &matrix), -EINVAL);
}

static void random_matrix(struct ap_matrix *matrix)
{
	struct ap_mask *masks[] = { &matrix->apm, &matrix->aqm, &matrix->adm };
	unsigned int i, id;

	memset(matrix, 0, sizeof(*matrix));
	for (i = 0; i < 3; i++)
		for (id = 0; id < AP_IDS; id++)
			if (random() % 8 == 0)
				ap_mask_set(masks[i], id);
}

static void test_written_masks_are_read_again(void **state)
{
	char text[CONFIG_TEXT_SIZE + 1];
	struct ap_matrix matrix, again;
	unsigned int round;

	(void)state;
	srandom(1);
	for (round = 0; round < 100; round++) {
		random_matrix(&matrix);
		assert_int_equal(config_format_masks(&matrix, text), CONFIG_TEXT_SIZE);
		text[CONFIG_TEXT_SIZE] = '\0';
		assert_int_equal(text[CONFIG_TEXT_SIZE - 1], '\n');
		assert_int_equal(parse(text, &again), 0);
		assert_true(ap_matrix_equal(&matrix, &again));
	}
}

static void test_control_domains(void **state)
{
	struct ap_mask domains = AP_MASK_EMPTY;
	char text[DOMAINS_TEXT_SIZE];

	(void)state;
	assert_int_equal(config_format_domains(&domains, text), 0);
	ap_mask_set(&domains, 4);
	ap_mask_set(&domains, 0xab);
	assert_int_equal(config_format_domains(&domains, text), 10);
	assert_memory_equal(text, "0004\n00ab\n", 10);
	domains = ap_mask_upto(255);
	assert_int_equal(config_format_domains(&domains, text), DOMAINS_TEXT_SIZE);
	assert_memory_equal(text + DOMAINS_TEXT_SIZE - 5, "00ff\n", 5);
}

static void assert_matrix_text(const struct ap_matrix *matrix, const char *expected)
{
	char text[200];
	size_t size = config_read_matrix(matrix, 0, text, sizeof(text));

	assert_int_equal(size, strlen(expected));
	assert_memory_equal(text, expected, size);
}

static void test_matrix_forms(void **state)
{
	struct ap_matrix matrix = { 0 };

	(void)state;
	assert_matrix_text(&matrix, "");
	ap_mask_set(&matrix.apm, 5);
	ap_mask_set(&matrix.apm, 0xff);
	assert_matrix_text(&matrix, "05.\nff.\n");
	ap_mask_set(&matrix.aqm, 4);
	ap_mask_set(&matrix.aqm, 0xab);
	assert_matrix_text(&matrix, "05.0004\n05.00ab\nff.0004\nff.00ab\n");
	matrix.apm = AP_MASK_EMPTY;
	assert_matrix_text(&matrix, ".0004\n.00ab\n");
}

/* The text that a simple program would make. */
static char *simple_text(const struct ap_matrix *matrix, size_t *size)
{
	char *text = malloc(MATRIX_TEXT_SIZE + 1), *end = text;
	unsigned int apid, apqi;

	assert_non_null(text);
	for_each_ap_id(apid, &matrix->apm)
		for_each_ap_id(apqi, &matrix->aqm)
			end += sprintf(end, "%02x.%04x\n", apid, apqi);
	*size = (size_t)(end - text);
	return text;
}

/* F13: more than a page, complete, whatever the offset and the size of the reads. */
static void test_matrix_is_read_in_parts(void **state)
{
	static const size_t sizes[] = { 1, 7, 8, 511, 4096, 4097, MATRIX_TEXT_SIZE };
	struct ap_matrix matrix;
	char *expected, *text;
	size_t size, i;

	(void)state;
	srandom(2);
	random_matrix(&matrix);
	expected = simple_text(&matrix, &size);
	text = malloc(MATRIX_TEXT_SIZE);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		size_t offset = 0, n;

		while ((n = config_read_matrix(&matrix, offset, text + offset, sizes[i])) > 0) {
			assert_true(n <= sizes[i]);
			offset += n;
			assert_true(offset <= size);
		}
		assert_int_equal(offset, size);
		assert_memory_equal(text, expected, size);
	}
	assert_int_equal(config_read_matrix(&matrix, size + 1, text, 10), 0);
	assert_int_equal(config_read_matrix(&matrix, UINT64_MAX, text, 10), 0);
	free(expected);
	free(text);
}

static void test_matrix_of_all_queues(void **state)
{
	struct ap_matrix matrix = { .apm = ap_mask_upto(255), .aqm = ap_mask_upto(255) };
	char *text = malloc(MATRIX_TEXT_SIZE);
	size_t size;
	char *expected = simple_text(&matrix, &size);

	(void)state;
	assert_int_equal(size, MATRIX_TEXT_SIZE);
	assert_int_equal(config_read_matrix(&matrix, 0, text, MATRIX_TEXT_SIZE), size);
	assert_memory_equal(text, expected, size);
	free(expected);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_masks),
		cmocka_unit_test(test_empty_masks_are_zero),
		cmocka_unit_test(test_bad_masks),
		cmocka_unit_test(test_written_masks_are_read_again),
		cmocka_unit_test(test_control_domains),
		cmocka_unit_test(test_matrix_forms),
		cmocka_unit_test(test_matrix_is_read_in_parts),
		cmocka_unit_test(test_matrix_of_all_queues),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
