/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be done while the kernel fails.
 */
#ifndef FAULTY_H
#define FAULTY_H

/**
 * struct operation - something that either succeeds or changes nothing
 * @name: its name
 * @usage: its arguments
 * @min_args: number of arguments
 * @max_args: with the optional ones
 * @prepare: set up what it needs, without faults; or NULL
 * @run: do it, with a fault: 0 or a negative errno
 * @confirm: after a success, without faults: exits if it was none; or NULL
 * @undo: after a success, without faults: as it was before; or NULL
 * @verify: after a failure, without faults: exits if something is left; or NULL
 */
struct operation {
	const char *name;
	const char *usage;
	int min_args;
	int max_args;
	void (*prepare)(char **args);
	int (*run)(char **args);
	void (*confirm)(char **args);
	void (*undo)(char **args);
	void (*verify)(char **args);
};

/* Each ends with an entry without a name. */
extern const struct operation file_operations[];
extern const struct operation device_operations[];

#endif
