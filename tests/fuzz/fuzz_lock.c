// SPDX-License-Identifier: GPL-2.0-or-later
/* The lock file, which anybody may have left behind. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fabricated.h"
#include "input.h"
#include "lock.h"

#define LOCK "/run/lock/s390apconfig.lock"

static struct fabricated *host;

static void clean_up(void)
{
	unlink(host_path(host, LOCK));
	fabricated_free(host);
}

static void set_up(void)
{
	host = fabricate_nothing();
	REQUIRE(mkdir(host_path(host, "/run"), 0755) == 0);
	REQUIRE(mkdir(host_path(host, "/run/lock"), 0755) == 0);
	atexit(clean_up);
}

static void write_lock(const uint8_t *data, size_t size)
{
	FILE *file = fopen(host_path(host, LOCK), "w");

	REQUIRE(file);
	REQUIRE(fwrite(data, 1, size, file) == size);
	REQUIRE(fclose(file) == 0);
}

static bool exists(void)
{
	return access(host_path(host, LOCK), F_OK) == 0;
}

/* Only a pid and a newline, or nothing, make others wait. */
static bool is_lock(const uint8_t *data, size_t size)
{
	size_t i;

	if (size && data[size - 1] == '\n')
		size--;
	for (i = 0; i < size; i++)
		if (data[i] < '0' || data[i] > '9')
			return false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vfioap_error *error = NULL;
	struct lock *lock = NULL;
	char pid[16], content[16] = "";
	int rc;

	if (!host)
		set_up();
	write_lock(data, size);
	rc = lock_acquire(host->ctx, &lock, &error);
	require_result(rc, error);
	if (rc) {
		REQUIRE(rc == -ETIMEDOUT);
		REQUIRE(is_lock(data, size));
		REQUIRE(exists());
		return 0;
	}
	snprintf(pid, sizeof(pid), "%d\n", (int)getpid());
	host_read(host, LOCK, content, sizeof(content));
	REQUIRE(!strcmp(content, pid));
	lock_release(lock);
	REQUIRE(!exists());
	return 0;
}
