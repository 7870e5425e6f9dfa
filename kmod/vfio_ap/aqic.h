/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The interception of PQAP(AQIC).
 */
#ifndef VFIO_AP_AQIC_H
#define VFIO_AP_AQIC_H

struct ap_pqap;

int vfio_ap_aqic(struct ap_pqap *pqap);

#endif
