/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The files matrix and guest_matrix, which may be longer than a page.
 */
#ifndef VFIO_AP_MATRIX_FILE_H
#define VFIO_AP_MATRIX_FILE_H

#include <linux/list.h>
#include <linux/mutex.h>

struct bin_attribute;

/**
 * struct vfio_ap_passes - those who read the files of a device at the moment
 * @lock: leaf
 * @list: struct pass, the most recent one first
 * @count: how many they are
 * @last_number: that was given to one of them
 */
struct vfio_ap_passes {
	struct mutex lock;
	struct list_head list;
	unsigned int count;
	unsigned long last_number;
};

extern struct bin_attribute *vfio_ap_matrix_files[];

void vfio_ap_passes_init(struct vfio_ap_passes *passes);
void vfio_ap_passes_free(struct vfio_ap_passes *passes);

#endif
