// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "failure.h"

int fail(struct failure *failure, const char *operation, const char *path, ...)
{
	va_list args;

	failure->error = errno;
	failure->operation = operation;
	va_start(args, path);
	vsnprintf(failure->path, sizeof(failure->path), path, args);
	va_end(args);
	return -1;
}
