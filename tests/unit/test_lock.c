// SPDX-License-Identifier: GPL-2.0-or-later
/* The lock file that chzdev and ap-check use; also files that nobody of them made. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fabricated.h"
#include "lock.h"

#define LOCK "/run/lock/s390apconfig.lock"

struct test {
	struct fabricated *host;
	pid_t holder;
};

static int set_up(void **state)
{
	struct test *test = calloc(1, sizeof(*test));

	test->host = fabricate_nothing();
	mkdir(host_path(test->host, "/run"), 0755);
	mkdir(host_path(test->host, "/run/lock"), 0755);
	*state = test;
	return 0;
}

static int tear_down(void **state)
{
	struct test *test = *state;

	if (test->holder) {
		kill(test->holder, SIGKILL);
		waitpid(test->holder, NULL, 0);
	}
	remove(host_path(test->host, LOCK));
	fabricated_free(test->host);
	free(test);
	return 0;
}

/* A living process, whose name is known to /proc below the root. */
static void start_holder(struct test *test)
{
	char path[64];

	test->holder = fork();
	if (!test->holder) {
		pause();
		_exit(0);
	}
	mkdir(host_path(test->host, "/proc"), 0755);
	snprintf(path, sizeof(path), "/proc/%d", (int)test->holder);
	mkdir(host_path(test->host, path), 0755);
	strcat(path, "/comm");
	host_write(test->host, path, "chzdev\n");
}

static void write_lock(const struct test *test, long pid)
{
	char text[32];

	snprintf(text, sizeof(text), "%ld\n", pid);
	host_write(test->host, LOCK, text);
}

static pid_t dead_pid(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	return pid;
}

static void assert_directory_empty(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		assert_int_equal(entry->d_name[0], '.');
	closedir(dir);
}

static void assert_acquired(const struct test *test)
{
	struct lock *lock = NULL;
	struct stat stat;
	char text[64], expected[64];

	assert_int_equal(lock_acquire(test->host->ctx, &lock, NULL), 0);
	host_read(test->host, LOCK, text, sizeof(text));
	snprintf(expected, sizeof(expected), "%d\n", (int)getpid());
	assert_string_equal(text, expected);
	assert_int_equal(lstat(host_path(test->host, LOCK), &stat), 0);
	assert_int_equal(stat.st_mode, S_IFREG | 0644);
	/* a lock file made by link(2): the temporary name is gone */
	assert_int_equal(stat.st_nlink, 1);
	lock_release(lock);
	assert_int_equal(access(host_path(test->host, LOCK), F_OK), -1);
	assert_directory_empty(host_path(test->host, "/run/lock"));
}

static void assert_refused(const struct test *test, const char *word)
{
	struct vfioap_error *error = NULL;
	struct lock *lock = NULL;

	assert_int_equal(lock_acquire(test->host->ctx, &lock, &error), -ETIMEDOUT);
	assert_null(lock);
	assert_error(error, VFIOAP_TIMEOUT, ETIMEDOUT, word);
	assert_int_equal(access(host_path(test->host, LOCK), F_OK), 0);
}

static void test_acquire_and_release(void **state)
{
	assert_acquired(*state);
	lock_release(NULL);
}

static void test_mode_does_not_depend_on_umask(void **state)
{
	mode_t old = umask(0777);

	assert_acquired(*state);
	umask(old);
}

static void test_holder_is_named(void **state)
{
	struct vfioap_error *error = NULL;
	const struct vfioap_owner *owner;
	struct test *test = *state;
	struct lock *lock = NULL;

	start_holder(test);
	write_lock(test, test->holder);
	assert_int_equal(lock_acquire(test->host->ctx, &lock, &error), -ETIMEDOUT);
	owner = vfioap_error_get_owner(error);
	assert_int_equal(vfioap_owner_get_kind(owner), VFIOAP_OWNER_PROCESS);
	assert_int_equal(vfioap_owner_get_pid(owner), test->holder);
	assert_string_equal(vfioap_owner_get_process(owner), "chzdev");
	assert_string_equal(vfioap_error_get_operation(error), "lock");
	assert_string_equal(vfioap_error_get_path(error), LOCK);
	assert_error(error, VFIOAP_TIMEOUT, ETIMEDOUT, "chzdev");
}

static void test_waiting_is_bounded(void **state)
{
	struct timespec before, after;
	struct test *test = *state;
	double seconds;

	start_holder(test);
	write_lock(test, test->holder);
	vfioap_ctx_set_lock_timeout(test->host->ctx, 300);
	clock_gettime(CLOCK_MONOTONIC, &before);
	assert_refused(test, "chzdev");
	clock_gettime(CLOCK_MONOTONIC, &after);
	seconds = (double)(after.tv_sec - before.tv_sec) +
		  (double)(after.tv_nsec - before.tv_nsec) / 1e9;
	/* measured in whole milliseconds at both ends */
	assert_true(seconds >= 0.298);
	assert_true(seconds < 30);
}

/* The progress function is told while waiting; here it lets the holder go. */
static int release_holder(const char *what, unsigned int elapsed, unsigned int timeout, void *data)
{
	const struct test *test = data;

	assert_non_null(strstr(what, "lock"));
	assert_true(elapsed <= timeout);
	remove(host_path(test->host, LOCK));
	return 0;
}

static void test_acquired_when_the_holder_lets_go(void **state)
{
	struct test *test = *state;

	start_holder(test);
	write_lock(test, test->holder);
	vfioap_ctx_set_lock_timeout(test->host->ctx, 60000);
	vfioap_ctx_set_progress(test->host->ctx, release_holder, test);
	assert_acquired(test);
}

static int say_stop(const char *what, unsigned int elapsed, unsigned int timeout, void *data)
{
	(void)what;
	(void)elapsed;
	(void)timeout;
	(void)data;
	return 1;
}

static void test_waiting_can_be_stopped(void **state)
{
	struct vfioap_error *error = NULL;
	struct test *test = *state;
	struct lock *lock = NULL;

	start_holder(test);
	write_lock(test, test->holder);
	vfioap_ctx_set_lock_timeout(test->host->ctx, 60000);
	vfioap_ctx_set_progress(test->host->ctx, say_stop, NULL);
	assert_int_equal(lock_acquire(test->host->ctx, &lock, &error), -ECANCELED);
	assert_error(error, VFIOAP_FAILED, ECANCELED, "chzdev");
}

static void test_lock_of_a_dead_process_is_taken_over(void **state)
{
	write_lock(*state, dead_pid());
	assert_acquired(*state);
}

static void test_pid_1_is_not_trusted(void **state)
{
	write_lock(*state, 1);
	assert_acquired(*state);
}

static void test_malformed_content_is_not_trusted(void **state)
{
	static const char *const cases[] = {
		"-1\n", "-5\n", "12 34\n", "12\n34\n", "0x12\n", " 12\n", "chzdev\n",
		"99999999999999999999\n", "4294967297\n", "123456789012345678901234567890\n",
		"12345678901234567890123456789012345678901234567890\n",
	};
	struct test *test = *state;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		host_write(test->host, LOCK, cases[i]);
		assert_acquired(test);
	}
}

static void test_large_file_is_not_trusted(void **state)
{
	struct test *test = *state;

	start_holder(test);
	write_lock(test, test->holder);
	assert_int_equal(truncate(host_path(test->host, LOCK), 100 * 1024), 0);
	assert_acquired(test);
}

static void test_links_are_not_followed(void **state)
{
	struct test *test = *state;

	assert_int_equal(symlink("nowhere", host_path(test->host, LOCK)), 0);
	assert_acquired(test);
	start_holder(test);
	host_write(test->host, "/victim", "1234\n");
	assert_int_equal(symlink("../../victim", host_path(test->host, LOCK)), 0);
	assert_acquired(test);
	assert_int_equal(access(host_path(test->host, "/victim"), F_OK), 0);
}

static void test_other_kinds_of_files_are_not_trusted(void **state)
{
	struct test *test = *state;

	assert_int_equal(mkfifo(host_path(test->host, LOCK), 0666), 0);
	assert_acquired(test);
	assert_int_equal(mkdir(host_path(test->host, LOCK), 0777), 0);
	assert_acquired(test);
}

static void test_file_of_another_user_is_not_trusted(void **state)
{
	struct test *test = *state;

	if (geteuid())
		skip();
	start_holder(test);
	write_lock(test, test->holder);
	assert_int_equal(chown(host_path(test->host, LOCK), 65534, 65534), 0);
	assert_acquired(test);
}

/* A file without pid may be a lock in the making, for 120 s. */
static void test_empty_file(void **state)
{
	struct timespec old[2] = { { .tv_sec = time(NULL) - 121 }, { .tv_sec = time(NULL) - 121 } };
	struct test *test = *state;

	host_write(test->host, LOCK, "");
	assert_refused(test, LOCK);
	host_write(test->host, LOCK, "0\n");
	assert_refused(test, LOCK);
	assert_int_equal(utimensat(AT_FDCWD, host_path(test->host, LOCK), old, 0), 0);
	assert_acquired(test);
}

static void test_only_our_own_lock_is_released(void **state)
{
	struct test *test = *state;
	struct lock *lock = NULL;
	char text[32];

	assert_int_equal(lock_acquire(test->host->ctx, &lock, NULL), 0);
	start_holder(test);
	write_lock(test, test->holder);
	lock_release(lock);
	host_read(test->host, LOCK, text, sizeof(text));
	assert_int_equal(atoi(text), test->holder);
}

static void test_a_second_lock_of_the_same_process_waits(void **state)
{
	struct test *test = *state;
	struct lock *lock = NULL;

	assert_int_equal(lock_acquire(test->host->ctx, &lock, NULL), 0);
	assert_refused(test, LOCK);
	lock_release(lock);
}

static void test_missing_directory(void **state)
{
	struct vfioap_error *error = NULL;
	struct test *test = *state;
	struct lock *lock = NULL;

	host_delete(test->host, "/run/lock");
	assert_int_equal(lock_acquire(test->host->ctx, &lock, &error), -ENOENT);
	assert_error(error, VFIOAP_FAILED, ENOENT, LOCK);
}

#define LOCK_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOCK_TEST(test_acquire_and_release),
		LOCK_TEST(test_mode_does_not_depend_on_umask),
		LOCK_TEST(test_holder_is_named),
		LOCK_TEST(test_waiting_is_bounded),
		LOCK_TEST(test_acquired_when_the_holder_lets_go),
		LOCK_TEST(test_waiting_can_be_stopped),
		LOCK_TEST(test_lock_of_a_dead_process_is_taken_over),
		LOCK_TEST(test_pid_1_is_not_trusted),
		LOCK_TEST(test_malformed_content_is_not_trusted),
		LOCK_TEST(test_large_file_is_not_trusted),
		LOCK_TEST(test_links_are_not_followed),
		LOCK_TEST(test_other_kinds_of_files_are_not_trusted),
		LOCK_TEST(test_file_of_another_user_is_not_trusted),
		LOCK_TEST(test_empty_file),
		LOCK_TEST(test_only_our_own_lock_is_released),
		LOCK_TEST(test_a_second_lock_of_the_same_process_waits),
		LOCK_TEST(test_missing_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
