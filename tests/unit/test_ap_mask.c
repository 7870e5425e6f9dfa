// SPDX-License-Identifier: GPL-2.0-or-later
/* kmod/include/ap_mask.h: sets of numbers whose bit 0 is the leftmost one. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "ap_mask.h"

static struct ap_mask mask_of(const unsigned int *numbers, size_t count)
{
	struct ap_mask mask = AP_MASK_EMPTY;
	size_t i;

	for (i = 0; i < count; i++)
		ap_mask_set(&mask, numbers[i]);
	return mask;
}

static void test_bit_0_is_the_most_significant(void **state)
{
	static const unsigned int numbers[] = { 0, 63, 64, 127, 128, 255 };
	struct ap_mask mask = mask_of(numbers, 6);

	(void)state;
	assert_true(mask.w[0] == 0x8000000000000001);
	assert_true(mask.w[1] == 0x8000000000000001);
	assert_true(mask.w[2] == 0x8000000000000000);
	assert_true(mask.w[3] == 0x0000000000000001);
	ap_mask_clear(&mask, 0);
	assert_true(mask.w[0] == 1);
	assert_false(ap_mask_test(&mask, 0));
	assert_true(ap_mask_test(&mask, 63));
}

static void test_next_finds_each_number_once(void **state)
{
	struct ap_mask mask = AP_MASK_EMPTY;
	unsigned int id, other, seen;

	(void)state;
	assert_int_equal(ap_mask_next(&mask, 0), AP_IDS);
	for (id = 0; id < AP_IDS; id++) {
		mask = AP_MASK_EMPTY;
		ap_mask_set(&mask, id);
		seen = 0;
		for_each_ap_id(other, &mask) {
			assert_int_equal(other, id);
			seen++;
		}
		assert_int_equal(seen, 1);
		assert_int_equal(ap_mask_next(&mask, id), id);
		assert_int_equal(ap_mask_next(&mask, id + 1), AP_IDS);
	}
	assert_int_equal(ap_mask_next(&mask, AP_IDS), AP_IDS);
}

static void test_sets(void **state)
{
	static const unsigned int first[] = { 1, 64, 255 }, second[] = { 1, 65 };
	struct ap_mask a = mask_of(first, 3), b = mask_of(second, 2), c;

	(void)state;
	c = ap_mask_and(&a, &b);
	assert_int_equal(ap_mask_weight(&c), 1);
	assert_true(ap_mask_test(&c, 1));
	c = ap_mask_or(&a, &b);
	assert_int_equal(ap_mask_weight(&c), 4);
	c = ap_mask_andnot(&a, &b);
	assert_int_equal(ap_mask_weight(&c), 2);
	assert_false(ap_mask_test(&c, 1));
	assert_true(ap_mask_intersects(&a, &b));
	assert_false(ap_mask_intersects(&c, &b));
	assert_true(ap_mask_equal(&a, &a));
	assert_false(ap_mask_equal(&a, &b));
	assert_false(ap_mask_empty(&b));
}

static void test_upto(void **state)
{
	unsigned int last;

	(void)state;
	for (last = 0; last < AP_IDS; last++) {
		struct ap_mask mask = ap_mask_upto(last);

		assert_int_equal(ap_mask_weight(&mask), last + 1);
		assert_true(ap_mask_test(&mask, last));
	}
	assert_int_equal(ap_mask_weight(&(struct ap_mask){ { ~0ULL, ~0ULL, ~0ULL, ~0ULL } }), 256);
}

static void test_matrices_share_a_queue_only_in_both_parts(void **state)
{
	static const unsigned int five = 5, six = 6;
	struct ap_matrix a = { .apm = mask_of(&five, 1), .aqm = mask_of(&five, 1) };
	struct ap_matrix b = { .apm = mask_of(&five, 1), .aqm = mask_of(&six, 1) };

	(void)state;
	assert_true(ap_matrix_has_queue(&a, 5, 5));
	assert_false(ap_matrix_has_queue(&a, 5, 6));
	assert_false(ap_matrix_shares_queue(&a, &b));
	assert_true(ap_matrix_shares_queue(&a, &a));
	ap_mask_set(&b.aqm, 5);
	assert_true(ap_matrix_shares_queue(&a, &b));
	assert_false(ap_matrix_equal(&a, &b));
}

static void test_apqn(void **state)
{
	(void)state;
	assert_int_equal(AP_APQN(0x0a, 0xab), 0x0aab);
	assert_int_equal(AP_APQN_APID(0x0aab), 0x0a);
	assert_int_equal(AP_APQN_APQI(0x0aab), 0xab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bit_0_is_the_most_significant),
		cmocka_unit_test(test_next_finds_each_number_once),
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_upto),
		cmocka_unit_test(test_matrices_share_a_queue_only_in_both_parts),
		cmocka_unit_test(test_apqn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
