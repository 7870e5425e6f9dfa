/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFIOAP_CLI_EXPORT_H
#define VFIOAP_CLI_EXPORT_H

#include <stddef.h>

/* The formats of export: a name; NULL if @index is out of range. */
const char *export_format_name(size_t index);

#endif
