// SPDX-License-Identifier: GPL-2.0-or-later
/* Which queues are the host's: masks, and the queues that they drag along. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fabricated.h"

#define APMASK "/sys/bus/ap/apmask"
#define AQMASK "/sys/bus/ap/aqmask"
#define ALL_ONES "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"

typedef int change_fn(struct vfioap_plan *plan, const struct vfioap_queue_pattern *patterns,
		      size_t count, struct vfioap_error **error);

/* @names: queues and patterns, separated by blanks */
static int change_pool(const struct plan_test *test, change_fn *change, const char *names,
		       struct vfioap_error **error)
{
	struct vfioap_queue_pattern patterns[10];
	char copy[200], *name, *rest = NULL;
	size_t count = 0;

	strcpy(copy, names);
	for (name = strtok_r(copy, " ", &rest); name; name = strtok_r(NULL, " ", &rest))
		assert_int_equal(vfioap_queue_pattern_parse(name, &patterns[count++], NULL), 0);
	return change(test->plan, patterns, count, error);
}

/* The moved queues as text, those that were only dragged along in brackets. */
static void assert_moved(const struct plan_test *test, const char *expected)
{
	char text[1000] = "", name[VFIOAP_APQN_TEXT_SIZE];
	size_t i;

	for (i = 0; i < vfioap_plan_get_num_moved_queues(test->plan); i++) {
		bool asked_for;

		vfioap_apqn_format(vfioap_plan_get_moved_queue(test->plan, i, &asked_for), name);
		sprintf(text + strlen(text), asked_for ? "%s%s" : "%s(%s)", *text ? " " : "", name);
	}
	assert_string_equal(text, expected);
}

static void assert_step(const struct plan_test *test, size_t index, const char *operation,
			const char *data)
{
	const struct vfioap_step *step = vfioap_plan_get_step(test->plan, index);

	assert_non_null(step);
	assert_string_equal(vfioap_step_get_operation(step), operation);
	assert_string_equal(vfioap_step_get_data(step), data);
}

static void test_free_a_queue_moves_as_few_others_as_possible(void **state)
{
	struct plan_test test = plan_on("--host-owns-all", 0);

	(void)state;
	/* two queues of one adapter: its bit drags three along, their domains' bits eight */
	assert_int_equal(change_pool(&test, vfioap_plan_pool_free, "05.0004 05.0005", NULL), 0);
	assert_moved(&test, "05.0004 05.0005 (05.0006) (05.0047) (05.00ab)");
	assert_step(&test, 0, "apmask",
		    "0xfbffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");
	assert_int_equal(vfioap_plan_get_num_steps(test.plan), 1);
	end_plan(&test);
}

static void test_free_by_domain_where_that_moves_fewer(void **state)
{
	struct plan_test test = plan_on("--host-owns-all", 0);

	(void)state;
	assert_int_equal(change_pool(&test, vfioap_plan_pool_free, "05.0004 0a.0004", NULL), 0);
	assert_moved(&test, "(01.0004) (02.0004) (03.0004) 05.0004 0a.0004");
	assert_step(&test, 0, "aqmask",
		    "0xf7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");
	end_plan(&test);
}

static void test_free_whole_adapters_and_domains(void **state)
{
	struct plan_test test = plan_on("--host-owns-all", 0);

	(void)state;
	assert_int_equal(change_pool(&test, vfioap_plan_pool_free, "05.* *.0047", NULL), 0);
	assert_moved(&test, "01.0047 02.0047 03.0047 05.0004 05.0005 05.0006 05.0047 05.00ab 0a.0047");
	assert_int_equal(vfioap_plan_get_num_steps(test.plan), 2);
	assert_int_equal(vfioap_plan_execute(test.plan, NULL), 0);
	assert_false(vfioap_ids_has(
		vfioap_host_get_apmask(vfioap_plan_get_after(test.plan)), 5));
	assert_false(vfioap_ids_has(
		vfioap_host_get_aqmask(vfioap_plan_get_after(test.plan)), 0x47));
	end_plan(&test);
}

/* The computed host afterwards: what a dry run shows. */
static void test_prediction(void **state)
{
	struct plan_test test = plan_on("--host-owns-all", 0);
	const struct vfioap_queue *queue;

	(void)state;
	assert_int_equal(change_pool(&test, vfioap_plan_pool_free, "05.*", NULL), 0);
	queue = vfioap_host_find_queue(vfioap_plan_get_after(test.plan), 0x0504);
	assert_string_equal(vfioap_queue_get_driver(queue), "vfio_ap");
	assert_int_equal(vfioap_owner_get_kind(vfioap_queue_get_owner(queue)), VFIOAP_OWNER_FREE);
	queue = vfioap_host_find_queue(vfioap_plan_get_before(test.plan), 0x0504);
	assert_int_equal(vfioap_owner_get_kind(vfioap_queue_get_owner(queue)), VFIOAP_OWNER_HOST);
	end_plan(&test);
}

static void test_reserve_sets_both_bits(void **state)
{
	struct plan_test test = plan_on("", 0);

	(void)state;
	assert_int_equal(change_pool(&test, vfioap_plan_pool_reserve, "05.0047", NULL), 0);
	assert_moved(&test, "(01.0047) (02.0047) (03.0047) (05.0004) (05.0005) (05.0006) 05.0047");
	assert_int_equal(vfioap_plan_get_num_steps(test.plan), 2);
	end_plan(&test);
}

/* All domains of the adapter means those the host has, so they become the host's. */
static void test_reserve_a_whole_adapter(void **state)
{
	struct plan_test test = plan_on("", 0);

	(void)state;
	assert_int_equal(change_pool(&test, vfioap_plan_pool_reserve, "05.*", NULL), 0);
	assert_moved(&test, "(01.0047) (01.00ab) (02.0047) (02.00ab) (03.0047) (03.00ab) "
			    "05.0004 05.0005 05.0006 05.0047 05.00ab");
	assert_int_equal(vfioap_plan_execute(test.plan, NULL), 0);
	assert_true(vfioap_ids_has(vfioap_host_get_apmask(vfioap_plan_get_after(test.plan)), 5));
	assert_false(vfioap_ids_has(vfioap_host_get_apmask(vfioap_plan_get_after(test.plan)), 10));
	end_plan(&test);
}

static void test_reserve_of_a_queue_that_a_device_has(void **state)
{
	struct plan_test test = plan_on("--device " UUID_A "/5/4,9 --user " UUID_A "/4711/qemu", 0);
	struct vfioap_error *error = NULL;

	(void)state;
	/* not asked for, but dragged along */
	assert_int_equal(change_pool(&test, vfioap_plan_pool_reserve, "05.0006", &error), -EBUSY);
	assert_int_equal(vfioap_error_get_num_queues(error), 2);
	assert_int_equal(vfioap_error_get_queue(error, 0), 0x0504);
	assert_string_equal(vfioap_owner_get_uuid(vfioap_error_get_owner(error)), UUID_A);
	assert_string_equal(vfioap_error_get_hint(error),
			    "vfioap-ctl unassign " UUID_A " -a 0x05");
	assert_error(error, VFIOAP_BUSY, EBUSY, "05.0004");
	assert_int_equal(vfioap_plan_get_num_steps(test.plan), 0);
	end_plan(&test);
}

/* Freeing never fails, also when a device has a queue of the host. */
static void test_free_when_a_device_has_a_queue_of_the_host(void **state)
{
	struct plan_test test = plan_on("--host-owns-all --device " UUID_A "/5/4", 0);

	(void)state;
	assert_int_equal(change_pool(&test, vfioap_plan_pool_free, "0a.*", NULL), 0);
	end_plan(&test);
}

static void test_ids_that_the_machine_cannot_have(void **state)
{
	struct plan_test test = { .host = fabricate("") };
	struct vfioap_error *error = NULL;

	(void)state;
	host_write(test.host, "/sys/bus/ap/ap_max_domain_id", "84\n");
	assert_int_equal(vfioap_plan_new(test.host->ctx, 0, &test.plan, NULL), 0);
	assert_int_equal(change_pool(&test, vfioap_plan_pool_free, "05.00ab", &error), -ENODEV);
	assert_error(error, VFIOAP_NOT_FOUND, ENODEV, "domain 0x00ab");
	end_plan(&test);
}

/* The second mask cannot be written: the first one is as it was. */
static void test_failed_second_mask_undoes_the_first(void **state)
{
	struct plan_test test = plan_on("--host-owns-all", 0);
	struct vfioap_error *error = NULL;
	char text[100];

	(void)state;
	assert_int_equal(change_pool(&test, vfioap_plan_pool_free, "05.* *.0047", NULL), 0);
	host_break(test.host, AQMASK);
	assert_int_equal(vfioap_plan_execute(test.plan, &error), -EISDIR);
	assert_string_equal(vfioap_error_get_path(error), AQMASK);
	assert_error(error, VFIOAP_FAILED, EISDIR, AQMASK);
	host_read(test.host, APMASK, text, sizeof(text));
	assert_string_equal(text, ALL_ONES "\n");
	end_plan(&test);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_free_a_queue_moves_as_few_others_as_possible),
		cmocka_unit_test(test_free_by_domain_where_that_moves_fewer),
		cmocka_unit_test(test_free_whole_adapters_and_domains),
		cmocka_unit_test(test_prediction),
		cmocka_unit_test(test_reserve_sets_both_bits),
		cmocka_unit_test(test_reserve_a_whole_adapter),
		cmocka_unit_test(test_reserve_of_a_queue_that_a_device_has),
		cmocka_unit_test(test_free_when_a_device_has_a_queue_of_the_host),
		cmocka_unit_test(test_ids_that_the_machine_cannot_have),
		cmocka_unit_test(test_failed_second_mask_undoes_the_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
