/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A host made of plain files, in a temporary directory, for tests of the library.
 */
#ifndef FABRICATED_H
#define FABRICATED_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "vfioap.h"

#define UUID_A "11111111-1111-4111-8111-111111111111"
#define UUID_B "22222222-2222-4222-8222-222222222222"

/**
 * struct fabricated - the host, and a context whose root it is
 */
struct fabricated {
	char root[64];
	struct vfioap_ctx *ctx;
};

/* Make a host with the options of the script fabricate-sysfs. */
struct fabricated *fabricate(const char *options);
/* Make an empty root directory. */
struct fabricated *fabricate_nothing(void);
/* Remove it all. Fails the test if the library left a lock file behind. */
void fabricated_free(struct fabricated *host);

/**
 * struct plan_test - a host, and a plan on it
 */
struct plan_test {
	struct fabricated *host;
	struct vfioap_plan *plan;
};

/* Make a host with @options, and an empty plan with @flags (VFIOAP_PLAN_*) on it. */
struct plan_test plan_on(const char *options, unsigned int flags);
/* Free both. */
void end_plan(struct plan_test *test);

/* The path of a file of the host; static until the next call. */
const char *host_path(const struct fabricated *host, const char *path);
/* Change and read files. */
void host_write(const struct fabricated *host, const char *path, const char *text);
void host_read(const struct fabricated *host, const char *path, char *text, size_t size);
/* Put an empty directory where a file is: opening it for writing fails with EISDIR. */
void host_break(const struct fabricated *host, const char *path);
void host_delete(const struct fabricated *host, const char *path);

/* A progress function that says stop before the step number *(int *)data. */
int stop_before(const char *what, unsigned int elapsed, unsigned int timeout, void *data);

/* Sets as people write them; the test fails if they are malformed. */
struct vfioap_ids ids(const char *list);
struct vfioap_matrix matrix(const char *adapters, const char *domains,
			    const char *control_domains);

void assert_ids(const struct vfioap_ids *found, const char *expected);
void assert_matrix(const struct vfioap_matrix *found, const char *adapters, const char *domains,
		   const char *control_domains);
/* An error of this kind that says @word somewhere; frees it. */
void assert_error(struct vfioap_error *error, enum vfioap_error_code code, int number,
		  const char *word);

#endif
