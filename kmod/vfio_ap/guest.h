/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A device that is open, and the guest that it is open for.
 */
#ifndef VFIO_AP_GUEST_H
#define VFIO_AP_GUEST_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/workqueue.h>

#include "../include/ap_guest.h"

struct vfio_ap_mdev;

/**
 * struct vfio_ap_attachment - a device attached to a guest
 * @ref: references: of the device while attached, of each queue that it holds, of
 *	whoever works on it
 * @guest: the guest; one reference is held
 * @mdev: the device; a reference is held
 * @node: in the list of attachments while attached; changed with G and M held
 * @attached: the device is open; G and M
 * @present: the guest has an AP facility; changed with K and M held
 * @changing: the masks are being set; M
 * @apcb: what the guest has, and while @changing keeps; changed with K and M held
 * @clear_work: clears the masks where K could not be taken; holds the module
 * @free_work: drops the reference to the guest where no lock is held
 *
 * Whoever has a reference may use @guest. The guest's lock is not enough to keep it
 * attached on kernels where a close cannot wait for that lock, see LOCKING.md.
 */
struct vfio_ap_attachment {
	struct kref ref;
	struct ap_guest *guest;
	struct vfio_ap_mdev *mdev;
	struct list_head node;
	bool attached;
	bool present;
	bool changing;
	struct ap_matrix apcb;
	struct delayed_work clear_work;
	struct work_struct free_work;
};

void vfio_ap_attachment_get(struct vfio_ap_attachment *attachment);
void vfio_ap_attachment_put(struct vfio_ap_attachment *attachment);
struct vfio_ap_attachment *vfio_ap_attachment_of(struct kvm *kvm);

int vfio_ap_guest_attach(struct vfio_ap_mdev *mdev, struct kvm *kvm);
void vfio_ap_guest_detach(struct vfio_ap_mdev *mdev);
void vfio_ap_facility_changed(struct kvm *kvm, bool up);

#endif
