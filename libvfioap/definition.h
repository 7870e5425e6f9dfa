/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A stored definition: what mdevctl keeps in /etc/mdevctl.d/matrix/UUID.
 */
#ifndef VFIOAP_DEFINITION_H
#define VFIOAP_DEFINITION_H

#include "vfioap.h"

#define MDEV_TYPE "vfio_ap-passthrough"

struct vfioap_definition {
	char uuid[VFIOAP_UUID_SIZE];
	char *path;
	struct vfioap_matrix matrix;
	enum vfioap_start start;
};

/* NULL if there is no memory. */
struct vfioap_definition *definition_new(const char *uuid, const struct vfioap_matrix *matrix,
					 enum vfioap_start start);
struct vfioap_definition *definition_copy(const struct vfioap_definition *definition);

/* The path of the file, below the root; NULL if there is no memory. */
char *definition_path(const char *uuid);

static inline void definition_freep(struct vfioap_definition **definition)
{
	vfioap_definition_free(*definition);
}
#define _cleanup_definition_ __attribute__((cleanup(definition_freep)))

#endif
