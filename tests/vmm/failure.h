/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What failed, on which path, with which errno.
 */
#ifndef VMM_FAILURE_H
#define VMM_FAILURE_H

struct failure {
	const char *operation;
	char path[160];
	int error;
};

/* Take down errno. Returns -1, so that a function can fail in one statement. */
int fail(struct failure *failure, const char *operation, const char *path, ...)
	__attribute__((format(printf, 3, 4)));

#endif
