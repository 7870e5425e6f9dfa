// SPDX-License-Identifier: GPL-2.0
/*
 * PQAP(AQIC): a guest enables or disables the interrupt of a queue.
 *
 * H (read) is held throughout, so the device stays attached; M only where nobody
 * sleeps. Enabling is a transaction: everything is got first, the card is asked last,
 * and what the card refuses is given back.
 */
#include <linux/err.h>
#include <linux/mm.h>

#include "../compat.h"
#include "aqic.h"
#include "core_calls.h"
#include "defect.h"
#include "guest.h"
#include "interrupt.h"
#include "interrupt_off.h"
#include "locks.h"
#include "mdev.h"
#include "pin.h"
#include "queue.h"

/* Interrupts of a queue that may be parked before no further one is enabled. */
#define MAX_PARKED		4

/*
 * Look up queue and attachment, each with a reference, and begin an AQIC of the
 * queue. Returns a response code.
 */
static u8 aqic_begin(const struct ap_pqap *pqap, struct vfio_ap_queue **queue,
		     struct vfio_ap_attachment **attachment)
{
	u8 rc = AP_RC_Q_NOT_AVAIL;

	state_lock();
	*attachment = vfio_ap_attachment_of(pqap->kvm);
	/* Hook and attachment come and go in one step (E6). */
	WARN_ON_ONCE(!*attachment);
	*queue = vfio_ap_queue_find(AP_GR0_APQN(pqap->gr0));
	if (*attachment && *queue && vfio_ap_queue_is_with(*queue, *attachment)) {
		rc = (*queue)->aqic ? AP_RC_BUSY : AP_RC_NORMAL;
		if (!rc) {
			(*queue)->aqic = pqap;
			vfio_ap_queue_get(*queue);
			vfio_ap_attachment_get(*attachment);
		}
	}
	state_unlock();
	return rc;
}

static void aqic_end(struct vfio_ap_queue *queue, struct vfio_ap_attachment *attachment,
		     const struct ap_pqap *pqap)
{
	state_lock();
	if (queue->aqic == pqap)
		queue->aqic = NULL;
	state_unlock();
	vfio_ap_queue_put(queue);
	vfio_ap_attachment_put(attachment);
}

/* With M held: whether the guest has had the queue since the instruction began. */
static bool still_has(const struct vfio_ap_queue *queue,
		      const struct vfio_ap_attachment *attachment, const struct ap_pqap *pqap)
{
	return queue->aqic == pqap && vfio_ap_queue_is_with(queue, attachment);
}

/*
 * With M held: each reset that was asked for before the last one was verified leaves an interrupt
 * that keeps its page. So as long as the VMM goes on asking, there is a limit to what it can keep.
 */
static bool has_many_parked(const struct vfio_ap_queue *queue)
{
	const struct vfio_ap_interrupt *interrupt;
	unsigned int n = 0;

	list_for_each_entry(interrupt, &queue->parked, parked)
		n++;
	return n >= MAX_PARKED;
}

/*
 * Ask the card, if the guest still has the queue. If it agrees the queue owns
 * @interrupt, and @previous is the caller's.
 */
static u32 commit(struct vfio_ap_queue *queue, struct vfio_ap_attachment *attachment,
		  struct vfio_ap_interrupt *interrupt, const struct ap_pqap *pqap, u64 gisa,
		  struct vfio_ap_interrupt **previous)
{
	u32 status = AP_STATUS(AP_RC_Q_NOT_AVAIL);

	*previous = NULL;
	state_lock();
	if (still_has(queue, attachment, pqap) && has_many_parked(queue))
		status = AP_STATUS(AP_RC_RESET_IN_PROGRESS);
	else if (still_has(queue, attachment, pqap))
		status = vfio_ap_interrupt_arm(interrupt, queue->interrupt,
					       offset_in_page(pqap->gr2),
					       AP_GR1_ISC(pqap->gr1), gisa);
	if (AP_STATUS_RC(status) == AP_RC_NORMAL) {
		*previous = queue->interrupt;
		queue->interrupt = interrupt;
	}
	state_unlock();
	return status;
}

static u32 enable_pinned(struct vfio_ap_queue *queue, struct vfio_ap_attachment *attachment,
			 struct vfio_ap_interrupt *interrupt, const struct ap_pqap *pqap)
{
	struct vfio_ap_interrupt *previous;
	struct ap_guest_isc *isc;
	u32 status;
	u64 gisa;

	isc = vfio_ap_core_isc(pqap->kvm, AP_GR1_ISC(pqap->gr1), &gisa);
	if (IS_ERR(isc)) {
		if (!DEFECT(B15))
			vfio_ap_interrupt_release(interrupt);
		return AP_STATUS(AP_RC_INVALID_ADDRESS);
	}
	interrupt->isc = isc;
	status = commit(queue, attachment, interrupt, pqap, gisa, &previous);
	if (AP_STATUS_RC(status) != AP_RC_NORMAL && !DEFECT(B15))
		vfio_ap_interrupt_release(interrupt);
	if (previous)
		vfio_ap_interrupt_release(previous);
	return status;
}

/* A record with a pin, or an ERR_PTR. */
static struct vfio_ap_interrupt *pin_new(struct vfio_ap_mdev *mdev, u16 apqn, u64 iova)
{
	struct vfio_ap_interrupt *interrupt;
	int ret;

	do {
		interrupt = vfio_ap_interrupt_new(mdev, apqn, iova);
		if (!interrupt)
			return ERR_PTR(-EBUSY);
		ret = vfio_ap_interrupt_pin(interrupt);
		if (!ret)
			return interrupt;
		vfio_ap_interrupt_put(interrupt);
	} while (ret == -ECANCELED);
	return ERR_PTR(ret);
}

static u32 enable(struct vfio_ap_queue *queue, struct vfio_ap_attachment *attachment,
		  const struct ap_pqap *pqap)
{
	struct vfio_ap_interrupt *interrupt;

	if (!pqap->gr2 || !ap_guest_ops_get()->gpa_valid(pqap->kvm, pqap->gr2))
		return AP_STATUS(AP_RC_INVALID_ADDRESS);
	/* Whoever unmaps a page must be able to tell it to us. */
	if (!ap_vfio_tells_unmap(&attachment->mdev->vdev))
		return AP_STATUS(AP_RC_BUSY);
	interrupt = pin_new(attachment->mdev, queue->apqn, pqap->gr2 & PAGE_MASK);
	if (interrupt == ERR_PTR(-EBUSY))
		return AP_STATUS(AP_RC_BUSY);
	if (IS_ERR(interrupt))
		return AP_STATUS(AP_RC_INVALID_ADDRESS);
	return enable_pinned(queue, attachment, interrupt, pqap);
}

/* The interrupt that the queue had is returned with a reference. */
static u32 disable_begin(struct vfio_ap_queue *queue, struct vfio_ap_attachment *attachment,
			 const struct ap_pqap *pqap, struct vfio_ap_interrupt **interrupt)
{
	const struct ap_aqic_request request = { .enable = false };
	u32 status = AP_STATUS(AP_RC_Q_NOT_AVAIL);

	*interrupt = NULL;
	state_lock();
	if (still_has(queue, attachment, pqap)) {
		status = ap_hw_get()->aqic(queue->apqn, &request);
		*interrupt = queue->interrupt;
	}
	if (*interrupt)
		kref_get(&(*interrupt)->ref);
	state_unlock();
	return status;
}

/* What the card does not confirm stays with the queue until a reset. */
static u32 disable(struct vfio_ap_queue *queue, struct vfio_ap_attachment *attachment,
		   const struct ap_pqap *pqap)
{
	struct vfio_ap_interrupt *interrupt;
	u32 status;

	status = disable_begin(queue, attachment, pqap, &interrupt);
	if (!interrupt)
		return status;
	if (vfio_ap_interrupt_off_accepted(status) && vfio_ap_interrupt_is_off(queue->apqn))
		vfio_ap_queue_drop_interrupt(interrupt);
	vfio_ap_interrupt_put(interrupt);
	return status;
}

static u32 execute(const struct ap_pqap *pqap)
{
	struct vfio_ap_attachment *attachment;
	struct vfio_ap_queue *queue;
	u32 status;
	u8 rc;

	rc = aqic_begin(pqap, &queue, &attachment);
	if (rc)
		return AP_STATUS(rc);
	if (pqap->gr1 & AP_GR1_IR)
		status = enable(queue, attachment, pqap);
	else
		status = disable(queue, attachment, pqap);
	aqic_end(queue, attachment, pqap);
	return status;
}

/**
 * vfio_ap_aqic - execute PQAP(AQIC) for a guest
 * @pqap: the instruction; called with H (read) held
 *
 * Return: 0, or -EOPNOTSUPP to give the instruction to the VMM.
 */
int vfio_ap_aqic(struct ap_pqap *pqap)
{
	u32 status;

	if (!pqap->aiv)
		return -EOPNOTSUPP;
	status = execute(pqap);
	pqap->gr1 = status;
	if (AP_STATUS_RC(status) || !DEFECT(F18))
		pqap->cc = AP_STATUS_RC(status) ? 3 : 0;
	return 0;
}
