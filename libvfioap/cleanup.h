/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Resources that go with the scope of their variable.
 */
#ifndef VFIOAP_CLEANUP_H
#define VFIOAP_CLEANUP_H

#include <dirent.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(function) __attribute__((cleanup(function)))

static inline void close_fdp(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void free_textp(char **text)
{
	free(*text);
}

static inline void free_queuesp(uint16_t **queues)
{
	free(*queues);
}

static inline void close_dirp(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

#define _cleanup_fd_ _cleanup_(close_fdp)
#define _cleanup_text_ _cleanup_(free_textp)
#define _cleanup_queues_ _cleanup_(free_queuesp)
#define _cleanup_dir_ _cleanup_(close_dirp)

/* Give up a variable's claim, for returning what it holds. */
#define take_pointer(pointer)                 \
	({                                    \
		__typeof__(pointer) *p_ = &(pointer); \
		__typeof__(pointer) v_ = *p_; \
		*p_ = NULL;                   \
		v_;                           \
	})

#endif
