/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFIOAP_CLI_UTF8_H
#define VFIOAP_CLI_UTF8_H

/*
 * A copy of @text in which U+FFFD stands for each byte that is not part of a UTF-8
 * character, as JSON has to be UTF-8 and what a user or a process says may be anything.
 * NULL if @text is good as it is. Ends the program if there is no memory.
 */
char *utf8_repair(const char *text);

#endif
