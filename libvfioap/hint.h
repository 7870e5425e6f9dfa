/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Commands that mend something, complete and ready to run. NULL if there is no memory.
 */
#ifndef VFIOAP_HINT_H
#define VFIOAP_HINT_H

#include "host.h"

/* Give these queues to vfio_ap. */
char *hint_pool_free(const uint16_t *queues, size_t count);

/* Bind these queues, which vfio_ap may have, to it. */
char *hint_bind(const uint16_t *queues, size_t count);

/* Take these queues of a device away from it, and as few others as possible. */
char *hint_release(const struct vfioap_device *device, const uint16_t *queues, size_t count);

/* Give a device exactly this. */
char *hint_set(const char *uuid, const struct vfioap_matrix *matrix);

/*
 * Give a device its first queue: free ones, to go with the adapters or domains it has.
 * "" if there are none.
 */
char *hint_fill(const struct vfioap_host *host, const struct vfioap_device *device);

/* Remove a device that nobody uses, best one without queues. "" if there is none. */
char *hint_make_room(const struct vfioap_host *host);

/* Have the masks after the next boot as they are now. */
char *hint_keep_masks(const struct vfioap_host *host);

/* Take adapters ('a'), domains ('d') or control domains ('c') away from a device. */
char *hint_unassign(const char *uuid, char option, const struct vfioap_ids *ids);

#endif
