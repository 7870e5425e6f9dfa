/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFIOAP_CLI_MAP_SVG_H
#define VFIOAP_CLI_MAP_SVG_H

#include <json-c/json.h>

/*
 * Draw the data of the command map as a picture that stands alone. 0 or -errno.
 */
int map_write_svg(struct json_object *data, const char *path);

#endif
