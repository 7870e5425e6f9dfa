/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What happens when the calling thread leaves the kernel.
 */
#ifndef VFIO_AP_ON_RETURN_H
#define VFIO_AP_ON_RETURN_H

struct file_operations;

int vfio_ap_on_return_start(void);
void vfio_ap_on_return_stop(void);

void vfio_ap_release_on_return(const char *name, const struct file_operations *fops, void *data);

#endif
