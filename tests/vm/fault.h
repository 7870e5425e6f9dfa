/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults in the kernel on demand: /proc/thread-self/fail-nth of a kernel with fault injection.
 */
#ifndef FAULT_H
#define FAULT_H

/* Let the @n-th possible fault of this thread from now on happen. */
void fault_arm(unsigned int n);

/* No fault from now on; how many more possible ones it was away, 0 if it has happened. */
unsigned int fault_disarm(void);

#endif
