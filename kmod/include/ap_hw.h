/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the vfio_ap driver needs of the AP bus and of the AP instructions.
 *
 * On x86-64 ap_sim.ko provides it; a backend for real hardware would wrap the
 * bus and the instructions of s390x. Nothing else of the bus is visible here.
 */
#ifndef AP_HW_H
#define AP_HW_H

#include <linux/device.h>
#include <linux/mod_devicetable.h>
#include <linux/mutex.h>

#include "ap_mask.h"
#include "ap_wire.h"

/**
 * struct ap_config_info - the host's AP configuration, as QCI tells it
 * @flags: AP_QCI_*
 * @has_qci: false: the masks are empty and the limits those of a machine without APXA
 * @na: highest adapter number
 * @nd: highest domain number
 * @host: adapters, usage domains and control domains of the host
 */
struct ap_config_info {
	u32 flags;
	bool has_qci;
	u8 na;
	u8 nd;
	struct ap_matrix host;
};

/**
 * struct ap_tapq_info - what TAPQ tells of a queue besides its status
 * @functions: AP_FUNC_*
 * @type: adapter type, AP_TYPE_*
 * @domains: number of domains of the adapter
 * @ml: largest message in units of 4096 bytes, 0 to 3: 12 KiB
 * @depth: queue depth minus one
 */
struct ap_tapq_info {
	u32 functions;
	u8 type;
	u8 domains;
	u8 ml;
	u8 depth;
};

/**
 * struct ap_aqic_request - interrupt control of one queue
 * @enable: false: disable, all else is ignored
 * @isc: the guest's interruption subclass, 0 to 7
 * @gisa: what ap_guest_ops.isc_get() returned
 * @nib: host physical address of the notification byte, in a pinned page
 */
struct ap_aqic_request {
	bool enable;
	u8 isc;
	u64 gisa;
	phys_addr_t nib;
};

/**
 * struct ap_hw - the AP instructions and the bus's knowledge of owners
 * @qci: read the host's configuration
 * @tapq: test a queue; @info may be NULL
 * @zapq: start to reset and zeroize a queue; asynchronous, test with @tapq
 * @aqic: enable or disable the interrupt of a queue; asynchronous, test with @tapq
 * @owned_by_host: whether a queue of @apm x @aqm belongs to the host's default
 *	drivers; the first one in @apqn. Called with ap_perms_mutex held.
 * @hold: offer the queue to no driver until @unhold; counted. For a queue that a
 *	driver has left although a guest may still reach it.
 * @unhold: the queue may be reset and offered again
 *
 * The instructions never sleep and may be called with spinlocks held.
 * @hold and @unhold do not sleep either; @unhold offers the queue from a worker.
 * Each instruction returns the status word, AP_STATUS_*.
 */
struct ap_hw {
	void (*qci)(struct ap_config_info *info);
	u32 (*tapq)(u16 apqn, struct ap_tapq_info *info);
	u32 (*zapq)(u16 apqn);
	u32 (*aqic)(u16 apqn, const struct ap_aqic_request *request);
	bool (*owned_by_host)(const struct ap_mask *apm, const struct ap_mask *aqm, u16 *apqn);
	void (*hold)(u16 apqn);
	void (*unhold)(u16 apqn);
};

/**
 * struct ap_queue_device - a queue on the AP bus
 * @device: the device; its driver data belongs to the driver
 * @apqn: adapter and domain number
 */
struct ap_queue_device {
	struct device device;
	u16 apqn;
};

static inline struct ap_queue_device *to_ap_queue_device(struct device *dev)
{
	return container_of(dev, struct ap_queue_device, device);
}

/**
 * struct ap_queue_driver - a driver of AP queues that is not a default driver
 * @driver: name, owner and attribute groups; the bus fills in the rest
 * @ids: adapter types, terminated by match_flags 0
 * @probe: a queue is offered. Called with the device lock held. The bus has seen
 *	a completed reset of it since its last driver or hold left, so it is clean.
 * @remove: the queue goes to another driver, or leaves the host. Called with the
 *	device lock held. The bus resets the queue afterwards, and offers it to
 *	nobody before it has seen that reset complete and all holds end.
 * @in_use: -EADDRINUSE if a queue of @apm x @aqm is assigned to somebody.
 *	Called with ap_perms_mutex held.
 * @config_changed: QCI differs; called at the start of a scan, before queues vanish
 * @scan_complete: vanished queues are removed, new ones were offered
 * @settle: wait, with no lock held, killably and no longer than until @deadline, for the
 *	resets and guest updates that the bus has caused since @began: the caller's scan,
 *	mask change, bind, unbind or end of a facility. Both in jiffies.
 */
struct ap_queue_driver {
	struct device_driver driver;
	const struct ap_device_id *ids;
	int (*probe)(struct ap_queue_device *queue);
	void (*remove)(struct ap_queue_device *queue);
	int (*in_use)(const struct ap_mask *apm, const struct ap_mask *aqm);
	void (*config_changed)(const struct ap_config_info *now,
			       const struct ap_config_info *before);
	void (*scan_complete)(const struct ap_config_info *now,
			      const struct ap_config_info *before);
	void (*settle)(unsigned long began, unsigned long deadline);
};

/* The owners of queues do not change while it is held. Outermost lock (P). */
extern struct mutex ap_perms_mutex;

const struct ap_hw *ap_hw_get(void);

int ap_queue_driver_register(struct ap_queue_driver *driver);
void ap_queue_driver_unregister(struct ap_queue_driver *driver);

#endif
