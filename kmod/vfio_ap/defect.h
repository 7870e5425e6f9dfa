/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Historical defects, to test the tests.
 *
 * Without VFIO_AP_DEFECTS nothing of it is compiled. With it, the module parameter
 * defect=ID brings one of them back, and the scenario that tests/vm/defects names must
 * fail.
 */
#ifndef VFIO_AP_DEFECT_H
#define VFIO_AP_DEFECT_H

#include <linux/types.h>

struct ap_matrix;
struct vfio_ap_mdev;

#ifdef VFIO_AP_DEFECTS

#define DEFECT(id) vfio_ap_has_defect(#id)

bool vfio_ap_has_defect(const char *id);

/* B16: the device that a queue was linked to, which does not forget what was filtered. */
void vfio_ap_link(struct vfio_ap_mdev *mdev, const struct ap_matrix *passed,
		  const struct ap_matrix *assigned);
struct vfio_ap_mdev *vfio_ap_linked(u16 apqn);

#else

#define DEFECT(id) false

static inline void vfio_ap_link(struct vfio_ap_mdev *mdev, const struct ap_matrix *passed,
				const struct ap_matrix *assigned)
{
}

static inline struct vfio_ap_mdev *vfio_ap_linked(u16 apqn)
{
	return NULL;
}

#endif

#endif
