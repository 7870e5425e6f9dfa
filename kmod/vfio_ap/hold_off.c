// SPDX-License-Identifier: GPL-2.0
/*
 * When the VMM unmaps memory, no pin of the device begins until type1 is through: it
 * looks eleven times whether something is pinned, and at the twelfth look comes its BUG().
 */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "../compat.h"
#include "hold_off.h"
#include "interrupt.h"
#include "mdev.h"

/* How long no pin begins after dma_unmap, if there is no file that tells when type1 is through. */
#define HOLD_OFF		(HZ / 10)

/* Whether a pin of the device may begin; exact with the leaf lock held. */
bool vfio_ap_may_pin(const struct vfio_ap_interrupts *all)
{
	return !READ_ONCE(all->unmapping) && time_after_eq(jiffies, READ_ONCE(all->calm));
}

/* With the leaf lock: the device is being opened, and who unmapped before does not count. */
void vfio_ap_hold_off_forget(struct vfio_ap_interrupts *all)
{
	lockdep_assert_held(&all->lock);
	all->opened++;
	all->unmapping = 0;
}

/**
 * struct unmap_marker - a thread is in dma_unmap, or in what called it
 * @waited: in the device's list, if it found something pinned
 * @mdev: the device; a reference is held
 * @opened: how often the device was opened by then
 * @thread: whose it is, to compare only
 */
struct unmap_marker {
	struct list_head waited;
	struct vfio_ap_mdev *mdev;
	unsigned int opened;
	const struct task_struct *thread;
};

/* With the leaf lock: how many calls of this thread, since it came, found something pinned. */
unsigned int vfio_ap_hold_off_waits(const struct vfio_ap_interrupts *all)
{
	const struct unmap_marker *marker;
	unsigned int waits = 0;

	lockdep_assert_held(&all->lock);
	list_for_each_entry(marker, &all->waited, waited)
		waits += marker->thread == current;
	return waits;
}

/*
 * With the leaf lock: from here on no pin of the device begins. Returns what
 * vfio_ap_hold_off_end() wants: VFIO opens the device after the container knows it.
 */
unsigned int vfio_ap_hold_off_begin(struct vfio_ap_interrupts *all)
{
	lockdep_assert_held(&all->lock);
	all->unmapping++;
	return all->opened;
}

/*
 * From @calm on, if nobody else unmaps, pins may begin. A thread of an earlier user of the
 * device, who may stay in the kernel for as long as he likes, is none of this one's business.
 */
static void unmap_end(struct vfio_ap_interrupts *all, unsigned int opened, unsigned long calm)
{
	spin_lock(&all->lock);
	if (opened == all->opened) {
		all->unmapping--;
		if (time_after(calm, all->calm))
			all->calm = calm;
	}
	spin_unlock(&all->lock);
	wake_up_all(&all->wait);
}

static void marker_free(struct unmap_marker *marker)
{
	vfio_ap_mdev_put(marker->mdev);
	kfree(marker);
}

static int marker_release(struct inode *inode, struct file *file)
{
	struct unmap_marker *marker = file->private_data;
	struct vfio_ap_interrupts *all = &marker->mdev->interrupts;

	spin_lock(&all->lock);
	list_del(&marker->waited);
	spin_unlock(&all->lock);
	unmap_end(all, marker->opened, jiffies);
	marker_free(marker);
	return 0;
}

static const struct file_operations marker_fops = {
	.owner = THIS_MODULE,
	.release = marker_release,
};

static struct unmap_marker *marker_new(struct vfio_ap_mdev *mdev, unsigned int opened)
{
	struct unmap_marker *marker = kmalloc(sizeof(*marker), GFP_KERNEL_ACCOUNT);

	if (!marker)
		return NULL;
	INIT_LIST_HEAD(&marker->waited);
	vfio_ap_mdev_get(mdev);
	marker->mdev = mdev;
	marker->opened = opened;
	marker->thread = current;
	return marker;
}

/*
 * The kernel calls the release of a file whose last reference is dropped in a system call
 * when the thread is about to return to its program: here, when type1 is through.
 */
static bool end_on_return(struct vfio_ap_mdev *mdev, unsigned int opened, bool waited)
{
	struct unmap_marker *marker = marker_new(mdev, opened);
	struct file *file;

	if (!marker)
		return false;
	file = anon_inode_getfile("[vfio_ap_unmap]", &marker_fops, marker, O_RDONLY);
	if (IS_ERR(file)) {
		marker_free(marker);
		return false;
	}
	if (waited) {
		spin_lock(&mdev->interrupts.lock);
		list_add(&marker->waited, &mdev->interrupts.waited);
		spin_unlock(&mdev->interrupts.lock);
	}
	fput(file);
	return true;
}

/**
 * vfio_ap_hold_off_end - dma_unmap is through
 * @mdev: the device
 * @opened: what vfio_ap_hold_off_begin() returned
 * @waited: it found something pinned
 *
 * type1 looks whether something is pinned still, or again, and calls once more. Between
 * two calls may be whatever time other devices of the container need, or the VMM likes to
 * keep type1's lock. So pins may begin when the calling thread leaves the kernel. iommufd
 * itself refuses pins.
 */
void vfio_ap_hold_off_end(struct vfio_ap_mdev *mdev, unsigned int opened, bool waited)
{
	struct vfio_ap_interrupts *all = &mdev->interrupts;

	if (ap_vfio_uses_iommufd(&mdev->vdev))
		unmap_end(all, opened, jiffies);
	else if (!end_on_return(mdev, opened, waited))
		unmap_end(all, opened, jiffies + HOLD_OFF);
}
