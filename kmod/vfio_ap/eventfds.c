// SPDX-License-Identifier: GPL-2.0
/*
 * The eventfds of a device. Which one is set is a field like all others (M), but it
 * is signalled and released without M, by who sets masks with K held: so each is counted.
 */
#include <linux/eventfd.h>
#include <linux/kref.h>
#include <linux/slab.h>

#include "../compat.h"
#include "core_calls.h"
#include "defect.h"
#include "eventfds.h"
#include "locks.h"
#include "mdev.h"

struct vfio_ap_eventfd {
	struct kref ref;
	struct eventfd_ctx *ctx;
};

static void eventfd_release(struct kref *ref)
{
	struct vfio_ap_eventfd *eventfd = container_of(ref, struct vfio_ap_eventfd, ref);

	eventfd_ctx_put(eventfd->ctx);
	kfree(eventfd);
}

static void eventfd_put(struct vfio_ap_eventfd *eventfd)
{
	if (eventfd)
		kref_put(&eventfd->ref, eventfd_release);
}

static struct vfio_ap_eventfd *eventfd_new(int fd)
{
	struct vfio_ap_eventfd *eventfd = kzalloc(sizeof(*eventfd), GFP_KERNEL_ACCOUNT);
	int ret;

	if (!eventfd)
		return ERR_PTR(-ENOMEM);
	kref_init(&eventfd->ref);
	eventfd->ctx = vfio_ap_core_eventfd(fd);
	if (IS_ERR(eventfd->ctx)) {
		ret = PTR_ERR(eventfd->ctx);
		kfree(eventfd);
		return ERR_PTR(ret);
	}
	return eventfd;
}

static void eventfd_exchange(struct vfio_ap_mdev *mdev, enum vfio_ap_event event,
			     struct vfio_ap_eventfd *eventfd)
{
	state_lock();
	swap(mdev->eventfds[event], eventfd);
	state_unlock();
	eventfd_put(eventfd);
}

/**
 * vfio_ap_eventfd_set - choose the eventfd of an event
 * @mdev: the device
 * @event: the event
 * @fd: file descriptor, or -1 for none
 *
 * Return: 0 or a negative error number.
 */
int vfio_ap_eventfd_set(struct vfio_ap_mdev *mdev, enum vfio_ap_event event, int fd)
{
	struct vfio_ap_eventfd *eventfd = NULL;

	if (fd < -1)
		return -EINVAL;
	if (fd >= 0) {
		eventfd = eventfd_new(fd);
		if (IS_ERR(eventfd))
			return PTR_ERR(eventfd);
	}
	eventfd_exchange(mdev, event, eventfd);
	return 0;
}

/* The next user of the device must not speak to the eventfds of this one. */
void vfio_ap_eventfds_clear(struct vfio_ap_mdev *mdev)
{
	unsigned int event;

	if (DEFECT(B20))
		return;
	for (event = 0; event < VFIO_AP_EVENTS; event++)
		eventfd_exchange(mdev, event, NULL);
}

/* With M: the eventfd with a reference, NULL if there is none. */
struct vfio_ap_eventfd *vfio_ap_eventfd_get(struct vfio_ap_mdev *mdev, enum vfio_ap_event event)
{
	struct vfio_ap_eventfd *eventfd = mdev->eventfds[event];

	state_assert_locked();
	if (eventfd && !DEFECT(F12))
		kref_get(&eventfd->ref);
	return eventfd;
}

/*
 * F12: without a reference. KASAN sees it look at what was freed, where there is no 1 any
 * more; signalling that, too, would end the machine.
 */
static void signal_uncounted(struct vfio_ap_eventfd *eventfd)
{
	if (kref_read(&eventfd->ref) == 1)
		ap_eventfd_signal(eventfd->ctx);
}

/* Without M, with K or no lock: signal what vfio_ap_eventfd_get() returned, and drop it. */
void vfio_ap_eventfd_signal_put(struct vfio_ap_eventfd *eventfd)
{
	if (!eventfd)
		return;
	if (DEFECT(F12)) {
		signal_uncounted(eventfd);
		return;
	}
	ap_eventfd_signal(eventfd->ctx);
	eventfd_put(eventfd);
}
