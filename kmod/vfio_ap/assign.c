// SPDX-License-Identifier: GPL-2.0
/*
 * Assigning adapters and domains to a device: the checks, and what follows.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/ratelimit.h>

#include "../include/ap_hw.h"
#include "assign.h"
#include "defect.h"
#include "locks.h"
#include "matrix.h"
#include "mdev.h"
#include "pause.h"
#include "reset.h"
#include "sync.h"

/**
 * struct conflict - why a matrix was refused
 * @apqn: the first queue that another device has
 * @more: number of further ones
 * @owner: name of that device
 */
struct conflict {
	u16 apqn;
	unsigned int more;
	char owner[UUID_STRING_LEN + 1];
};

static struct ap_mask *mask_of(struct ap_matrix *matrix, enum vfio_ap_kind kind)
{
	switch (kind) {
	case VFIO_AP_ADAPTER:
		return &matrix->apm;
	case VFIO_AP_DOMAIN:
		return &matrix->aqm;
	default:
		return &matrix->adm;
	}
}

static void describe(struct conflict *conflict, const struct ap_matrix *wanted,
		     const struct vfio_ap_mdev *owner)
{
	struct ap_mask adapters = ap_mask_and(&wanted->apm, &owner->matrix.apm);
	struct ap_mask domains = ap_mask_and(&wanted->aqm, &owner->matrix.aqm);

	conflict->apqn = AP_APQN(ap_mask_next(&adapters, 0), ap_mask_next(&domains, 0));
	conflict->more = ap_mask_weight(&adapters) * ap_mask_weight(&domains) - 1;
	strscpy(conflict->owner, dev_name(owner->vdev.dev), sizeof(conflict->owner));
}

/* With M held: -EADDRINUSE if another device has a queue of @wanted. */
static int check_sharing(const struct vfio_ap_mdev *mdev, const struct ap_matrix *wanted,
			 struct conflict *conflict)
{
	struct vfio_ap_mdev *other;

	for_each_vfio_ap_mdev(other) {
		if (other == mdev || !ap_matrix_shares_queue(wanted, &other->matrix))
			continue;
		describe(conflict, wanted, other);
		return -EADDRINUSE;
	}
	return 0;
}

static void report(struct vfio_ap_mdev *mdev, const struct conflict *conflict)
{
	char more[32] = "";

	if (!__ratelimit(&mdev->conflicts))
		return;
	if (conflict->more)
		snprintf(more, sizeof(more), ", and %u more", conflict->more);
	dev_warn(mdev->vdev.dev,
		 "Userspace may not assign queue %02x.%04x to mdev: already assigned to %s%s\n",
		 AP_APQN_APID(conflict->apqn), AP_APQN_APQI(conflict->apqn), conflict->owner, more);
}

/**
 * vfio_ap_matrix_in_use - whether a device has a queue that the host wants
 * @wanted: adapters and domains
 *
 * With P held, so no matrix grows meanwhile.
 *
 * Return: 0 or -EADDRINUSE.
 */
int vfio_ap_matrix_in_use(const struct ap_matrix *wanted)
{
	struct conflict conflict;
	int ret;

	state_lock();
	ret = check_sharing(NULL, wanted, &conflict);
	state_unlock();
	if (ret)
		pr_warn_ratelimited("Can not reserve queue %02x.%04x for host driver: in use by mdev %s\n",
				    AP_APQN_APID(conflict.apqn), AP_APQN_APQI(conflict.apqn),
				    conflict.owner);
	return ret;
}

/* With P held: replace the matrix, if nobody else has any of it. */
static int commit(struct vfio_ap_mdev *mdev, const struct ap_matrix *matrix,
		  struct conflict *conflict)
{
	int ret;

	owners_assert_locked();
	guests_lock();
	state_lock();
	ret = check_sharing(mdev, matrix, conflict);
	if (!ret)
		mdev->matrix = *matrix;
	if (DEFECT(B16) && !ret)
		vfio_ap_link(mdev, &mdev->shadow, matrix);
	state_unlock();
	guests_unlock();
	return ret;
}

/*
 * With P held. A matrix that only shrinks needs no check: it is not the business of
 * this write whether what remains could be assigned today.
 */
static int check_and_commit(struct vfio_ap_mdev *mdev, const struct ap_matrix *before,
			    const struct ap_matrix *matrix, struct conflict *conflict)
{
	struct ap_mask adapters = ap_mask_andnot(&matrix->apm, &before->apm);
	struct ap_mask domains = ap_mask_andnot(&matrix->aqm, &before->aqm);
	u16 apqn;

	owners_assert_locked();
	if ((!ap_mask_empty(&adapters) || !ap_mask_empty(&domains)) &&
	    ap_hw_get()->owned_by_host(&matrix->apm, &matrix->aqm, &apqn))
		return -EADDRNOTAVAIL;
	return commit(mdev, matrix, conflict);
}

/* B30: what remains is not looked at, so an adapter that was filtered remains so. */
static bool take_away_only(struct vfio_ap_mdev *mdev, const struct ap_matrix *before,
			   const struct ap_matrix *after)
{
	struct ap_matrix *shadow = &mdev->shadow;

	if (mdev->attachment || ap_mask_weight(&after->apm) > ap_mask_weight(&before->apm) ||
	    ap_mask_weight(&after->aqm) > ap_mask_weight(&before->aqm))
		return false;
	state_lock();
	shadow->apm = ap_mask_and(&shadow->apm, &after->apm);
	shadow->aqm = ap_mask_and(&shadow->aqm, &after->aqm);
	shadow->adm = ap_mask_and(&shadow->adm, &after->adm);
	state_unlock();
	return true;
}

/* Wait for the guest and for the queues; what is not clean in time comes later. */
static void bring_about(struct vfio_ap_mdev *mdev, const struct ap_matrix *before,
			const struct ap_matrix *after)
{
	unsigned long deadline = vfio_ap_deadline();

	PAUSE("assign-committed");
	if (DEFECT(B30) && take_away_only(mdev, before, after))
		return;
	vfio_ap_reset_retry(after);
	vfio_ap_sync(mdev, false);
	vfio_ap_sync_wait(mdev, deadline);
	if (ap_mask_equal(&before->apm, &after->apm) && ap_mask_equal(&before->aqm, &after->aqm))
		return;
	vfio_ap_resets_wait(before, deadline);
	vfio_ap_resets_wait(after, deadline);
	vfio_ap_sync_wait(mdev, deadline);
}

static void matrix_of(struct vfio_ap_mdev *mdev, struct ap_matrix *matrix)
{
	state_lock();
	*matrix = mdev->matrix;
	state_unlock();
}

static void modify(struct ap_mask *mask, const struct ap_mask *remove, const struct ap_mask *add)
{
	struct ap_mask kept = ap_mask_andnot(mask, remove);

	*mask = ap_mask_or(&kept, add);
}

/* Take @remove from the matrix of a device and add @add, or change nothing. */
static int change(struct vfio_ap_mdev *mdev, const struct ap_matrix *remove,
		  const struct ap_matrix *add)
{
	struct ap_matrix before, after;
	struct conflict conflict;
	int ret;

	owners_lock();
	matrix_of(mdev, &before);
	after = before;
	modify(&after.apm, &remove->apm, &add->apm);
	modify(&after.aqm, &remove->aqm, &add->aqm);
	modify(&after.adm, &remove->adm, &add->adm);
	ret = check_and_commit(mdev, &before, &after, &conflict);
	owners_unlock();
	if (ret == -EADDRINUSE)
		report(mdev, &conflict);
	if (!ret && !ap_matrix_equal(&before, &after))
		bring_about(mdev, &before, &after);
	return ret;
}

static int check_limit(enum vfio_ap_kind kind, u64 id)
{
	u64 limit;

	state_lock();
	limit = kind == VFIO_AP_ADAPTER ? vfio_ap_last_adapter() : vfio_ap_last_domain();
	state_unlock();
	return id > limit ? -ENODEV : 0;
}

static int change_one(struct vfio_ap_mdev *mdev, enum vfio_ap_kind kind, u64 id, bool add)
{
	const struct ap_matrix none = {};
	struct ap_matrix one = {};
	int ret;

	ret = check_limit(kind, id);
	if (ret)
		return ret;
	ap_mask_set(mask_of(&one, kind), id);
	return add ? change(mdev, &none, &one) : change(mdev, &one, &none);
}

/**
 * vfio_ap_assign - assign an adapter or domain
 * @mdev: the device
 * @kind: what it is
 * @id: its number
 *
 * Waits, with no lock held, at most two seconds for the guest and for resets. What is
 * assigned already is no error.
 *
 * Return: 0, -ENODEV if there can be none of this number, -EADDRNOTAVAIL if a queue
 * is reserved for the host, -EADDRINUSE if another device has a queue.
 */
int vfio_ap_assign(struct vfio_ap_mdev *mdev, enum vfio_ap_kind kind, u64 id)
{
	return change_one(mdev, kind, id, true);
}

/* The same for taking it away. Return: 0 or -ENODEV. */
int vfio_ap_unassign(struct vfio_ap_mdev *mdev, enum vfio_ap_kind kind, u64 id)
{
	return change_one(mdev, kind, id, false);
}

static bool exceeds(const struct ap_mask *mask, unsigned int last)
{
	return ap_mask_next(mask, last + 1) < AP_IDS;
}

/**
 * vfio_ap_configure - replace all that is assigned
 * @mdev: the device
 * @matrix: what shall be assigned
 *
 * Return: as vfio_ap_assign().
 */
int vfio_ap_configure(struct vfio_ap_mdev *mdev, const struct ap_matrix *matrix)
{
	const struct ap_mask all = ap_mask_upto(AP_IDS - 1);
	const struct ap_matrix everything = { .apm = all, .aqm = all, .adm = all };
	unsigned int last_adapter, last_domain;

	state_lock();
	last_adapter = vfio_ap_last_adapter();
	last_domain = vfio_ap_last_domain();
	state_unlock();
	if (exceeds(&matrix->apm, last_adapter) || exceeds(&matrix->aqm, last_domain) ||
	    exceeds(&matrix->adm, last_domain))
		return -ENODEV;
	if (DEFECT(B24))
		change(mdev, &everything, &(const struct ap_matrix){});
	return change(mdev, &everything, matrix);
}
