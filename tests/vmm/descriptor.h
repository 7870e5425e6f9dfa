/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * File descriptors that one thread closes while others use them: that is what this program is
 * for. -1 is none.
 */
#ifndef VMM_DESCRIPTOR_H
#define VMM_DESCRIPTOR_H

#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

typedef _Atomic int descriptor;

/* Close it once, whoever comes first. Whether there was something to close. */
static inline bool descriptor_close(descriptor *d)
{
	int fd = atomic_exchange(d, -1);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static inline void descriptor_cleanup(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* A local variable that closes its descriptor. */
#define _cleanup_close_ __attribute__((cleanup(descriptor_cleanup)))

#endif
