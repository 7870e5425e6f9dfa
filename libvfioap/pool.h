/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef VFIOAP_POOL_H
#define VFIOAP_POOL_H

#include "plan.h"

/* Adapters and domains whose bits in the masks are clear: those that vfio_ap has. */
struct vfioap_matrix pool_of_host(const struct vfioap_host *host);

/*
 * Give vfio_ap exactly the adapters and domains of @wanted, as far as @parts names them;
 * grow: only more, nothing goes back to the host.
 */
int pool_grow(struct vfioap_plan *plan, const struct vfioap_matrix *wanted, unsigned int parts,
	      struct vfioap_error **error);
int pool_set(struct vfioap_plan *plan, const struct vfioap_matrix *wanted, unsigned int parts,
	     struct vfioap_error **error);

#endif
