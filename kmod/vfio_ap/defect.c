// SPDX-License-Identifier: GPL-2.0
/*
 * Which historical defect is brought back.
 */
#include <linux/module.h>
#include <linux/string.h>

#include "../include/ap_mask.h"
#include "defect.h"

static char *defect = "";
module_param(defect, charp, 0);
MODULE_PARM_DESC(defect, "identifier of the historical defect to bring back");

bool vfio_ap_has_defect(const char *id)
{
	return !strcmp(defect, id);
}

static struct vfio_ap_mdev *links[AP_IDS * AP_IDS];

static void link_all(struct vfio_ap_mdev *mdev, const struct ap_matrix *matrix)
{
	unsigned int apid, apqi;

	for_each_ap_id(apid, &matrix->apm)
		for_each_ap_id(apqi, &matrix->aqm)
			links[AP_APQN(apid, apqi)] = mdev;
}

void vfio_ap_link(struct vfio_ap_mdev *mdev, const struct ap_matrix *passed,
		  const struct ap_matrix *assigned)
{
	link_all(NULL, passed);
	link_all(mdev, assigned);
}

struct vfio_ap_mdev *vfio_ap_linked(u16 apqn)
{
	return links[apqn];
}
