// SPDX-License-Identifier: GPL-2.0
/*
 * A thread that unmaps memory visits the devices of its container: type1 calls dma_unmap of each,
 * looks whether something is pinned, and does so again, until its BUG(). Until type1 is through no
 * pin begins where the thread has been, unless the device was opened since.
 *
 * Nobody tells a driver which devices share a container, nor how often type1 has looked. What is
 * known is which devices the thread has visited, and what was opened and pinned meanwhile.
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "../compat.h"
#include "hold_off.h"
#include "interrupt.h"
#include "mdev.h"
#include "on_return.h"

/*
 * A thread with so many delays may come to a device once more before the BUG(). From then on no
 * pin begins where it has been, whoever opened the device since, nor at a device that its
 * container may have got since.
 */
#define LATE			(VFIO_AP_TYPE1_CALLS - 2)

/**
 * struct unmapper - a thread that unmaps, from its first dma_unmap until it leaves the kernel
 * @node: in the list of them
 * @visits: the devices that it was at
 * @thread: whose it is, to compare only
 * @delays: those of the visit with the most
 * @inside: it is in dma_unmap, so it has type1's device_list_lock, and nobody else enters or
 *	leaves the container
 * @came: when its first one began
 * @left: when the last one ended
 */
struct unmapper {
	struct list_head node;
	struct list_head visits;
	const struct task_struct *thread;
	unsigned int delays;
	bool inside;
	u64 came;
	u64 left;
};

/**
 * struct vfio_ap_visit - an unmapper was at a device
 * @node: in the unmapper's list
 * @unmapper: who
 * @mdev: where; a reference is held
 * @delays: if type1 finds something pinned here, it does so for the (@delays + 1)th time at most
 * @begun: when the last visit began; before the first one, when the thread first came to any device
 */
struct vfio_ap_visit {
	struct list_head node;
	struct unmapper *unmapper;
	struct vfio_ap_mdev *mdev;
	unsigned int delays;
	u64 begun;
};

/* Guards all that is here. Within the leaf lock of a device. */
static DEFINE_SPINLOCK(unmappers_lock);
static LIST_HEAD(unmappers);

/* Numbers visits and devices in the order in which they come and go. */
static u64 clock;

static struct vfio_ap_visit *find_visit(const struct unmapper *unmapper,
					const struct vfio_ap_mdev *mdev)
{
	struct vfio_ap_visit *visit;

	lockdep_assert_held(&unmappers_lock);
	list_for_each_entry(visit, &unmapper->visits, node)
		if (visit->mdev == mdev)
			return visit;
	return NULL;
}

static bool is_late(const struct unmapper *unmapper)
{
	return unmapper->delays >= LATE;
}

/*
 * Whether its container may have got the device since it was in dma_unmap last. One that any
 * container had before that was visited, or is in another one.
 */
static bool may_be_new_to(const struct unmapper *unmapper, const struct vfio_ap_interrupts *all)
{
	return !unmapper->inside && all->told > unmapper->left;
}

static int may_pin(const struct unmapper *unmapper, const struct vfio_ap_interrupts *all)
{
	const struct vfio_ap_visit *visit =
		find_visit(unmapper, container_of(all, struct vfio_ap_mdev, interrupts));

	if (visit && visit->begun > all->opened)
		return -EAGAIN;
	if (is_late(unmapper) && (visit || may_be_new_to(unmapper, all)))
		return -EBUSY;
	return 0;
}

/**
 * vfio_ap_hold_off_pin - whether a pin of a device may begin
 * @all: the pins of the device, which its container has been told of, see ap_vfio_tells_unmap()
 *
 * With the leaf lock held, so that a visit that begins later finds the pin. iommufd refuses pins
 * itself, once it has returned from dma_unmap.
 *
 * Return: 0; -EAGAIN while a thread unmaps that was here since the device was opened; -EBUSY while
 * one is late that was here before that, or that may have this container.
 */
int vfio_ap_hold_off_pin(struct vfio_ap_interrupts *all)
{
	struct vfio_ap_mdev *mdev = container_of(all, struct vfio_ap_mdev, interrupts);
	struct unmapper *unmapper;
	int ret = 0;

	lockdep_assert_held(&all->lock);
	if (ap_vfio_uses_iommufd(&mdev->vdev))
		return all->unmapping ? -EAGAIN : 0;
	spin_lock(&unmappers_lock);
	all->told = all->told ?: ++clock;
	list_for_each_entry(unmapper, &unmappers, node)
		if (ret != -EAGAIN)
			ret = may_pin(unmapper, all) ?: ret;
	spin_unlock(&unmappers_lock);
	return ret;
}

/* With the leaf lock: it begins. */
void vfio_ap_hold_off_pinning(struct vfio_ap_interrupts *all)
{
	lockdep_assert_held(&all->lock);
	spin_lock(&unmappers_lock);
	all->pinned = ++clock;
	spin_unlock(&unmappers_lock);
}

/*
 * With the leaf lock: the device is being opened. A thread of an earlier user, who may stay in the
 * kernel for as long as he likes, is none of this one's business.
 */
void vfio_ap_hold_off_opened(struct vfio_ap_interrupts *all)
{
	lockdep_assert_held(&all->lock);
	spin_lock(&unmappers_lock);
	all->opened = ++clock;
	all->told = AP_VFIO_TELLS_BEFORE_OPEN ? clock : 0;
	spin_unlock(&unmappers_lock);
}

/* type1 is through: the thread is about to return to its program. */
static int unmapper_release(struct inode *inode, struct file *file)
{
	struct unmapper *unmapper = file->private_data;
	struct vfio_ap_visit *visit, *next;

	spin_lock(&unmappers_lock);
	list_del(&unmapper->node);
	spin_unlock(&unmappers_lock);
	list_for_each_entry_safe(visit, next, &unmapper->visits, node) {
		wake_up_all(&visit->mdev->interrupts.wait);
		vfio_ap_mdev_put(visit->mdev);
		kfree(visit);
	}
	kfree(unmapper);
	return 0;
}

static const struct file_operations unmapper_fops = {
	.owner = THIS_MODULE,
	.release = unmapper_release,
};

static struct unmapper *unmapper_new(void)
{
	struct unmapper *unmapper = kzalloc(sizeof(*unmapper), GFP_KERNEL | __GFP_NOFAIL);

	INIT_LIST_HEAD(&unmapper->visits);
	unmapper->thread = current;
	spin_lock(&unmappers_lock);
	unmapper->came = ++clock;
	list_add(&unmapper->node, &unmappers);
	spin_unlock(&unmappers_lock);
	vfio_ap_release_on_return("[vfio_ap_unmap]", &unmapper_fops, unmapper);
	return unmapper;
}

/* The thread's own, which nobody else adds or takes away. */
static struct unmapper *unmapper_get(void)
{
	struct unmapper *unmapper, *own = NULL;

	spin_lock(&unmappers_lock);
	list_for_each_entry(unmapper, &unmappers, node)
		if (unmapper->thread == current)
			own = unmapper;
	spin_unlock(&unmappers_lock);
	return own ? own : unmapper_new();
}

static struct vfio_ap_visit *visit_new(struct unmapper *unmapper, struct vfio_ap_mdev *mdev)
{
	struct vfio_ap_visit *visit = kzalloc(sizeof(*visit), GFP_KERNEL | __GFP_NOFAIL);

	vfio_ap_mdev_get(mdev);
	visit->unmapper = unmapper;
	visit->mdev = mdev;
	visit->begun = unmapper->came;
	spin_lock(&unmappers_lock);
	list_add(&visit->node, &unmapper->visits);
	spin_unlock(&unmappers_lock);
	return visit;
}

/*
 * The calling thread is in dma_unmap of a device. With none of our locks held; waits for memory,
 * since who cannot be counted must not return. The visit is gone when the thread leaves the kernel.
 */
struct vfio_ap_visit *vfio_ap_visit_get(struct vfio_ap_mdev *mdev)
{
	struct unmapper *unmapper = unmapper_get();
	struct vfio_ap_visit *visit;

	spin_lock(&unmappers_lock);
	visit = find_visit(unmapper, mdev);
	spin_unlock(&unmappers_lock);
	return visit ? visit : visit_new(unmapper, mdev);
}

/* With unmappers_lock. */
static void count_delays(struct vfio_ap_visit *visit, unsigned int delays)
{
	visit->delays = max(visit->delays, delays);
	visit->unmapper->delays = max(visit->unmapper->delays, visit->delays);
}

/**
 * vfio_ap_visit_begin - from here on no pin of the device begins
 * @visit: the visit
 *
 * With the leaf lock of the device held. If a pin began since the thread was here, or came, it is
 * one delay more than at any device. Otherwise what is pinned was so at the last visit, which was
 * in vain.
 *
 * Return: the delays.
 */
unsigned int vfio_ap_visit_begin(struct vfio_ap_visit *visit)
{
	const struct vfio_ap_interrupts *all = &visit->mdev->interrupts;
	unsigned int delays;

	lockdep_assert_held(&all->lock);
	spin_lock(&unmappers_lock);
	if (all->pinned > visit->begun)
		count_delays(visit, visit->unmapper->delays + 1);
	delays = visit->delays;
	visit->begun = ++clock;
	visit->unmapper->inside = true;
	spin_unlock(&unmappers_lock);
	return delays;
}

/* dma_unmap is through; @in_vain: and what it wanted back is still pinned. */
void vfio_ap_visit_end(struct vfio_ap_visit *visit, bool in_vain)
{
	spin_lock(&unmappers_lock);
	if (in_vain)
		count_delays(visit, visit->delays + 1);
	visit->unmapper->inside = false;
	visit->unmapper->left = ++clock;
	spin_unlock(&unmappers_lock);
}
