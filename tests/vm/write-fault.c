// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Preloaded into a program: its Nth write(2) to a file in sysfs fails, or is not done
 * though it seems so, or a signal comes right before it.
 *
 *	WRITE_FAULT="3 EBUSY"	the third fails with that errno
 *	WRITE_FAULT="3 lie"	it returns success, and nothing was written
 *	WRITE_FAULT="3 KILL"	the program gets SIGKILL; also INT, TERM
 *	WRITE_FAULT_LOG=FILE	gets a line when that has happened
 *
 * Writes of child processes count, too.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
	const char *word;
	int number;
	int signal;
} faults[] = {
	{ "EBUSY", EBUSY, 0 },	   { "EIO", EIO, 0 },	      { "EADDRINUSE", EADDRINUSE, 0 },
	{ "INT", 0, SIGINT },	   { "TERM", 0, SIGTERM },    { "KILL", 0, SIGKILL },
	{ "lie", 0, 0 },
};

/* Shared with child processes. */
static atomic_int *count;
static pid_t program;

__attribute__((constructor)) static void begin(void)
{
	void *shared = mmap(NULL, sizeof(*count), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	count = shared == MAP_FAILED ? NULL : shared;
	program = getpid();
}

static int is_in_sysfs(int fd)
{
	char name[32], path[512];
	ssize_t n;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	n = readlink(name, path, sizeof(path));
	return n > 5 && !strncmp(path, "/sys/", 5);
}

static void tell(const char *what)
{
	const char *path = getenv("WRITE_FAULT_LOG");
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644) : -1;

	if (fd < 0)
		return;
	syscall(SYS_write, fd, what, strlen(what));
	syscall(SYS_write, fd, "\n", 1);
	close(fd);
}

/* True if the write is not to be done; then *result is what it returns. */
static int fail(const char *word, size_t length, ssize_t *result)
{
	size_t i;

	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		if (strcmp(faults[i].word, word))
			continue;
		tell(word);
		if (faults[i].signal) {
			kill(program, faults[i].signal);
			return 0;
		}
		errno = faults[i].number;
		*result = errno ? -1 : (ssize_t)length;
		return 1;
	}
	fprintf(stderr, "write-fault: unknown fault '%s'\n", word);
	abort();
}

ssize_t write(int fd, const void *data, size_t length)
{
	const char *fault = getenv("WRITE_FAULT");
	ssize_t result;
	char word[32];
	int number;

	if (fault && count && is_in_sysfs(fd) && sscanf(fault, "%d %31s", &number, word) == 2 &&
	    atomic_fetch_add(count, 1) + 1 == number && fail(word, length, &result))
		return result;
	return syscall(SYS_write, fd, data, length);
}
