// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From a host to a configuration: the order of the steps, and that all of them are undone
 * when one fails or when a signal comes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fabricated.h"

#define UUID_C "33333333-3333-4333-8333-333333333333"
#define DEVICES "/sys/devices/vfio_ap/matrix/"
#define TWO "--device " UUID_A "/5/4,5 --device " UUID_B "/10/4,5 "

struct test {
	struct fabricated *host;
	struct vfioap_plan *plan;
	struct vfioap_configuration *wanted;
};

static struct test begin(const char *options)
{
	struct test test = { .host = fabricate(options) };

	assert_int_equal(vfioap_plan_new(test.host->ctx, 0, &test.plan, NULL), 0);
	assert_int_equal(vfioap_configuration_new(&test.wanted, NULL), 0);
	return test;
}

static void want(struct test *test, const char *uuid, const char *adapters, const char *domains)
{
	const struct vfioap_matrix wanted = matrix(adapters, domains, "");

	assert_int_equal(vfioap_configuration_add_device(test->wanted, uuid, NULL, &wanted,
							 VFIOAP_START_ANY, NULL), 0);
}

static void want_pool(struct test *test, const char *adapters, const char *domains)
{
	const struct vfioap_ids a = ids(adapters), d = ids(domains);

	vfioap_configuration_set_pool(test->wanted, &a, &d);
}

static void end(struct test *test)
{
	vfioap_configuration_free(test->wanted);
	vfioap_plan_free(test->plan);
	fabricated_free(test->host);
}

static void plan(struct test *test, unsigned int flags)
{
	struct vfioap_error *error = NULL;

	if (vfioap_plan_apply(test->plan, test->wanted, flags, &error))
		fail_msg("%s", vfioap_error_get_message(error));
}

/* The steps as text: "A=05 B=0a" for ap_config with these adapters, "+C", "-A", "apmask". */
static void assert_steps(const struct test *test, const char *expected)
{
	char text[8 * VFIOAP_IDS_TEXT_SIZE] = "";
	size_t i;

	for (i = 0; i < vfioap_plan_get_num_steps(test->plan); i++) {
		const struct vfioap_step *step = vfioap_plan_get_step(test->plan, i);
		const char *operation = vfioap_step_get_operation(step);
		const char *uuid = vfioap_step_get_path(step) + strlen(DEVICES);
		char *end = text + strlen(text), list[VFIOAP_IDS_TEXT_SIZE];
		struct vfioap_ids adapters;
		char mask[VFIOAP_MASK_TEXT_SIZE];

		end += sprintf(end, "%s", i ? " " : "");
		if (!strcmp(operation, "ap_config")) {
			snprintf(mask, sizeof(mask), "%s", vfioap_step_get_data(step));
			assert_int_equal(vfioap_ids_parse_mask(mask, &adapters, NULL), 0);
			vfioap_ids_format(&adapters, VFIOAP_ADAPTER_DIGITS, list);
			snprintf(end, sizeof(list) + 3, "%c=%s", 'A' + *uuid - '1', list);
		} else if (!strcmp(operation, "create")) {
			sprintf(end, "+%c", 'A' + *vfioap_step_get_data(step) - '1');
		} else if (!strcmp(operation, "remove")) {
			sprintf(end, "-%c", 'A' + *uuid - '1');
		} else {
			sprintf(end, "%s", operation);
		}
	}
	assert_string_equal(text, expected);
}

static void assert_device(const struct test *test, const char *uuid, const char *adapters,
			  const char *domains)
{
	struct vfioap_host *host = NULL;

	assert_int_equal(vfioap_host_read(test->host->ctx, VFIOAP_READ_DEVICES, &host, NULL), 0);
	assert_matrix(vfioap_device_get_matrix(vfioap_host_find_device(host, uuid)), adapters,
		      domains, "");
	vfioap_host_free(host);
}

/* Three writes, not four: the second device goes straight to what it shall have. */
static void test_two_devices_swap(void **state)
{
	struct test test = begin(TWO);

	(void)state;
	want(&test, UUID_A, "10", "4,5");
	want(&test, UUID_B, "5", "4,5");
	plan(&test, 0);
	assert_steps(&test, "A= B=0x05 A=0x0a");
	assert_int_equal(vfioap_plan_execute(test.plan, NULL), 0);
	assert_device(&test, UUID_A, "10", "4,5");
	assert_device(&test, UUID_B, "5", "4,5");
	end(&test);
}

/* The order does not depend on that of the file. */
static void test_order_of_the_file_does_not_matter(void **state)
{
	struct test test = begin(TWO);

	(void)state;
	want(&test, UUID_B, "5", "4,5");
	want(&test, UUID_A, "10", "4,5");
	plan(&test, 0);
	assert_steps(&test, "A= B=0x05 A=0x0a");
	end(&test);
}

/* A chain needs no step in between: the device at its end goes first. */
static void test_a_chain_goes_from_its_end(void **state)
{
	struct test test = begin(TWO "--device " UUID_C "/1/71");

	(void)state;
	want(&test, UUID_A, "10", "4,5");
	want(&test, UUID_B, "1", "71");
	want(&test, UUID_C, "", "");
	plan(&test, 0);
	assert_steps(&test, "C= B=0x01 A=0x0a");
	end(&test);
}

static void test_circle_of_three(void **state)
{
	struct test test = begin(TWO "--device " UUID_C "/5,10/71");

	(void)state;
	want(&test, UUID_A, "10", "4,71");
	want(&test, UUID_B, "5", "4,71");
	want(&test, UUID_C, "5,10", "5");
	plan(&test, 0);
	assert_int_equal(vfioap_plan_execute(test.plan, NULL), 0);
	assert_device(&test, UUID_A, "10", "4,71");
	assert_device(&test, UUID_B, "5", "4,71");
	assert_device(&test, UUID_C, "5,10", "5");
	end(&test);
}

static void test_what_is_there_needs_no_step(void **state)
{
	struct test test = begin(TWO);

	(void)state;
	vfioap_configuration_free(test.wanted);
	assert_int_equal(vfioap_configuration_from_host(vfioap_plan_get_before(test.plan),
							&test.wanted, NULL), 0);
	plan(&test, VFIOAP_APPLY_PRUNE);
	assert_steps(&test, "");
	end(&test);
}

/* First what is given to vfio_ap and what is removed, last what the host gets back. */
static void test_pool_grows_first_and_shrinks_last(void **state)
{
	struct test test = begin(TWO);

	(void)state;
	want(&test, UUID_A, "", "");
	want(&test, UUID_C, "1", "4");
	want_pool(&test, "1", "");
	plan(&test, VFIOAP_APPLY_PRUNE);
	assert_steps(&test, "apmask -B A= +C C=0x01 apmask aqmask");
	end(&test);
}

static void test_without_prune_others_stay(void **state)
{
	struct test test = begin(TWO);

	(void)state;
	want(&test, UUID_A, "", "");
	plan(&test, 0);
	assert_steps(&test, "A=");
	end(&test);
}

/* A queue of a device that the file does not name: refused, and nothing is planned. */
static void test_conflict_with_an_unnamed_device(void **state)
{
	struct test test = begin(TWO);
	struct vfioap_error *error = NULL;

	(void)state;
	want(&test, UUID_A, "5,10", "4");
	assert_int_equal(vfioap_plan_apply(test.plan, test.wanted, 0, &error), -EADDRINUSE);
	assert_int_equal(vfioap_error_get_queue(error, 0), 0x0a04);
	assert_error(error, VFIOAP_CONFLICT, EADDRINUSE, UUID_B);
	assert_steps(&test, "");
	assert_matrix(vfioap_device_get_matrix(vfioap_host_find_device(
			      vfioap_plan_get_after(test.plan), UUID_A)), "5", "4,5", "");
	end(&test);
}

static void test_queues_of_the_host(void **state)
{
	struct test test = begin(TWO);
	struct vfioap_error *error = NULL;

	(void)state;
	want(&test, UUID_A, "2", "4");
	assert_int_equal(vfioap_plan_apply(test.plan, test.wanted, 0, &error), -EADDRNOTAVAIL);
	assert_error(error, VFIOAP_RESERVED, EADDRNOTAVAIL, "02.0004");
	error = NULL;
	want_pool(&test, "5", "");
	assert_int_equal(vfioap_plan_apply(test.plan, test.wanted, 0, &error), -EINVAL);
	assert_error(error, VFIOAP_INVALID, EINVAL, "leaves it to the host");
	end(&test);
}

/* The host would take a queue that a device has which the file does not name. */
static void test_pool_of_an_unnamed_device(void **state)
{
	struct test test = begin(TWO);
	struct vfioap_error *error = NULL;

	(void)state;
	want_pool(&test, "5", "");
	assert_int_equal(vfioap_plan_apply(test.plan, test.wanted, 0, &error), -EBUSY);
	assert_error(error, VFIOAP_BUSY, EBUSY, UUID_B);
	assert_steps(&test, "");
	end(&test);
}

static void test_a_device_in_use_is_not_pruned(void **state)
{
	struct test test = begin(TWO "--user " UUID_B "/4711/qemu");
	struct vfioap_error *error = NULL;

	(void)state;
	want(&test, UUID_A, "", "");
	assert_int_equal(vfioap_plan_apply(test.plan, test.wanted, VFIOAP_APPLY_PRUNE, &error),
			 -EBUSY);
	assert_int_equal(vfioap_owner_get_pid(vfioap_error_get_owner(error)), 4711);
	assert_error(error, VFIOAP_BUSY, EBUSY, UUID_B);
	assert_steps(&test, "");
	end(&test);
}

/* Interrupted before each step in turn: always all of the old, in the end all of the new. */
static void test_interrupted_at_every_step(void **state)
{
	int stop, left, rc = -ECANCELED;

	(void)state;
	for (stop = 0; rc; stop++) {
		struct test test = begin(TWO);
		struct vfioap_error *error = NULL;

		want(&test, UUID_A, "10", "4,5");
		want(&test, UUID_B, "5", "4,5");
		plan(&test, 0);
		left = stop;
		vfioap_ctx_set_progress(test.host->ctx, stop_before, &left);
		rc = vfioap_plan_execute(test.plan, &error);
		assert_int_equal(rc, stop < 3 ? -ECANCELED : 0);
		if (rc)
			assert_error(error, VFIOAP_FAILED, ECANCELED, "interrupted");
		assert_device(&test, UUID_A, rc ? "5" : "10", "4,5");
		assert_device(&test, UUID_B, rc ? "10" : "5", "4,5");
		end(&test);
	}
	assert_int_equal(stop, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_devices_swap),
		cmocka_unit_test(test_order_of_the_file_does_not_matter),
		cmocka_unit_test(test_a_chain_goes_from_its_end),
		cmocka_unit_test(test_circle_of_three),
		cmocka_unit_test(test_what_is_there_needs_no_step),
		cmocka_unit_test(test_pool_grows_first_and_shrinks_last),
		cmocka_unit_test(test_without_prune_others_stay),
		cmocka_unit_test(test_conflict_with_an_unnamed_device),
		cmocka_unit_test(test_queues_of_the_host),
		cmocka_unit_test(test_pool_of_an_unnamed_device),
		cmocka_unit_test(test_a_device_in_use_is_not_pruned),
		cmocka_unit_test(test_interrupted_at_every_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
