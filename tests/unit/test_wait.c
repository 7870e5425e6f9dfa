// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Waiting for a device, on a host of files: what changes while it is waited for is seen,
 * what does not is told.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fabricated.h"

#define LONG_TIME 60000
#define DEVICE_A "/sys/devices/vfio_ap/matrix/" UUID_A

static void run(const struct fabricated *host, const char *command)
{
	char line[500];

	snprintf(line, sizeof(line), "cd %s && %s", host->root, command);
	assert_int_equal(system(line), 0);
}

/**
 * struct change - done to the host as soon as it has been looked at in vain
 */
struct change {
	const struct fabricated *host;
	const char *command;
};

static int change_the_host(const char *what, unsigned int elapsed, unsigned int timeout,
			   void *data)
{
	struct change *change = data;

	(void)what;
	(void)elapsed;
	assert_true(timeout);
	if (change->command)
		run(change->host, change->command);
	change->command = NULL;
	return 0;
}

static void waits_through(const char *options, const char *command,
			  enum vfioap_condition condition)
{
	struct fabricated *host = fabricate(options);
	struct change change = { host, command };

	vfioap_ctx_set_progress(host->ctx, change_the_host, &change);
	assert_int_equal(vfioap_wait(host->ctx, UUID_A, condition, LONG_TIME, NULL), 0);
	/* it was waited for */
	assert_null(change.command);
	fabricated_free(host);
}

#define USER_OF_A " --user " UUID_A "/4711/qemu-system-s39"

static void test_every_condition_comes_true(void **state)
{
	(void)state;
	waits_through("--device " UUID_B "/5/4", "cp -a ./sys/devices/vfio_ap/matrix/" UUID_B
		      " ." DEVICE_A, VFIOAP_WAIT_PRESENT);
	waits_through("--device " UUID_A "/5/4", "rm -r ." DEVICE_A, VFIOAP_WAIT_ABSENT);
	waits_through("--device " UUID_A "/5/4" USER_OF_A,
		      "rm -r proc/4711 && echo assigned > sys/devices/ap/card05/05.0004/status",
		      VFIOAP_WAIT_IDLE);
	waits_through("--device " UUID_A "/5/4",
		      "echo in use > sys/devices/ap/card05/05.0004/status", VFIOAP_WAIT_IN_USE);
	waits_through("--device " UUID_A "/2/4",
		      "echo 02.0004 > ." DEVICE_A "/guest_matrix", VFIOAP_WAIT_EFFECTIVE);
}

/* Without a bus or a driver a device can still come */
static void test_present_waits_for_the_driver(void **state)
{
	struct fabricated *host = fabricate("--no-bus");

	(void)state;
	assert_int_equal(vfioap_wait(host->ctx, UUID_A, VFIOAP_WAIT_PRESENT, 0, NULL), -ETIMEDOUT);
	fabricated_free(host);
}

/* A device that is being removed is neither present nor absent */
static void test_removing(void **state)
{
	struct fabricated *host = fabricate("--device " UUID_A "/5/4 --removing " UUID_A USER_OF_A);
	struct vfioap_error *error = NULL;

	(void)state;
	assert_int_equal(vfioap_wait(host->ctx, UUID_A, VFIOAP_WAIT_PRESENT, 0, NULL), -ETIMEDOUT);
	assert_int_equal(vfioap_wait(host->ctx, UUID_A, VFIOAP_WAIT_ABSENT, 0, &error), -ETIMEDOUT);
	assert_int_equal(vfioap_owner_get_pid(vfioap_error_get_owner(error)), 4711);
	assert_error(error, VFIOAP_TIMEOUT, ETIMEDOUT, "being removed");
	fabricated_free(host);
}

/* A device without queues is not effective: its guest gets nothing */
static void test_empty_is_not_effective(void **state)
{
	struct fabricated *host = fabricate("--device " UUID_A "/5/");

	(void)state;
	assert_int_equal(vfioap_wait(host->ctx, UUID_A, VFIOAP_WAIT_EFFECTIVE, 0, NULL),
			 -ETIMEDOUT);
	fabricated_free(host);
}

static void test_gone_while_waiting(void **state)
{
	struct fabricated *host = fabricate("--device " UUID_A "/5/4" USER_OF_A);
	struct change change = { host, "rm -r ." DEVICE_A };
	struct vfioap_error *error = NULL;

	(void)state;
	vfioap_ctx_set_progress(host->ctx, change_the_host, &change);
	assert_int_equal(vfioap_wait(host->ctx, UUID_A, VFIOAP_WAIT_IDLE, LONG_TIME, &error),
			 -ENOENT);
	assert_error(error, VFIOAP_NOT_FOUND, ENOENT, UUID_A);
	fabricated_free(host);
}

static int stop(const char *what, unsigned int elapsed, unsigned int timeout, void *data)
{
	(void)what;
	(void)elapsed;
	(void)data;
	assert_int_equal(timeout, VFIOAP_FOREVER);
	return 1;
}

static void test_can_be_stopped(void **state)
{
	struct fabricated *host = fabricate("--device " UUID_A "/5/4");
	struct vfioap_error *error = NULL;

	(void)state;
	vfioap_ctx_set_progress(host->ctx, stop, NULL);
	assert_int_equal(vfioap_wait(host->ctx, UUID_A, VFIOAP_WAIT_ABSENT, VFIOAP_FOREVER, &error),
			 -ECANCELED);
	assert_error(error, VFIOAP_FAILED, ECANCELED, UUID_A);
	fabricated_free(host);
}

static void test_words(void **state)
{
	struct fabricated *host = fabricate("--device " UUID_A "/5/4");
	enum vfioap_condition condition = VFIOAP_WAIT_IDLE;
	struct vfioap_error *error = NULL;

	(void)state;
	assert_int_equal(vfioap_condition_parse("effective", &condition, NULL), 0);
	assert_int_equal(condition, VFIOAP_WAIT_EFFECTIVE);
	assert_int_equal(vfioap_condition_parse("gone", &condition, &error), -EINVAL);
	assert_error(error, VFIOAP_INVALID, EINVAL, "gone");
	error = NULL;
	assert_int_equal(vfioap_wait(host->ctx, "web1", VFIOAP_WAIT_IDLE, 0, &error), -EINVAL);
	assert_error(error, VFIOAP_INVALID, EINVAL, "web1");
	assert_int_equal(vfioap_wait(host->ctx, UUID_A, (enum vfioap_condition)77, 0, NULL),
			 -EINVAL);
	assert_null(vfioap_condition_name((enum vfioap_condition)77));
	fabricated_free(host);
}

/* Events come from the kernel that runs, not from a tree */
static void test_monitor_needs_the_real_root(void **state)
{
	struct fabricated *host = fabricate("");
	struct vfioap_monitor *monitor = NULL;
	struct vfioap_error *error = NULL;

	(void)state;
	assert_int_equal(vfioap_monitor_new(host->ctx, &monitor, &error), -EOPNOTSUPP);
	assert_null(monitor);
	assert_error(error, VFIOAP_UNSUPPORTED, EOPNOTSUPP, "root directory");
	fabricated_free(host);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_condition_comes_true),
		cmocka_unit_test(test_present_waits_for_the_driver),
		cmocka_unit_test(test_removing),
		cmocka_unit_test(test_empty_is_not_effective),
		cmocka_unit_test(test_gone_while_waiting),
		cmocka_unit_test(test_can_be_stopped),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_monitor_needs_the_real_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
