// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Plans that are executed on plain files: writes that are seen, writes that fail, and
 * writes that are taken without effect. What the kernel refuses is tested in tests/vm.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fabricated.h"

#define TYPE "/sys/devices/vfio_ap/matrix/mdev_supported_types/vfio_ap-passthrough"
#define DEVICE_A "/sys/devices/vfio_ap/matrix/" UUID_A
#define DEVICE_B "/sys/devices/vfio_ap/matrix/" UUID_B

static void assert_config(const struct plan_test *test, const char *device, const char *adapters,
			  const char *domains, const char *control_domains)
{
	struct vfioap_host *host = NULL;

	assert_int_equal(vfioap_host_read(test->host->ctx, VFIOAP_READ_DEVICES, &host, NULL), 0);
	assert_matrix(vfioap_device_get_matrix(vfioap_host_find_device(host, device)), adapters,
		      domains, control_domains);
	vfioap_host_free(host);
}

static void test_change_is_made_and_read_back(void **state)
{
	const struct vfioap_matrix more = matrix("10", "", "6");
	struct plan_test test = plan_on("--device " UUID_A "/5/4,5/4", 0);
	const struct vfioap_device *device;

	(void)state;
	assert_int_equal(vfioap_plan_assign(test.plan, UUID_A, &more, NULL), 0);
	assert_int_equal(vfioap_plan_execute(test.plan, NULL), 0);
	device = vfioap_host_find_device(vfioap_plan_get_after(test.plan), UUID_A);
	assert_matrix(vfioap_device_get_matrix(device), "5,10", "4,5", "4,6");
	device = vfioap_host_find_device(vfioap_plan_get_before(test.plan), UUID_A);
	assert_matrix(vfioap_device_get_matrix(device), "5", "4,5", "4");
	end_plan(&test);
}

static void test_a_plan_is_executed_once(void **state)
{
	const struct vfioap_matrix more = matrix("10", "", "");
	struct plan_test test = plan_on("--device " UUID_A "/5/4", 0);
	struct vfioap_error *error = NULL;

	(void)state;
	assert_int_equal(vfioap_plan_execute(test.plan, NULL), 0);
	assert_int_equal(vfioap_plan_execute(test.plan, &error), -EINVAL);
	assert_error(error, VFIOAP_INVALID, EINVAL, "executed already");
	assert_int_equal(vfioap_plan_assign(test.plan, UUID_A, &more, &error), -EINVAL);
	assert_error(error, VFIOAP_INVALID, EINVAL, "executed already");
	end_plan(&test);
}

/* The second step fails: what the first one did is undone. */
static void test_failed_write_undoes_the_others(void **state)
{
	const struct vfioap_matrix more = matrix("", "", "6");
	struct plan_test test = plan_on("--device " UUID_A "/5/4 --device " UUID_B "/10/4", 0);
	struct vfioap_error *error = NULL;

	(void)state;
	assert_int_equal(vfioap_plan_assign(test.plan, UUID_A, &more, NULL), 0);
	assert_int_equal(vfioap_plan_assign(test.plan, UUID_B, &more, NULL), 0);
	host_break(test.host, DEVICE_B "/ap_config");
	assert_int_equal(vfioap_plan_execute(test.plan, &error), -EISDIR);
	assert_string_equal(vfioap_error_get_path(error), DEVICE_B "/ap_config");
	assert_string_equal(vfioap_error_get_operation(error), "ap_config");
	assert_error(error, VFIOAP_FAILED, EISDIR, DEVICE_B "/ap_config");
	host_delete(test.host, DEVICE_B "/ap_config");
	assert_config(&test, UUID_A, "5", "4", "");
	end_plan(&test);
}

static void test_a_device_that_went_away(void **state)
{
	const struct vfioap_matrix more = matrix("", "", "6");
	struct plan_test test = plan_on("--device " UUID_A "/5/4", 0);
	struct vfioap_error *error = NULL;
	char command[200];

	(void)state;
	assert_int_equal(vfioap_plan_assign(test.plan, UUID_A, &more, NULL), 0);
	snprintf(command, sizeof(command), "rm -rf %s", host_path(test.host, DEVICE_A));
	assert_int_equal(system(command), 0);
	assert_int_equal(vfioap_plan_execute(test.plan, &error), -ENOENT);
	assert_error(error, VFIOAP_NOT_FOUND, ENOENT, "gone");
	end_plan(&test);
}

/* Without ap_config, plain files take each write, but "matrix" does not change. */
static void test_write_without_effect_is_a_failure(void **state)
{
	const struct vfioap_matrix more = matrix("10", "", "");
	struct plan_test test = { .host = fabricate("--device " UUID_A "/5/4") };
	struct vfioap_error *error = NULL;
	char text[32];

	(void)state;
	host_delete(test.host, DEVICE_A "/ap_config");
	assert_int_equal(vfioap_plan_new(test.host->ctx, 0, &test.plan, NULL), 0);
	assert_int_equal(vfioap_plan_assign(test.plan, UUID_A, &more, NULL), 0);
	assert_int_equal(vfioap_plan_execute(test.plan, &error), -EIO);
	assert_string_equal(vfioap_error_get_path(error), DEVICE_A "/assign_adapter");
	assert_error(error, VFIOAP_IO, EIO, "no effect");
	/* it was undone all the same: who knows what the write did */
	host_read(test.host, DEVICE_A "/unassign_adapter", text, sizeof(text));
	assert_string_equal(text, "0x0a");
	end_plan(&test);
}

/* The plain file is longer than what is written, so that it shows more afterwards. */
static void test_ap_config_that_shows_something_else(void **state)
{
	const struct vfioap_matrix more = matrix("10", "", "");
	struct plan_test test = plan_on("--device " UUID_A "/5/4", 0);
	struct vfioap_error *error = NULL;
	char text[220];

	(void)state;
	assert_int_equal(vfioap_plan_assign(test.plan, UUID_A, &more, NULL), 0);
	memset(text, '0', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	host_write(test.host, DEVICE_A "/ap_config", text);
	assert_int_equal(vfioap_plan_execute(test.plan, &error), -EIO);
	assert_string_equal(vfioap_error_get_path(error), DEVICE_A "/ap_config");
	assert_error(error, VFIOAP_PARTIAL, EIO, "cannot read back device " UUID_A);
	end_plan(&test);
}

static void test_create_without_effect(void **state)
{
	const struct vfioap_matrix wanted = matrix("5", "4", "");
	struct plan_test test = plan_on("", 0);
	struct vfioap_error *error = NULL;
	char text[64];

	(void)state;
	assert_int_equal(vfioap_plan_create(test.plan, UUID_A, &wanted, NULL), 0);
	assert_int_equal(vfioap_plan_execute(test.plan, &error), -EIO);
	assert_error(error, VFIOAP_IO, EIO, "no effect");
	host_read(test.host, TYPE "/create", text, sizeof(text));
	assert_string_equal(text, UUID_A);
	end_plan(&test);
}

static void test_remove_without_effect(void **state)
{
	struct plan_test test = plan_on("--device " UUID_A "/5/4", 0);
	struct vfioap_error *error = NULL;

	(void)state;
	assert_int_equal(vfioap_plan_remove(test.plan, UUID_A, 0, 60000, NULL), 0);
	assert_int_equal(vfioap_plan_execute(test.plan, &error), -EIO);
	assert_error(error, VFIOAP_IO, EIO, "no effect");
	end_plan(&test);
}

/* Undoing fails, too: the error says what is left. */
static void test_failed_undo_is_told(void **state)
{
	const struct vfioap_matrix more = matrix("", "", "6");
	struct plan_test test = { .host = fabricate("--device " UUID_A "/5/4") };
	struct vfioap_error *error = NULL;

	(void)state;
	host_delete(test.host, DEVICE_A "/ap_config");
	assert_int_equal(vfioap_plan_new(test.host->ctx, 0, &test.plan, NULL), 0);
	assert_int_equal(vfioap_plan_assign(test.plan, UUID_A, &more, NULL), 0);
	host_break(test.host, DEVICE_A "/unassign_control_domain");
	assert_int_equal(vfioap_plan_execute(test.plan, &error), -EIO);
	assert_error(error, VFIOAP_PARTIAL, EIO, "undoing assign_control_domain 0x0006 failed");
	end_plan(&test);
}

/* A guest opened the device after the plan was made. */
static void test_remove_looks_again_for_users(void **state)
{
	struct plan_test test = plan_on("--device " UUID_A "/5/4", 0);
	struct vfioap_error *error = NULL;

	(void)state;
	assert_int_equal(vfioap_plan_remove(test.plan, UUID_A, 0, 60000, NULL), 0);
	host_write(test.host, "/sys/devices/ap/card05/05.0004/status", "in use\n");
	assert_int_equal(vfioap_plan_execute(test.plan, &error), -EBUSY);
	assert_int_equal(vfioap_owner_get_kind(vfioap_error_get_owner(error)),
			 VFIOAP_OWNER_UNKNOWN);
	assert_error(error, VFIOAP_BUSY, EBUSY, UUID_A);
	end_plan(&test);
}

static void test_waiting_for_a_removal_is_bounded(void **state)
{
	struct plan_test test = plan_on(
		"--device " UUID_A "/5/4 --user " UUID_A "/4711/qemu --removing " UUID_A, 0);
	struct vfioap_error *error = NULL;

	(void)state;
	assert_int_equal(vfioap_plan_remove(test.plan, UUID_A, VFIOAP_REMOVE_IN_USE, 200, NULL), 0);
	assert_int_equal(vfioap_plan_execute(test.plan, &error), -ETIMEDOUT);
	assert_int_equal(vfioap_owner_get_pid(vfioap_error_get_owner(error)), 4711);
	assert_error(error, VFIOAP_TIMEOUT, ETIMEDOUT, "guest web1 (qemu, pid 4711)");
	end_plan(&test);
}

/* While it waits for a guest, others may take the lock; then the device goes. */
static int take_lock_and_remove(const char *what, unsigned int elapsed, unsigned int timeout,
				void *data)
{
	const struct plan_test *test = data;
	char command[200];

	(void)elapsed;
	if (!timeout)
		return 0;
	assert_non_null(strstr(what, "let go"));
	assert_int_equal(access(host_path(test->host, "/run/lock/s390apconfig.lock"), F_OK), -1);
	snprintf(command, sizeof(command), "rm -rf %s", host_path(test->host, DEVICE_A));
	return system(command);
}

static void test_the_lock_is_released_while_waiting(void **state)
{
	struct plan_test test = plan_on(
		"--device " UUID_A "/5/4 --user " UUID_A "/4711/qemu --removing " UUID_A, 0);

	(void)state;
	assert_int_equal(vfioap_plan_remove(test.plan, UUID_A, VFIOAP_REMOVE_IN_USE, 60000, NULL),
			 0);
	vfioap_ctx_set_progress(test.host->ctx, take_lock_and_remove, &test);
	assert_int_equal(vfioap_plan_execute(test.plan, NULL), 0);
	assert_null(vfioap_host_find_device(vfioap_plan_get_after(test.plan), UUID_A));
	end_plan(&test);
}

static void test_interrupted_between_steps(void **state)
{
	const struct vfioap_matrix more = matrix("", "", "6");
	struct plan_test test = plan_on("--device " UUID_A "/5/4 --device " UUID_B "/10/4", 0);
	struct vfioap_error *error = NULL;
	int left = 1;

	(void)state;
	assert_int_equal(vfioap_plan_assign(test.plan, UUID_A, &more, NULL), 0);
	assert_int_equal(vfioap_plan_assign(test.plan, UUID_B, &more, NULL), 0);
	vfioap_ctx_set_progress(test.host->ctx, stop_before, &left);
	assert_int_equal(vfioap_plan_execute(test.plan, &error), -ECANCELED);
	assert_error(error, VFIOAP_FAILED, ECANCELED, "interrupted");
	assert_config(&test, UUID_A, "5", "4", "");
	assert_config(&test, UUID_B, "10", "4", "");
	end_plan(&test);
}

struct log {
	char text[2000];
};

static void keep_log(enum vfioap_log_level level, const char *message, void *data)
{
	struct log *log = data;

	assert_true(level <= VFIOAP_LOG_INFO);
	strncat(log->text, message, sizeof(log->text) - strlen(log->text) - 2);
	strcat(log->text, "\n");
}

static void test_each_write_is_logged(void **state)
{
	const struct vfioap_matrix more = matrix("", "", "6");
	struct plan_test test = plan_on("--device " UUID_A "/5/4", 0);
	struct log log = { "" };

	(void)state;
	assert_int_equal(vfioap_plan_assign(test.plan, UUID_A, &more, NULL), 0);
	vfioap_ctx_set_log(test.host->ctx, VFIOAP_LOG_INFO, keep_log, &log);
	assert_int_equal(vfioap_plan_execute(test.plan, NULL), 0);
	assert_ptr_equal(strstr(log.text, "write " DEVICE_A "/ap_config 0x04"), log.text);
	assert_non_null(strchr(log.text, '\n'));
	assert_string_equal(strchr(log.text, '\n'), "\n");
	end_plan(&test);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_change_is_made_and_read_back),
		cmocka_unit_test(test_a_plan_is_executed_once),
		cmocka_unit_test(test_failed_write_undoes_the_others),
		cmocka_unit_test(test_a_device_that_went_away),
		cmocka_unit_test(test_write_without_effect_is_a_failure),
		cmocka_unit_test(test_ap_config_that_shows_something_else),
		cmocka_unit_test(test_create_without_effect),
		cmocka_unit_test(test_remove_without_effect),
		cmocka_unit_test(test_failed_undo_is_told),
		cmocka_unit_test(test_remove_looks_again_for_users),
		cmocka_unit_test(test_waiting_for_a_removal_is_bounded),
		cmocka_unit_test(test_the_lock_is_released_while_waiting),
		cmocka_unit_test(test_interrupted_between_steps),
		cmocka_unit_test(test_each_write_is_logged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
