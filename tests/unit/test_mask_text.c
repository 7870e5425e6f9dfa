// SPDX-License-Identifier: GPL-2.0-or-later
/* kmod/ap_sim/mask_text.c: what apmask and aqmask take. */
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <setjmp.h>
#include <cmocka.h>

#include "mask_text.h"

#define ONES "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
#define ZEROS "0x0000000000000000000000000000000000000000000000000000000000000000"

struct test_case {
	const char *text;
	const char *result;	/* as far as it is not zero; NULL: refused */
};

/* Each case starts from @before. */
static void run(const char *before, const struct test_case *cases, size_t count)
{
	char text[AP_MASK_TEXT_SIZE], expected[AP_MASK_TEXT_SIZE];
	struct ap_mask mask;
	size_t i;

	for (i = 0; i < count; i++) {
		int ret;

		assert_int_equal(ap_mask_parse(before, &mask), 0);
		ret = ap_mask_parse(cases[i].text, &mask);
		strcpy(expected, ZEROS);
		if (cases[i].result)
			memcpy(expected, cases[i].result, strlen(cases[i].result));
		else
			strcpy(expected, before);
		ap_mask_format(&mask, text);
		if (ret != (cases[i].result ? 0 : -22) || strcmp(text, expected))
			fail_msg("'%s' is %d, %s", cases[i].text, ret, text);
	}
}

#define RUN(before, cases) run(before, cases, sizeof(cases) / sizeof((cases)[0]))

static void test_absolute(void **state)
{
	static const struct test_case cases[] = {
		{ "0x8", "0x8" },
		{ "8", "0x8" },
		{ "x8", "0x8" },
		{ "8\n", "0x8" },
		{ "0x0420", "0x042" },
		{ "aBcD", "0xabcd" },
		{ "", "0x" },
		{ "\n", "0x" },
		{ "0x", "0x" },
		{ ONES, ONES },
		{ ONES "\n", ONES },
		{ ONES "0", NULL },
		{ ONES "\n\n", NULL },
		{ "0X8", NULL },
		{ "0x8g", NULL },
		{ "0x8 ", NULL },
		{ " 0x8", NULL },
		{ "0x8,0x8", NULL },
		{ "banana", NULL },
	};

	(void)state;
	RUN(ONES, cases);
}

static void test_relative(void **state)
{
	static const struct test_case cases[] = {
		{ "+0", "0x8" },
		{ "+0,+4", "0x88" },
		{ "+0-3", "0xf" },
		{ "+0-7,-1-6", "0x81" },
		{ "+0+4", "0x88" },
		{ "-1-3-5", "0x" },
		{ "+0,,+4", "0x88" },
		{ "+0,\n", "0x8" },
		{ "+0\n+4\n", "0x88" },
		{ "+0x0", "0x8" },
		{ "+010", "0x008" },
		{ "+0,-0", "0x" },
		{ "-0,+0", "0x8" },
		{ "+0-0xff", ONES },
		{ "+256", NULL },
		{ "+0x100", NULL },
		{ "+4294967296", NULL },
		{ "+3-1", NULL },
		{ "+", NULL },
		{ "-", NULL },
		{ "+0-", NULL },
		{ "+0,4", NULL },
		{ "+0 ,+4", NULL },
		{ "+08", NULL },
		{ "+0x", NULL },
		{ ",+0", NULL },
		{ "+0,banana", NULL },
	};

	(void)state;
	RUN(ZEROS, cases);
}

static void test_relative_starts_from_what_is_there(void **state)
{
	static const struct test_case cases[] = {
		{ "-5,-10", "0xfbdfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff" },
		{ "-0-254", "0x0000000000000000000000000000000000000000000000000000000000000001" },
		{ "+5", ONES },
	};

	(void)state;
	RUN(ONES, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_absolute),
		cmocka_unit_test(test_relative),
		cmocka_unit_test(test_relative_starts_from_what_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
