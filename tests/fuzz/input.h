/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the fuzzers share. An input that breaks a rule ends the process, with or
 * without a sanitizer.
 */
#ifndef INPUT_H
#define INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "vfioap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                         \
	do {                                                                       \
		if (!(condition)) {                                                \
			fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, \
				#condition);                                       \
			abort();                                                   \
		}                                                                  \
	} while (0)

/* In memory that ends with the text, so that reading on is seen; freed by the caller. */
char *text_of(const uint8_t *data, size_t size);

/*
 * What each function that can fail keeps to: 0 and no error, or @rc, a negative errno,
 * and the error that says so in one line. Frees it.
 */
void require_result(int rc, struct vfioap_error *error);

#endif
