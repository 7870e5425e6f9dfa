/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a list of paths looks like: the text of a file, the names in a directory, where a link
 * points.
 */
#ifndef STATE_H
#define STATE_H

/* To be freed by the caller. */
char *state_read(char *const *paths, int n);

#endif
