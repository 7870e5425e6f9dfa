/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Making errors. Every function accepts NULL for the place of the error, and
 * a failed allocation on the way there: then there is no error to decorate.
 */
#ifndef VFIOAP_ERROR_H
#define VFIOAP_ERROR_H

#include <stdarg.h>

#include "vfioap.h"

/*
 * Set *error and return -number, so that a caller can return it.
 */
int error_fail(struct vfioap_error **error, enum vfioap_error_code code, int number,
	       const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same for an errno, with the code that it usually means. */
int error_from_errno(struct vfioap_error **error, int number, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Always -ENOMEM. */
int error_no_memory(struct vfioap_error **error);

/* Decorate an error that was set. @operation is static, the rest is copied. */
void error_at(struct vfioap_error **error, const char *operation, const char *path);
void error_whose(struct vfioap_error **error, const struct vfioap_owner *owner);
void error_which(struct vfioap_error **error, const uint16_t *queues, size_t count);
void error_hint(struct vfioap_error **error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Add to the end of the message, and make it VFIOAP_PARTIAL. */
void error_partial(struct vfioap_error **error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Drop *error and set it to NULL, to try something else. */
void error_clear(struct vfioap_error **error);

static inline void error_freep(struct vfioap_error **error)
{
	vfioap_error_free(*error);
}
#define _cleanup_error_ __attribute__((cleanup(error_freep)))

#endif
