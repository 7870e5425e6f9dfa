// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/vfio.h>
#include <pthread.h>
#include <sys/ioctl.h>

#include "random_path.h"

static int open_device(struct vfio_machine *m, const char *uuid)
{
	return ioctl(m->group, VFIO_GROUP_GET_DEVICE_FD, uuid);
}

static void change(struct vfio_machine *m, int device)
{
	(void)device;
	vfio_kvm_set(m, below(2), m->group);
}

static void map(struct vfio_machine *m, void *memory, uint64_t size)
{
	vfio_machine_map(m, memory, size);
}

/*
 * One thread at a time: vfio_notify_dma_unmap() of Linux 6.12 reads the mapping after it dropped
 * the lock, so of two threads that unmap the same range one may read what the other one has freed.
 */
static void unmap(struct vfio_machine *m, uint64_t size)
{
	static pthread_mutex_t unmapping = PTHREAD_MUTEX_INITIALIZER;

	pthread_mutex_lock(&unmapping);
	vfio_machine_unmap(m, size);
	pthread_mutex_unlock(&unmapping);
}

const struct random_path random_group = {
	.prepare = vfio_machine_open,
	.open = open_device,
	.change = change,
	.map = map,
	.unmap = unmap,
};
