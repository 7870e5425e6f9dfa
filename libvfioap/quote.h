/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Text that anybody may have written, for a message: nothing in it that a terminal or a
 * JSON document could stumble over.
 */
#ifndef VFIOAP_QUOTE_H
#define VFIOAP_QUOTE_H

#define QUOTE_SIZE 84

/* At most 80 characters; what is not printable ASCII becomes \xNN. */
void quote(const char *text, char quoted[QUOTE_SIZE]);

#endif
