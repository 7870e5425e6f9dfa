/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an enabled interrupt of a queue holds: the page of the notification byte and
 * the guest's interruption subclass. Both stay until the card cannot use them any
 * more, which may be longer than the guest lives.
 *
 * The page is held in two ways. The pin by VFIO keeps the guest's mapping; it must
 * end when the VMM unmaps the memory or closes the device, whatever the card does. A
 * reference of the page keeps the memory; it ends when the card was seen to have the
 * interrupt disabled.
 */
#ifndef VFIO_AP_INTERRUPT_H
#define VFIO_AP_INTERRUPT_H

#include <linux/kref.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

struct ap_guest_isc;
struct page;
struct vfio_ap_mdev;

/**
 * struct vfio_ap_interrupts - the pins of a device
 * @lock: leaf: for the lists and all numbers here, and for @pin, @has_pin, @unmapped, @recalled and
 *	@armed of each element
 * @list: interrupts whose page is pinned by VFIO, or about to be
 * @pins: how many of them have a pin of their own
 * @unmapping: iommufd is in dma_unmap, so often; no pin begins
 * @opened: when the device was opened last; by the clock of hold_off.c, and guarded there
 * @told: the container has been told of it by then; 0 if it is not known to have been; likewise
 * @pinned: when the last pin began; likewise
 * @wait: the list got shorter, @unmapping less, or a thread that unmaps left the kernel
 * @work: unpins where no lock of VFIO is held; one for the whole device, because VFIO
 *	may keep it waiting as long as the VMM likes
 * @worker: runs @work, and nothing else; while the device is open
 * @refused_since: since when @refusals are counted; in jiffies
 * @refusals: how often VFIO refused a pin for lack of memory, since then
 */
struct vfio_ap_interrupts {
	spinlock_t lock;
	struct list_head list;
	unsigned int pins;
	unsigned int unmapping;
	u64 opened;
	u64 told;
	u64 pinned;
	wait_queue_head_t wait;
	struct kthread_work work;
	struct kthread_worker *worker;
	unsigned long refused_since;
	unsigned int refusals;
};

enum vfio_ap_pin {
	VFIO_AP_UNPINNED,
	VFIO_AP_PINNING,
	VFIO_AP_PINNED,
	VFIO_AP_UNPIN_DUE,
	VFIO_AP_UNPINNING,
};

/**
 * struct vfio_ap_interrupt - an interrupt of a queue
 * @ref: reference count
 * @node: in the device's list while @pin is not VFIO_AP_UNPINNED
 * @parked: in the queue's list of those that wait for a reset; M
 * @mdev: the device; a reference is held
 * @apqn: the queue
 * @iova: guest address of the page
 * @pinned: what VFIO pinned, set while it holds its own lock
 * @page: the page; a reference is held
 * @isc: the guest's interruption subclass
 * @pin: the pin by VFIO
 * @has_pin: that is this one's, not that of another interrupt with the same page
 * @unmapped: the VMM wants the page back
 * @recalled: it unmaps something while this was about to be pinned
 * @armed: it is the queue's, and the card did not accept yet to switch it off
 * @confirm_work: waits for the card after the VMM has unmapped the page
 */
struct vfio_ap_interrupt {
	struct kref ref;
	struct list_head node;
	struct list_head parked;
	struct vfio_ap_mdev *mdev;
	u16 apqn;
	u64 iova;
	struct page *pinned;
	struct page *page;
	struct ap_guest_isc *isc;
	enum vfio_ap_pin pin;
	bool has_pin;
	bool unmapped;
	bool recalled;
	bool armed;
	struct work_struct confirm_work;
};

struct vfio_ap_interrupt *vfio_ap_interrupt_new(struct vfio_ap_mdev *mdev, u16 apqn, u64 iova);
u32 vfio_ap_interrupt_arm(struct vfio_ap_interrupt *interrupt, struct vfio_ap_interrupt *previous,
			  u64 nib, u8 isc, u64 gisa);
void vfio_ap_interrupt_disarm(struct vfio_ap_interrupt *interrupt);
void vfio_ap_interrupt_put(struct vfio_ap_interrupt *interrupt);

#endif
