// SPDX-License-Identifier: GPL-2.0
/*
 * Attaching a device to its guest, and detaching it.
 *
 * With K and H (write) held no instruction of the guest is under way and nobody else
 * changes its masks, so the guest sees hook and masks come in one step.
 */
#include <linux/module.h>
#include <linux/slab.h>

#include "defect.h"
#include "guest.h"
#include "locks.h"
#include "mdev.h"
#include "pause.h"
#include "queue.h"
#include "reset.h"
#include "sync.h"

/* Changed with G and M held, so either of them keeps it. */
static LIST_HEAD(attachments);

void vfio_ap_attachment_get(struct vfio_ap_attachment *attachment)
{
	kref_get(&attachment->ref);
}

/* With no lock held at all: dropping the last reference to a VM destroys it. */
static void free_work(struct work_struct *work)
{
	struct vfio_ap_attachment *attachment =
		container_of(work, struct vfio_ap_attachment, free_work);

	nothing_assert_locked();
	ap_guest_ops_get()->detach(attachment->guest);
	vfio_ap_mdev_put(attachment->mdev);
	kfree(attachment);
}

static void attachment_release(struct kref *ref)
{
	struct vfio_ap_attachment *attachment =
		container_of(ref, struct vfio_ap_attachment, ref);

	vfio_ap_guest_work(&attachment->free_work);
}

/* May be called with any lock held: the last reference is dropped by a worker. */
void vfio_ap_attachment_put(struct vfio_ap_attachment *attachment)
{
	kref_put(&attachment->ref, attachment_release);
}

static void clear_work(struct work_struct *work);

static struct vfio_ap_attachment *attachment_new(struct vfio_ap_mdev *mdev, struct kvm *kvm)
{
	struct vfio_ap_attachment *attachment = kzalloc(sizeof(*attachment), GFP_KERNEL_ACCOUNT);

	if (!attachment)
		return NULL;
	attachment->guest = ap_guest_ops_get()->attach(kvm);
	if (!attachment->guest) {
		kfree(attachment);
		return NULL;
	}
	kref_init(&attachment->ref);
	INIT_LIST_HEAD(&attachment->node);
	INIT_DELAYED_WORK(&attachment->clear_work, clear_work);
	INIT_WORK(&attachment->free_work, free_work);
	vfio_ap_mdev_get(mdev);
	attachment->mdev = mdev;
	return attachment;
}

/**
 * vfio_ap_attachment_of - the attachment of a VM
 * @kvm: the VM
 *
 * With G or M held.
 *
 * Return: the attachment, NULL if no device is attached to it.
 */
struct vfio_ap_attachment *vfio_ap_attachment_of(struct kvm *kvm)
{
	struct vfio_ap_attachment *attachment;

	list_assert_locked();
	list_for_each_entry(attachment, &attachments, node)
		if (ap_guest_ops_get()->kvm_of(attachment->guest) == kvm)
			return attachment;
	return NULL;
}

/* With K, H, G and M held: from here on the guest is served. */
static void attachment_publish(struct vfio_ap_attachment *attachment)
{
	struct vfio_ap_mdev *mdev = attachment->mdev;

	guest_assert_locked(attachment->guest);
	list_assert_changeable();
	vfio_ap_attachment_get(attachment);
	mdev->attachment = attachment;
	list_add(&attachment->node, &attachments);
	attachment->attached = true;
	attachment->present = ap_guest_ops_get()->present(attachment->guest);
	vfio_ap_shadow_compute(mdev, &mdev->shadow);
	if (attachment->present) {
		attachment->apcb = mdev->shadow;
		vfio_ap_queues_expose(attachment, &attachment->apcb);
	}
	ap_guest_ops_get()->hook_set(attachment->guest);
}

/* With K and H held: check first, then publish everything at once. */
static int attach(struct vfio_ap_attachment *attachment)
{
	struct kvm *kvm = ap_guest_ops_get()->kvm_of(attachment->guest);
	int ret = 0;

	guests_lock();
	state_lock();
	if (attachment->mdev->removing)
		ret = -ENODEV;
	else if (vfio_ap_attachment_of(kvm))
		ret = -EPERM;
	else
		attachment_publish(attachment);
	if (DEFECT(F1) && ret)
		ap_guest_ops_get()->hook_clear(attachment->guest);
	state_unlock();
	guests_unlock();
	if (ret)
		return ret;
	if (DEFECT(E6))
		hook_unlock(attachment->guest);
	PAUSE("open-hooked");
	if (DEFECT(E6))
		hook_lock(attachment->guest);
	ap_guest_ops_get()->set_masks(attachment->guest, &attachment->apcb);
	return 0;
}

static int attach_locked(struct vfio_ap_attachment *attachment)
{
	int ret;

	PAUSE("open");
	ret = guest_lock_to_open(attachment->guest);
	if (ret)
		return ret;
	hook_lock(attachment->guest);
	ret = attach(attachment);
	hook_unlock(attachment->guest);
	guest_unlock(attachment->guest);
	return ret;
}

/**
 * vfio_ap_guest_attach - the device is being opened for a guest
 * @mdev: the device
 * @kvm: the guest
 *
 * Return: 0; -EPERM if the guest has a vfio_ap device already, -ENODEV if the device
 * is being removed, -ENOMEM, -EINTR, -EAGAIN.
 */
int vfio_ap_guest_attach(struct vfio_ap_mdev *mdev, struct kvm *kvm)
{
	struct vfio_ap_attachment *attachment = attachment_new(mdev, kvm);
	struct ap_matrix matrix;
	int ret;

	if (!attachment)
		return -ENOMEM;
	ret = attach_locked(attachment);
	vfio_ap_attachment_put(attachment);
	if (ret)
		return ret;
	PAUSE("open-served");
	state_lock();
	matrix = mdev->matrix;
	state_unlock();
	vfio_ap_reset_retry(&matrix);
	return 0;
}

/* With K held: the guest loses everything that it has of @attachment. */
static void clear_masks(struct vfio_ap_attachment *attachment)
{
	const struct ap_matrix none = {};
	struct ap_matrix before;
	struct kvm *kvm = ap_guest_ops_get()->kvm_of(attachment->guest);
	bool replaced;

	guest_assert_locked(attachment->guest);
	state_lock();
	before = attachment->apcb;
	attachment->apcb = none;
	/* The next device has set its own masks, with this lock held. */
	replaced = vfio_ap_attachment_of(kvm);
	state_unlock();
	if (!replaced && !DEFECT(E9))
		ap_guest_ops_get()->set_masks(attachment->guest, &none);
	PAUSE("close-cleared");
	state_lock();
	vfio_ap_queues_withdraw(attachment, &before, &none, false);
	state_unlock();
}

/* K was busy when the device was closed. */
static void clear_work(struct work_struct *work)
{
	struct vfio_ap_attachment *attachment =
		container_of(to_delayed_work(work), struct vfio_ap_attachment, clear_work);

	PAUSE("close-deferred");
	if (!guest_trylock(attachment->guest)) {
		vfio_ap_guest_retry(&attachment->clear_work);
		return;
	}
	clear_masks(attachment);
	guest_unlock(attachment->guest);
	vfio_ap_sync(attachment->mdev, false);
	vfio_ap_attachment_put(attachment);
	module_put(THIS_MODULE);
}

static void clear_later(struct vfio_ap_attachment *attachment)
{
	vfio_ap_attachment_get(attachment);
	__module_get(THIS_MODULE);
	vfio_ap_guest_retry(&attachment->clear_work);
}

/* With H held: from here on each instruction of the guest answers 01. */
static void attachment_withdraw(struct vfio_ap_attachment *attachment)
{
	guests_lock();
	state_lock();
	list_assert_changeable();
	ap_guest_ops_get()->hook_clear(attachment->guest);
	attachment->mdev->attachment = NULL;
	list_del_init(&attachment->node);
	attachment->attached = false;
	state_unlock();
	guests_unlock();
}

/**
 * vfio_ap_guest_detach - the device is being closed
 * @mdev: the device, which is attached
 *
 * Consumes the device's reference to the attachment. The resets of the queues that the
 * guest had are started, or will be when the guest's lock is free.
 */
void vfio_ap_guest_detach(struct vfio_ap_mdev *mdev)
{
	struct vfio_ap_attachment *attachment;
	bool locked;

	state_lock();
	attachment = mdev->attachment;
	state_unlock();
	PAUSE("close");
	locked = guest_lock_to_close(attachment->guest);
	hook_lock(attachment->guest);
	attachment_withdraw(attachment);
	hook_unlock(attachment->guest);
	PAUSE("close-unhooked");
	if (locked) {
		clear_masks(attachment);
		guest_unlock(attachment->guest);
	} else {
		clear_later(attachment);
	}
	vfio_ap_attachment_put(attachment);
}

/* With K held: the masks went with the facility. */
static void facility_lost(struct vfio_ap_attachment *attachment)
{
	const struct ap_matrix none = {};
	struct ap_matrix before;

	state_lock();
	before = attachment->apcb;
	attachment->apcb = none;
	attachment->present = false;
	vfio_ap_queues_withdraw(attachment, &before, &none, true);
	state_unlock();
}

/**
 * vfio_ap_facility_changed - a guest got or lost its AP facility
 * @kvm: the guest, whose lock is held
 * @up: got
 */
void vfio_ap_facility_changed(struct kvm *kvm, bool up)
{
	struct vfio_ap_attachment *attachment;

	state_lock();
	attachment = vfio_ap_attachment_of(kvm);
	if (attachment) {
		vfio_ap_attachment_get(attachment);
		if (up)
			attachment->present = true;
	}
	state_unlock();
	if (!attachment)
		return;
	if (!up)
		facility_lost(attachment);
	vfio_ap_sync_guest(attachment, false);
	vfio_ap_attachment_put(attachment);
}
