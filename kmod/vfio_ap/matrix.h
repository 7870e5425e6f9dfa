/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the host has.
 */
#ifndef VFIO_AP_MATRIX_H
#define VFIO_AP_MATRIX_H

#include "../include/ap_mask.h"

struct ap_config_info;

const struct ap_matrix *vfio_ap_host_matrix(void);
unsigned int vfio_ap_last_adapter(void);
unsigned int vfio_ap_last_domain(void);

void vfio_ap_config_changed(const struct ap_config_info *now, const struct ap_config_info *before);
void vfio_ap_scan_complete(const struct ap_config_info *now, const struct ap_config_info *before);

int vfio_ap_matrix_in_use(const struct ap_matrix *wanted);

#endif
