/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults in the kernel on demand: /proc/thread-self/fail-nth of a kernel with fault injection.
 */
#ifndef FAULT_H
#define FAULT_H

#include <stdbool.h>

/* Let the @n-th possible fault of this thread from now on happen. */
void fault_arm(unsigned int n);

/* No fault from now on; whether it has happened. */
bool fault_disarm(void);

#endif
