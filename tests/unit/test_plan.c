// SPDX-License-Identifier: GPL-2.0-or-later
/* Plans: which steps they have, what is refused before anything is written. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fabricated.h"

#define TYPE "/sys/devices/vfio_ap/matrix/mdev_supported_types/vfio_ap-passthrough"
#define TYPE_CREATE TYPE "/create"
#define DEVICE_A "/sys/devices/vfio_ap/matrix/" UUID_A

static void assert_step(const struct plan_test *test, size_t index, const char *operation,
			const char *path, const char *data)
{
	const struct vfioap_step *step = vfioap_plan_get_step(test->plan, index);

	assert_non_null(step);
	assert_string_equal(vfioap_step_get_operation(step), operation);
	assert_string_equal(vfioap_step_get_path(step), path);
	assert_string_equal(vfioap_step_get_data(step), data);
}

static size_t num_steps(const struct plan_test *test)
{
	return vfioap_plan_get_num_steps(test->plan);
}

static const struct vfioap_device *after(const struct plan_test *test, const char *uuid)
{
	return vfioap_host_find_device(vfioap_plan_get_after(test->plan), uuid);
}

static enum vfioap_owner_kind owner_after(const struct plan_test *test, uint16_t apqn, const char *uuid)
{
	const struct vfioap_owner *owner = vfioap_queue_get_owner(
		vfioap_host_find_queue(vfioap_plan_get_after(test->plan), apqn));

	assert_string_equal(vfioap_owner_get_uuid(owner) ?: "", uuid);
	return vfioap_owner_get_kind(owner);
}

/* Each change moves the queues that it is about, and only those. */
static void test_owners_after_each_change(void **state)
{
	const struct vfioap_matrix four = matrix("5", "4", ""), five = matrix("", "5", ""),
		both = matrix("5", "4,5", "");
	struct plan_test test = plan_on("--device " UUID_A "/5/4,5,6 --device " UUID_B "/10/4", VFIOAP_PLAN_PREVIEW);

	(void)state;
	assert_int_equal(owner_after(&test, 0x0505, UUID_A), VFIOAP_OWNER_DEVICE);
	assert_int_equal(vfioap_plan_unassign(test.plan, UUID_A, &five, NULL), 0);
	assert_int_equal(owner_after(&test, 0x0504, UUID_A), VFIOAP_OWNER_DEVICE);
	assert_int_equal(owner_after(&test, 0x0505, ""), VFIOAP_OWNER_FREE);
	assert_int_equal(owner_after(&test, 0x0506, UUID_A), VFIOAP_OWNER_DEVICE);
	assert_int_equal(vfioap_plan_set(test.plan, UUID_A, &four, VFIOAP_DOMAINS, NULL), 0);
	assert_int_equal(vfioap_plan_assign(test.plan, UUID_B, &five, NULL), 0);
	assert_int_equal(owner_after(&test, 0x0a05, UUID_B), VFIOAP_OWNER_DEVICE);
	assert_int_equal(owner_after(&test, 0x0506, ""), VFIOAP_OWNER_FREE);
	assert_int_equal(vfioap_plan_remove(test.plan, UUID_A, 0, 0, NULL), 0);
	assert_int_equal(vfioap_plan_remove(test.plan, UUID_B, 0, 0, NULL), 0);
	assert_int_equal(owner_after(&test, 0x0504, ""), VFIOAP_OWNER_FREE);
	assert_int_equal(owner_after(&test, 0x0a05, ""), VFIOAP_OWNER_FREE);
	assert_int_equal(vfioap_plan_create(test.plan, UUID_A, &both, NULL), 0);
	assert_int_equal(owner_after(&test, 0x0504, UUID_A), VFIOAP_OWNER_DEVICE);
	end_plan(&test);
}

/* A plan of many devices need not read three files of each of thousands of queues. */
static void test_plan_reads_no_files_of_cards(void **state)
{
	struct plan_test test = plan_on("", VFIOAP_PLAN_PREVIEW);

	(void)state;
	assert_null(vfioap_card_get_type(vfioap_host_find_card(
		vfioap_plan_get_before(test.plan), 5)));
	end_plan(&test);
}

static void test_create_is_two_writes(void **state)
{
	const struct vfioap_matrix wanted = matrix("5", "4,5", "4");
	struct plan_test test = plan_on("", VFIOAP_PLAN_PREVIEW);

	(void)state;
	assert_int_equal(vfioap_plan_create(test.plan, UUID_A, &wanted, NULL), 0);
	assert_int_equal(num_steps(&test), 2);
	assert_step(&test, 0, "create", TYPE_CREATE, UUID_A);
	assert_step(&test, 1, "ap_config", DEVICE_A "/ap_config",
		    "0x0400000000000000000000000000000000000000000000000000000000000000,"
		    "0x0c00000000000000000000000000000000000000000000000000000000000000,"
		    "0x0800000000000000000000000000000000000000000000000000000000000000\n");
	assert_null(vfioap_plan_get_step(test.plan, 2));
	assert_null(vfioap_host_find_device(vfioap_plan_get_before(test.plan), UUID_A));
	assert_matrix(vfioap_device_get_guest_matrix(after(&test, UUID_A)), "5", "4,5", "4");
	end_plan(&test);
}

static void test_create_of_an_empty_device_is_one_write(void **state)
{
	const struct vfioap_matrix nothing = { 0 };
	struct plan_test test = plan_on("", VFIOAP_PLAN_PREVIEW);

	(void)state;
	assert_int_equal(vfioap_plan_create(test.plan, UUID_A, &nothing, NULL), 0);
	assert_int_equal(num_steps(&test), 1);
	end_plan(&test);
}

static void test_upper_case_uuid_is_the_same_device(void **state)
{
	const struct vfioap_matrix nothing = { 0 };
	struct plan_test test = plan_on("", VFIOAP_PLAN_PREVIEW);

	(void)state;
	assert_int_equal(vfioap_plan_create(test.plan, "ABCDEF01-1111-4111-8111-111111111111",
					    &nothing, NULL), 0);
	assert_step(&test, 0, "create", TYPE_CREATE, "abcdef01-1111-4111-8111-111111111111");
	end_plan(&test);
}

/* Asked for what is there already: nothing to do. */
static void test_already_so(void **state)
{
	const struct vfioap_matrix same = matrix("5", "4,5", ""), part = matrix("5", "", ""),
		none = matrix("7", "9", "9");
	const struct vfioap_queue_pattern free_already = { 5, 4 }, reserved_already = { 1, 4 },
		free_adapter = { 5, VFIOAP_ANY };
	struct plan_test test = plan_on("--device " UUID_A "/5/4,5", VFIOAP_PLAN_PREVIEW);

	(void)state;
	assert_int_equal(vfioap_plan_create(test.plan, UUID_A, &same, NULL), 0);
	assert_int_equal(vfioap_plan_assign(test.plan, UUID_A, &part, NULL), 0);
	assert_int_equal(vfioap_plan_unassign(test.plan, UUID_A, &none, NULL), 0);
	assert_int_equal(vfioap_plan_set(test.plan, UUID_A, &same, VFIOAP_ADAPTERS | VFIOAP_DOMAINS,
					 NULL), 0);
	assert_int_equal(vfioap_plan_remove(test.plan, UUID_B, 0, 1000, NULL), 0);
	assert_int_equal(vfioap_plan_pool_free(test.plan, &free_already, 1, NULL), 0);
	assert_int_equal(vfioap_plan_pool_free(test.plan, &free_adapter, 1, NULL), 0);
	assert_int_equal(vfioap_plan_pool_reserve(test.plan, &reserved_already, 1, NULL), 0);
	assert_int_equal(num_steps(&test), 0);
	end_plan(&test);
}

static void test_set_keeps_the_other_parts(void **state)
{
	const struct vfioap_matrix wanted = matrix("", "5,6", "");
	struct plan_test test = plan_on("--device " UUID_A "/5/4,5/4", VFIOAP_PLAN_PREVIEW);

	(void)state;
	assert_int_equal(vfioap_plan_set(test.plan, UUID_A, &wanted, VFIOAP_DOMAINS, NULL), 0);
	assert_matrix(vfioap_device_get_matrix(after(&test, UUID_A)), "5", "5,6", "4");
	assert_int_equal(vfioap_plan_set(test.plan, UUID_A, &wanted,
					 VFIOAP_ADAPTERS | VFIOAP_CONTROL_DOMAINS, NULL), 0);
	assert_matrix(vfioap_device_get_matrix(after(&test, UUID_A)), "", "5,6", "");
	end_plan(&test);
}

/* Before Linux 6.10: one write for each id, and less comes before more. */
static void test_single_writes(void **state)
{
	const struct vfioap_matrix wanted = matrix("10", "4,6", "5");
	struct plan_test test = { .host = fabricate("--device " UUID_A "/5/4,5/4") };

	(void)state;
	host_delete(test.host, DEVICE_A "/ap_config");
	assert_int_equal(vfioap_plan_new(test.host->ctx, VFIOAP_PLAN_PREVIEW, &test.plan, NULL), 0);
	assert_int_equal(vfioap_plan_set(test.plan, UUID_A, &wanted, 7, NULL), 0);
	assert_int_equal(num_steps(&test), 6);
	assert_step(&test, 0, "unassign_adapter", DEVICE_A "/unassign_adapter", "0x05");
	assert_step(&test, 1, "unassign_domain", DEVICE_A "/unassign_domain", "0x0005");
	assert_step(&test, 2, "unassign_control_domain", DEVICE_A "/unassign_control_domain",
		    "0x0004");
	assert_step(&test, 3, "assign_adapter", DEVICE_A "/assign_adapter", "0x0a");
	assert_step(&test, 4, "assign_domain", DEVICE_A "/assign_domain", "0x0006");
	assert_step(&test, 5, "assign_control_domain", DEVICE_A "/assign_control_domain",
		    "0x0005");
	end_plan(&test);
}

/* Queues that one change frees can be used by the next one of the same plan. */
static void test_two_devices_swap(void **state)
{
	const struct vfioap_matrix five = matrix("5", "4", ""), ten = matrix("10", "4", "");
	struct plan_test test = plan_on("--device " UUID_A "/5/4 --device " UUID_B "/10/4", VFIOAP_PLAN_PREVIEW);
	struct vfioap_error *error = NULL;

	(void)state;
	assert_int_equal(vfioap_plan_set(test.plan, UUID_A, &ten, 7, &error), -EADDRINUSE);
	assert_error(error, VFIOAP_CONFLICT, EADDRINUSE, "0a.0004");
	assert_int_equal(num_steps(&test), 0);
	assert_int_equal(vfioap_plan_unassign(test.plan, UUID_B, &ten, NULL), 0);
	assert_int_equal(vfioap_plan_set(test.plan, UUID_A, &ten, 7, NULL), 0);
	assert_int_equal(vfioap_plan_set(test.plan, UUID_B, &five, 7, NULL), 0);
	assert_int_equal(num_steps(&test), 3);
	end_plan(&test);
}

static void test_conflict_with_a_device(void **state)
{
	const struct vfioap_matrix wanted = matrix("5,10", "4,6", "");
	struct plan_test test = plan_on("--device " UUID_A "/5/4,5,6 --user " UUID_A "/4711/qemu", VFIOAP_PLAN_PREVIEW);
	struct vfioap_error *error = NULL;
	const struct vfioap_owner *owner;

	(void)state;
	assert_int_equal(vfioap_plan_create(test.plan, UUID_B, &wanted, &error), -EADDRINUSE);
	assert_int_equal(vfioap_error_get_num_queues(error), 2);
	assert_int_equal(vfioap_error_get_queue(error, 0), 0x0504);
	assert_int_equal(vfioap_error_get_queue(error, 1), 0x0506);
	owner = vfioap_error_get_owner(error);
	assert_int_equal(vfioap_owner_get_kind(owner), VFIOAP_OWNER_GUEST);
	assert_string_equal(vfioap_owner_get_uuid(owner), UUID_A);
	assert_int_equal(vfioap_owner_get_pid(owner), 4711);
	assert_string_equal(vfioap_error_get_operation(error), "create");
	assert_string_equal(vfioap_error_get_path(error), TYPE_CREATE);
	/* two domains cost the other device two queues, its adapter would cost three */
	assert_string_equal(vfioap_error_get_hint(error),
			    "vfioap-ctl unassign " UUID_A " -d 0x0004,0x0006");
	assert_error(error, VFIOAP_CONFLICT, EADDRINUSE, "05.0004, 05.0006");
	assert_int_equal(num_steps(&test), 0);
	assert_null(after(&test, UUID_B));
	end_plan(&test);
}

static void test_queues_of_the_host(void **state)
{
	const struct vfioap_matrix wanted = matrix("1,5", "4,71", "");
	struct plan_test test = plan_on("", VFIOAP_PLAN_PREVIEW);
	struct vfioap_error *error = NULL;

	(void)state;
	assert_int_equal(vfioap_plan_create(test.plan, UUID_A, &wanted, &error), -EADDRNOTAVAIL);
	assert_int_equal(vfioap_error_get_num_queues(error), 1);
	assert_int_equal(vfioap_error_get_queue(error, 0), 0x0104);
	assert_int_equal(vfioap_owner_get_kind(vfioap_error_get_owner(error)), VFIOAP_OWNER_HOST);
	assert_string_equal(vfioap_owner_get_driver(vfioap_error_get_owner(error)), "cex4queue");
	assert_string_equal(vfioap_error_get_hint(error), "vfioap-ctl pool free 01.0004");
	assert_error(error, VFIOAP_RESERVED, EADDRNOTAVAIL, "01.0004");
	end_plan(&test);
}

/* The masks also count for queues that the host does not have. */
static void test_many_queues_of_the_host(void **state)
{
	const struct vfioap_matrix wanted = matrix("1,2", "20-40", "");
	struct plan_test test = plan_on("--host-owns-all", VFIOAP_PLAN_PREVIEW);
	struct vfioap_error *error = NULL;

	(void)state;
	assert_int_equal(vfioap_plan_create(test.plan, UUID_A, &wanted, &error), -EADDRNOTAVAIL);
	assert_int_equal(vfioap_error_get_num_queues(error), 42);
	assert_string_equal(vfioap_error_get_hint(error), "vfioap-ctl pool free '01.*' '02.*'");
	assert_error(error, VFIOAP_RESERVED, EADDRNOTAVAIL, "and 35 more");
	end_plan(&test);
}

static void test_queue_of_a_device_being_removed(void **state)
{
	const struct vfioap_matrix wanted = matrix("5", "4", "");
	struct plan_test test = plan_on("--device " UUID_A "/5/4 --removing " UUID_A, VFIOAP_PLAN_PREVIEW);
	struct vfioap_error *error = NULL;

	(void)state;
	assert_int_equal(vfioap_plan_create(test.plan, UUID_B, &wanted, &error), -EADDRINUSE);
	assert_string_equal(vfioap_owner_get_uuid(vfioap_error_get_owner(error)), UUID_A);
	assert_string_equal(vfioap_error_get_hint(error), "vfioap-ctl remove " UUID_A " --wait");
	assert_error(error, VFIOAP_CONFLICT, EADDRINUSE, "being removed");
	end_plan(&test);
}

static void test_ids_that_the_machine_cannot_have(void **state)
{
	const struct vfioap_matrix adapter = matrix("64", "", ""), domain = matrix("", "16", ""),
		control = matrix("", "", "16");
	struct plan_test test = { .host = fabricate("--device " UUID_A "/5/4") };
	struct vfioap_error *error = NULL;

	(void)state;
	host_write(test.host, "/sys/bus/ap/ap_max_adapter_id", "63\n");
	host_write(test.host, "/sys/bus/ap/ap_max_domain_id", "15\n");
	assert_int_equal(vfioap_plan_new(test.host->ctx, VFIOAP_PLAN_PREVIEW, &test.plan, NULL), 0);
	assert_int_equal(vfioap_plan_assign(test.plan, UUID_A, &adapter, &error), -ENODEV);
	assert_error(error, VFIOAP_NOT_FOUND, ENODEV, "adapter 0x40");
	assert_int_equal(vfioap_plan_assign(test.plan, UUID_A, &domain, &error), -ENODEV);
	assert_error(error, VFIOAP_NOT_FOUND, ENODEV, "domain 0x0010");
	assert_int_equal(vfioap_plan_assign(test.plan, UUID_A, &control, &error), -ENODEV);
	assert_error(error, VFIOAP_NOT_FOUND, ENODEV, "domain 0x0010");
	end_plan(&test);
}

static void test_exists_with_other_contents(void **state)
{
	const struct vfioap_matrix wanted = matrix("5", "4,5", "");
	struct plan_test test = plan_on("--device " UUID_A "/5/4", VFIOAP_PLAN_PREVIEW);
	struct vfioap_error *error = NULL;

	(void)state;
	assert_int_equal(vfioap_plan_create(test.plan, UUID_A, &wanted, &error), -EEXIST);
	assert_string_equal(vfioap_error_get_hint(error), "vfioap-ctl set " UUID_A
			    " -a 0x05 -d 0x0004,0x0005 -c none");
	assert_error(error, VFIOAP_CONFLICT, EEXIST, UUID_A);
	end_plan(&test);
}

static void test_no_more_devices(void **state)
{
	const struct vfioap_matrix nothing = { 0 };
	static const struct {
		const char *devices;
		const char *words;
		const char *hint;
	} cases[] = {
		/* best the one that has nothing */
		{ "--device " UUID_A "/5/4 --device " UUID_B "//", "no more devices",
		  "vfioap-ctl remove " UUID_B },
		{ "--device " UUID_A "/5/4 --device " UUID_B "// --user " UUID_B "/4711/qemu",
		  "no more devices", "vfioap-ctl remove " UUID_A },
		{ "--device " UUID_A "/5/4 --user " UUID_A "/4711/qemu", "is in use", NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct plan_test test = { .host = fabricate(cases[i].devices) };
		struct vfioap_error *error = NULL;

		host_write(test.host, TYPE "/available_instances", "0\n");
		assert_int_equal(
			vfioap_plan_new(test.host->ctx, VFIOAP_PLAN_PREVIEW, &test.plan, NULL), 0);
		assert_int_equal(vfioap_plan_create(test.plan,
						    "33333333-3333-4333-8333-333333333333",
						    &nothing, &error),
				 -EUSERS);
		if (cases[i].hint)
			assert_string_equal(vfioap_error_get_hint(error), cases[i].hint);
		else
			assert_null(vfioap_error_get_hint(error));
		assert_error(error, VFIOAP_FAILED, EUSERS, cases[i].words);
		end_plan(&test);
	}
}

static void test_no_such_device(void **state)
{
	const struct vfioap_matrix nothing = { 0 };
	struct plan_test test = plan_on("", VFIOAP_PLAN_PREVIEW);
	struct vfioap_error *error = NULL;

	(void)state;
	assert_int_equal(vfioap_plan_assign(test.plan, UUID_A, &nothing, &error), -ENOENT);
	assert_error(error, VFIOAP_NOT_FOUND, ENOENT, UUID_A);
	assert_int_equal(vfioap_plan_unassign(test.plan, "rubbish", &nothing, &error), -EINVAL);
	assert_error(error, VFIOAP_INVALID, EINVAL, "'rubbish'");
	end_plan(&test);
}

static void test_device_being_removed_cannot_be_changed(void **state)
{
	const struct vfioap_matrix nothing = { 0 };
	struct plan_test test = plan_on(
		"--device " UUID_A "/5/4 --user " UUID_A "/4711/qemu --removing " UUID_A, VFIOAP_PLAN_PREVIEW);
	struct vfioap_error *error = NULL;

	(void)state;
	assert_int_equal(vfioap_plan_set(test.plan, UUID_A, &nothing, 7, &error), -EBUSY);
	assert_int_equal(vfioap_owner_get_pid(vfioap_error_get_owner(error)), 4711);
	assert_error(error, VFIOAP_BUSY, EBUSY, "being removed");
	assert_int_equal(vfioap_plan_create(test.plan, UUID_A, &nothing, &error), -EBUSY);
	assert_error(error, VFIOAP_BUSY, EBUSY, "being removed");
	assert_int_equal(vfioap_plan_remove(test.plan, UUID_A, 0, 0, &error), -EBUSY);
	assert_error(error, VFIOAP_BUSY, EBUSY, "being removed");
	assert_int_equal(vfioap_plan_remove(test.plan, UUID_A, VFIOAP_REMOVE_IN_USE, 0, NULL), 0);
	assert_string_equal(vfioap_step_get_operation(vfioap_plan_get_step(test.plan, 0)), "wait");
	assert_null(vfioap_step_get_path(vfioap_plan_get_step(test.plan, 0)));
	end_plan(&test);
}

static void test_remove_of_a_device_in_use(void **state)
{
	struct plan_test test = plan_on("--device " UUID_A "/5/4 --user " UUID_A "/4711/qemu", VFIOAP_PLAN_PREVIEW);
	struct vfioap_error *error = NULL;

	(void)state;
	assert_int_equal(vfioap_plan_remove(test.plan, UUID_A, 0, 0, &error), -EBUSY);
	assert_int_equal(vfioap_owner_get_pid(vfioap_error_get_owner(error)), 4711);
	assert_int_equal(vfioap_owner_get_fd(vfioap_error_get_owner(error)), 7);
	assert_string_equal(vfioap_error_get_hint(error), "vfioap-ctl remove " UUID_A " --wait");
	assert_error(error, VFIOAP_BUSY, EBUSY, "guest web1 (qemu, pid 4711)");
	assert_int_equal(num_steps(&test), 0);
	assert_int_equal(vfioap_plan_remove(test.plan, UUID_A, VFIOAP_REMOVE_FORCE, 0, NULL), 0);
	assert_int_equal(num_steps(&test), 2);
	assert_step(&test, 0, "ap_config", DEVICE_A "/ap_config",
		    "0x0000000000000000000000000000000000000000000000000000000000000000,"
		    "0x0000000000000000000000000000000000000000000000000000000000000000,"
		    "0x0000000000000000000000000000000000000000000000000000000000000000\n");
	assert_step(&test, 1, "remove", DEVICE_A "/remove", "1");
	assert_null(after(&test, UUID_A));
	end_plan(&test);
}

static void test_without_driver(void **state)
{
	const struct vfioap_matrix nothing = { 0 };
	struct plan_test test = plan_on("--no-driver", VFIOAP_PLAN_PREVIEW);
	struct vfioap_error *error = NULL;

	(void)state;
	assert_int_equal(vfioap_plan_create(test.plan, UUID_A, &nothing, &error), -EOPNOTSUPP);
	assert_string_equal(vfioap_error_get_hint(error), "vfioap-ctl driver load");
	assert_error(error, VFIOAP_UNSUPPORTED, EOPNOTSUPP, "vfio_ap");
	assert_int_equal(vfioap_plan_remove(test.plan, UUID_A, 0, 0, NULL), 0);
	end_plan(&test);
}

static void test_without_bus(void **state)
{
	const struct vfioap_queue_pattern queue = { 5, 4 };
	const struct vfioap_matrix nothing = { 0 };
	struct plan_test test = plan_on("--no-bus", VFIOAP_PLAN_PREVIEW);
	struct vfioap_error *error = NULL;

	(void)state;
	assert_int_equal(vfioap_plan_create(test.plan, UUID_A, &nothing, &error), -EOPNOTSUPP);
	assert_error(error, VFIOAP_UNSUPPORTED, EOPNOTSUPP, "no AP bus");
	assert_int_equal(vfioap_plan_pool_free(test.plan, &queue, 1, &error), -EOPNOTSUPP);
	assert_error(error, VFIOAP_UNSUPPORTED, EOPNOTSUPP, "no AP bus");
	end_plan(&test);
}

static void test_modules_need_the_real_root(void **state)
{
	struct plan_test test = plan_on("", VFIOAP_PLAN_PREVIEW);
	struct vfioap_error *error = NULL;

	(void)state;
	assert_int_equal(vfioap_plan_driver_load(test.plan, &error), -EOPNOTSUPP);
	assert_error(error, VFIOAP_UNSUPPORTED, EOPNOTSUPP, "root directory");
	assert_int_equal(vfioap_plan_driver_unload(test.plan, &error), -EOPNOTSUPP);
	assert_error(error, VFIOAP_UNSUPPORTED, EOPNOTSUPP, "root directory");
	end_plan(&test);
}

static void test_preview_takes_no_lock_and_cannot_be_executed(void **state)
{
	struct plan_test test = plan_on("", VFIOAP_PLAN_PREVIEW);
	struct vfioap_error *error = NULL;

	(void)state;
	assert_int_equal(access(host_path(test.host, "/run/lock/s390apconfig.lock"), F_OK), -1);
	assert_int_equal(vfioap_plan_execute(test.plan, &error), -EINVAL);
	assert_error(error, VFIOAP_INVALID, EINVAL, "preview");
	end_plan(&test);
}

static void test_plan_holds_the_lock(void **state)
{
	struct fabricated *host = fabricate("");
	struct vfioap_plan *plan = NULL, *second = NULL;
	struct vfioap_error *error = NULL;

	(void)state;
	assert_int_equal(vfioap_plan_new(host->ctx, 0, &plan, NULL), 0);
	assert_int_equal(access(host_path(host, "/run/lock/s390apconfig.lock"), F_OK), 0);
	assert_int_equal(vfioap_plan_new(host->ctx, 0, &second, &error), -ETIMEDOUT);
	assert_error(error, VFIOAP_TIMEOUT, ETIMEDOUT, "locked by");
	vfioap_plan_free(plan);
	assert_int_equal(access(host_path(host, "/run/lock/s390apconfig.lock"), F_OK), -1);
	fabricated_free(host);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_create_is_two_writes),
		cmocka_unit_test(test_owners_after_each_change),
		cmocka_unit_test(test_plan_reads_no_files_of_cards),
		cmocka_unit_test(test_create_of_an_empty_device_is_one_write),
		cmocka_unit_test(test_upper_case_uuid_is_the_same_device),
		cmocka_unit_test(test_already_so),
		cmocka_unit_test(test_set_keeps_the_other_parts),
		cmocka_unit_test(test_single_writes),
		cmocka_unit_test(test_two_devices_swap),
		cmocka_unit_test(test_conflict_with_a_device),
		cmocka_unit_test(test_queues_of_the_host),
		cmocka_unit_test(test_many_queues_of_the_host),
		cmocka_unit_test(test_queue_of_a_device_being_removed),
		cmocka_unit_test(test_ids_that_the_machine_cannot_have),
		cmocka_unit_test(test_exists_with_other_contents),
		cmocka_unit_test(test_no_more_devices),
		cmocka_unit_test(test_no_such_device),
		cmocka_unit_test(test_device_being_removed_cannot_be_changed),
		cmocka_unit_test(test_remove_of_a_device_in_use),
		cmocka_unit_test(test_without_driver),
		cmocka_unit_test(test_without_bus),
		cmocka_unit_test(test_modules_need_the_real_root),
		cmocka_unit_test(test_preview_takes_no_lock_and_cannot_be_executed),
		cmocka_unit_test(test_plan_holds_the_lock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
