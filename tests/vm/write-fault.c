// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Preloaded into a program: the Nth of the calls by which it changes something fails, or is
 * not done though it seems so, or a signal comes right before it.
 *
 *	WRITE_FAULT="3 EBUSY"	the third fails with that errno
 *	WRITE_FAULT="3 lie"	it returns success, and nothing was done
 *	WRITE_FAULT="3 KILL"	the program gets SIGKILL; also INT, TERM
 *	WRITE_FAULT_LOG=FILE	gets a line when that has happened
 *	WRITE_FAULT_BELOW=PATH	only calls about files whose path starts with this (/sys/)
 *
 * They are write(2), and what makes, replaces, syncs and removes files, and loads and unloads
 * modules. A lie counts only those of them of which one can see later whether they were done.
 * Calls of child processes count, too.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
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

/* Where a file that is not complete yet is kept: nobody misses it. */
#define UNFINISHED "/.vfioap/"

/* Shared with child processes. */
static atomic_int *count;
static pid_t program;
static long (*real_syscall)(long number, ...);

__attribute__((constructor)) static void begin(void)
{
	void *shared = mmap(NULL, sizeof(*count), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	count = shared == MAP_FAILED ? NULL : shared;
	program = getpid();
	real_syscall = dlsym(RTLD_NEXT, "syscall");
}

static void tell(const char *what)
{
	const char *path = getenv("WRITE_FAULT_LOG");
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644) : -1;

	if (fd < 0)
		return;
	real_syscall(SYS_write, fd, what, strlen(what));
	real_syscall(SYS_write, fd, "\n", 1);
	real_syscall(SYS_close, fd);
}

/* True if the call is not to be done; then errno is set, if it is to fail. */
static bool strike(const char *word)
{
	size_t i;

	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		if (strcmp(faults[i].word, word))
			continue;
		tell(word);
		if (faults[i].signal)
			kill(program, faults[i].signal);
		errno = faults[i].number;
		return !faults[i].signal;
	}
	fprintf(stderr, "write-fault: unknown fault '%s'\n", word);
	abort();
}

/* Whether this call is the one. @shows: it can be seen whether it was done. */
static bool is_hit(bool shows)
{
	const char *fault = getenv("WRITE_FAULT");
	char word[32];
	int number;

	if (!fault || !count || sscanf(fault, "%d %31s", &number, word) != 2 ||
	    (!shows && !strcmp(word, "lie")))
		return false;
	return atomic_fetch_add(count, 1) + 1 == number && strike(word);
}

/* The path of @name in the directory, or of the open file if @name is NULL. */
static void find_path(int fd, const char *name, char path[1024])
{
	char link[32];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, 512);
	n = n < 0 ? 0 : n;
	snprintf(path + n, 1024 - (size_t)n, "%s%s", name ? "/" : "", name ? name : "");
}

static bool is_below(const char *path)
{
	const char *below = getenv("WRITE_FAULT_BELOW");

	if (!below)
		below = "/sys/";
	return !strncmp(path, below, strlen(below));
}

static bool is_hit_at(int fd, const char *name, bool shows)
{
	int number = errno;
	char path[1024];

	find_path(fd, name, path);
	errno = number;
	return is_below(path) && is_hit(shows && !(name && strstr(path, UNFINISHED)));
}

static int result_of_fault(void)
{
	return errno ? -1 : 0;
}

ssize_t write(int fd, const void *data, size_t length)
{
	if (is_hit_at(fd, NULL, true))
		return errno ? -1 : (ssize_t)length;
	return real_syscall(SYS_write, fd, data, length);
}

int fsync(int fd)
{
	return is_hit_at(fd, NULL, false) ? result_of_fault() : (int)real_syscall(SYS_fsync, fd);
}

int fchmod(int fd, mode_t mode)
{
	return is_hit_at(fd, NULL, false) ? result_of_fault() :
					    (int)real_syscall(SYS_fchmod, fd, mode);
}

/* That is the case of a file on a disk, if it was written. */
static bool can_fail_to_close(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	struct stat stat;
	char path[1024];

	if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY || fstat(fd, &stat) ||
	    !S_ISREG(stat.st_mode))
		return false;
	find_path(fd, NULL, path);
	return strncmp(path, "/sys/", 5);
}

int close(int fd)
{
	int number = errno;
	bool hit = can_fail_to_close(fd) && is_hit_at(fd, NULL, false);

	number = hit ? errno : number;
	if (real_syscall(SYS_close, fd))
		return -1;
	errno = number;
	return hit ? -1 : 0;
}

int renameat(int old_dir, const char *old, int new_dir, const char *new)
{
	return is_hit_at(new_dir, new, true) ?
		       result_of_fault() :
		       (int)real_syscall(SYS_renameat2, old_dir, old, new_dir, new, 0);
}

int unlinkat(int dir, const char *name, int flags)
{
	return is_hit_at(dir, name, true) ? result_of_fault() :
					    (int)real_syscall(SYS_unlinkat, dir, name, flags);
}

int mkdirat(int dir, const char *name, mode_t mode)
{
	return is_hit_at(dir, name, faccessat(dir, name, F_OK, 0)) ? result_of_fault() :
					    (int)real_syscall(SYS_mkdirat, dir, name, mode);
}

int delete_module(const char *name, unsigned int flags);
int delete_module(const char *name, unsigned int flags)
{
	return is_hit(true) ? result_of_fault() : (int)real_syscall(SYS_delete_module, name, flags);
}

/* libkmod has no other way to finit_module(2). */
long syscall(long number, ...)
{
	long words[6];
	va_list args;
	size_t i;

	va_start(args, number);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		words[i] = va_arg(args, long);
	va_end(args);
	if (number == SYS_finit_module && is_hit(true))
		return result_of_fault();
	return real_syscall(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}
