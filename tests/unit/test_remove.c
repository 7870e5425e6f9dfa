// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Removing a device whose user does not let go. The kernel's uninterruptible write is
 * played by a pipe that is full: whoever writes "remove" waits until somebody reads.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fabricated.h"

#define DEVICE_A "/sys/devices/vfio_ap/matrix/" UUID_A
#define IN_USE "--device " UUID_A "/5/4,5/4 --user " UUID_A "/4711/qemu"
/* Far more than is ever waited; a test that needs it all has failed. */
#define LONG_TIME 60000

struct test {
	struct fabricated *host;
	struct vfioap_plan *plan;
	int pipe;
};

static void fill(int pipe)
{
	char zeros[4096] = "";

	while (write(pipe, zeros, sizeof(zeros)) > 0)
		;
	while (write(pipe, zeros, 1) > 0)
		;
	assert_int_equal(errno, EAGAIN);
}

static void drain(int pipe)
{
	char buffer[4096];

	while (read(pipe, buffer, sizeof(buffer)) > 0)
		;
}

static int set_up(void **state)
{
	struct test *test = calloc(1, sizeof(*test));

	test->host = fabricate(IN_USE);
	host_delete(test->host, DEVICE_A "/remove");
	assert_int_equal(mkfifo(host_path(test->host, DEVICE_A "/remove"), 0600), 0);
	test->pipe = open(host_path(test->host, DEVICE_A "/remove"),
			  O_RDWR | O_NONBLOCK | O_CLOEXEC);
	assert_true(test->pipe >= 0);
	fill(test->pipe);
	assert_int_equal(vfioap_plan_new(test->host->ctx, 0, &test->plan, NULL), 0);
	*state = test;
	return 0;
}

/* Closing the only reader ends the process that still waits to write. */
static int tear_down(void **state)
{
	struct test *test = *state;

	drain(test->pipe);
	close(test->pipe);
	vfioap_plan_free(test->plan);
	fabricated_free(test->host);
	free(test);
	return 0;
}

static void assert_config(const struct test *test, const char *adapters, const char *domains,
			  const char *control_domains)
{
	struct vfioap_host *host = NULL;

	assert_int_equal(vfioap_host_read(test->host->ctx, VFIOAP_READ_DEVICES, &host, NULL), 0);
	assert_matrix(vfioap_device_get_matrix(vfioap_host_find_device(host, UUID_A)), adapters,
		      domains, control_domains);
	vfioap_host_free(host);
}

static void test_timeout_names_the_guest(void **state)
{
	struct vfioap_error *error = NULL;
	struct test *test = *state;

	assert_int_equal(vfioap_plan_remove(test->plan, UUID_A, VFIOAP_REMOVE_IN_USE, 300, NULL),
			 0);
	assert_int_equal(vfioap_plan_execute(test->plan, &error), -ETIMEDOUT);
	assert_int_equal(vfioap_owner_get_pid(vfioap_error_get_owner(error)), 4711);
	assert_string_equal(vfioap_error_get_path(error), DEVICE_A "/remove");
	assert_error(error, VFIOAP_TIMEOUT, ETIMEDOUT, "guest web1 (qemu, pid 4711)");
	assert_config(test, "5", "4,5", "4");
}

/* What a forced removal took from the guest is not given back while the device goes. */
static void test_timeout_of_a_forced_removal_undoes_nothing(void **state)
{
	struct vfioap_error *error = NULL;
	struct test *test = *state;

	assert_int_equal(vfioap_plan_remove(test->plan, UUID_A, VFIOAP_REMOVE_FORCE, 300, NULL), 0);
	assert_int_equal(vfioap_plan_execute(test->plan, &error), -ETIMEDOUT);
	assert_error(error, VFIOAP_TIMEOUT, ETIMEDOUT, "still being removed");
	assert_config(test, "", "", "");
}

/* The guest lets go while the library waits. */
static int let_go(const char *what, unsigned int elapsed, unsigned int timeout, void *data)
{
	struct test *test = data;
	char command[200];

	(void)what;
	(void)elapsed;
	if (!timeout)
		return 0;
	assert_int_equal(access(host_path(test->host, "/run/lock/s390apconfig.lock"), F_OK), -1);
	snprintf(command, sizeof(command), "rm -rf %s", host_path(test->host, DEVICE_A));
	assert_int_equal(system(command), 0);
	drain(test->pipe);
	return 0;
}

static void test_waits_until_the_guest_lets_go(void **state)
{
	struct test *test = *state;

	assert_int_equal(vfioap_plan_remove(test->plan, UUID_A, VFIOAP_REMOVE_IN_USE, LONG_TIME,
					    NULL), 0);
	vfioap_ctx_set_progress(test->host->ctx, let_go, test);
	assert_int_equal(vfioap_plan_execute(test->plan, NULL), 0);
	vfioap_ctx_set_progress(test->host->ctx, NULL, NULL);
	assert_null(vfioap_host_find_device(vfioap_plan_get_after(test->plan), UUID_A));
}

static int stop_while_waiting(const char *what, unsigned int elapsed, unsigned int timeout,
			      void *data)
{
	(void)what;
	(void)elapsed;
	(void)data;
	return timeout != 0;
}

static void test_waiting_can_be_stopped(void **state)
{
	struct vfioap_error *error = NULL;
	struct test *test = *state;

	assert_int_equal(vfioap_plan_remove(test->plan, UUID_A, VFIOAP_REMOVE_IN_USE, LONG_TIME,
					    NULL), 0);
	vfioap_ctx_set_progress(test->host->ctx, stop_while_waiting, NULL);
	assert_int_equal(vfioap_plan_execute(test->plan, &error), -ECANCELED);
	assert_error(error, VFIOAP_FAILED, ECANCELED, "let go");
}

/*
 * The process that waits in the kernel holds nothing of the program's: whoever reads the
 * program's output sees its end when the program ends.
 */
static void test_the_writer_is_detached(void **state)
{
	struct test *test = *state;
	int output[2], status;
	char byte;
	pid_t pid;

	assert_int_equal(vfioap_plan_remove(test->plan, UUID_A, VFIOAP_REMOVE_IN_USE, 300, NULL),
			 0);
	assert_int_equal(pipe(output), 0);
	pid = fork();
	if (!pid) {
		dup2(output[1], STDOUT_FILENO);
		_exit(vfioap_plan_execute(test->plan, NULL) == -ETIMEDOUT ? 0 : 1);
	}
	close(output[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(read(output[0], &byte, 1), 0);
	close(output[0]);
	/* and it does write, when it can */
	fcntl(test->pipe, F_SETFL, 0);
	do
		assert_int_equal(read(test->pipe, &byte, 1), 1);
	while (byte != '1');
	fcntl(test->pipe, F_SETFL, O_NONBLOCK);
	/* the child of this test took the lock with it */
	remove(host_path(test->host, "/run/lock/s390apconfig.lock"));
}

#define REMOVE_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		REMOVE_TEST(test_timeout_names_the_guest),
		REMOVE_TEST(test_timeout_of_a_forced_removal_undoes_nothing),
		REMOVE_TEST(test_waits_until_the_guest_lets_go),
		REMOVE_TEST(test_waiting_can_be_stopped),
		REMOVE_TEST(test_the_writer_is_detached),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
