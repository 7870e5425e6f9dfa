// SPDX-License-Identifier: GPL-2.0-or-later
/* The example in vfioap.h does what it says. */
#include <stdio.h>
#include <string.h>

#include "fabricated.h"

static char output[1000];

static int print(const char *format, ...) __attribute__((format(printf, 1, 2)));

static int print(const char *format, ...)
{
	size_t used = strlen(output);
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vsnprintf(output + used, sizeof(output) - used, format, arguments);
	va_end(arguments);
	return n;
}

static void run_example(const char *root)
{
#define printf print
#include "example.inc"
#undef printf
}

static void test_example(void **state)
{
	struct fabricated *host = fabricate("");

	(void)state;
	run_example(host->root);
	assert_non_null(strstr(output, "/vfio_ap-passthrough/create\n"));
	assert_non_null(strstr(output, "/ap_config\n"));
	output[0] = '\0';
	run_example("/nowhere");
	assert_string_equal(output, "there is no root directory '/nowhere'\n");
	fabricated_free(host);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_example),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
