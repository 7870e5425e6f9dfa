// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fault.h"

static int fail_nth_fd(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		err(77, "/proc/thread-self/fail-nth");
	return fd;
}

void fault_arm(unsigned int n)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(fail_nth_fd(), text, length, 0) != length)
		err(1, "arm fail-nth");
}

/*
 * Reading and writing the file are possible faults, too: if the copy fails, the fault was
 * still due.
 */
unsigned int fault_disarm(void)
{
	char text[16] = "";
	ssize_t n = pread(fail_nth_fd(), text, sizeof(text) - 1, 0);
	unsigned int left = n > 0 ? strtoul(text, NULL, 10) : 1;

	while (pwrite(fail_nth_fd(), "0", 1, 0) != 1)
		if (errno != EFAULT)
			err(1, "disarm fail-nth");
	return left;
}
