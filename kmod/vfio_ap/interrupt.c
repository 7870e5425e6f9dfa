// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts of queues: what each of them holds, and what the card is told of it.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "../include/ap_guest.h"
#include "../include/ap_hw.h"
#include "interrupt.h"
#include "interrupt_off.h"
#include "locks.h"
#include "mdev.h"

static void interrupt_free(struct kref *ref)
{
	struct vfio_ap_interrupt *interrupt = container_of(ref, struct vfio_ap_interrupt, ref);

	if (interrupt->isc)
		ap_guest_ops_get()->isc_put(interrupt->isc);
	if (interrupt->page)
		put_page(interrupt->page);
	vfio_ap_mdev_put(interrupt->mdev);
	kfree(interrupt);
}

/* Not with a lock held. */
void vfio_ap_interrupt_put(struct vfio_ap_interrupt *interrupt)
{
	kref_put(&interrupt->ref, interrupt_free);
}

/**
 * vfio_ap_interrupt_new - make the record of an interrupt
 * @mdev: the device
 * @apqn: the queue
 * @iova: guest address of the page that holds the notification byte
 *
 * Return: the record, not pinned yet; NULL without memory.
 */
struct vfio_ap_interrupt *vfio_ap_interrupt_new(struct vfio_ap_mdev *mdev, u16 apqn, u64 iova)
{
	struct vfio_ap_interrupt *interrupt = kzalloc(sizeof(*interrupt), GFP_KERNEL_ACCOUNT);

	if (!interrupt)
		return NULL;
	kref_init(&interrupt->ref);
	INIT_LIST_HEAD(&interrupt->node);
	INIT_LIST_HEAD(&interrupt->parked);
	vfio_ap_interrupt_off_init(interrupt);
	vfio_ap_mdev_get(mdev);
	interrupt->mdev = mdev;
	interrupt->apqn = apqn;
	interrupt->iova = iova;
	return interrupt;
}

/**
 * vfio_ap_interrupt_arm - tell the card to use it
 * @interrupt: the interrupt
 * @previous: the queue's previous one of the same device, or NULL
 * @nib: offset of the notification byte in the page
 * @isc: the guest's interruption subclass
 * @gisa: where the guest gets interrupts
 *
 * With M held. Under the leaf lock, because a page that is being unmapped must not
 * be given to the card any more.
 *
 * Return: the status word.
 */
u32 vfio_ap_interrupt_arm(struct vfio_ap_interrupt *interrupt, struct vfio_ap_interrupt *previous,
			  u64 nib, u8 isc, u64 gisa)
{
	struct vfio_ap_interrupts *all = &interrupt->mdev->interrupts;
	struct ap_aqic_request request = {
		.enable = true,
		.isc = isc,
		.gisa = gisa,
		.nib = page_to_phys(interrupt->page) + nib,
	};
	u32 status = AP_STATUS(AP_RC_INVALID_ADDRESS);

	state_assert_locked();
	spin_lock(&all->lock);
	if (interrupt->pin == VFIO_AP_PINNED)
		status = ap_hw_get()->aqic(interrupt->apqn, &request);
	interrupt->armed = AP_STATUS_RC(status) == AP_RC_NORMAL;
	if (interrupt->armed && previous)
		previous->armed = false;
	spin_unlock(&all->lock);
	return status;
}

/*
 * With M held: from now on this record says nothing of the queue's interrupt, because
 * the queue has another one or none, or is being reset, or left the guest.
 */
void vfio_ap_interrupt_disarm(struct vfio_ap_interrupt *interrupt)
{
	struct vfio_ap_interrupts *all = &interrupt->mdev->interrupts;

	state_assert_locked();
	spin_lock(&all->lock);
	interrupt->armed = false;
	spin_unlock(&all->lock);
}
