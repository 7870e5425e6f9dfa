/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A snapshot and its parts. Only the functions that take it, and those that
 * predict what a plan makes of it, change it.
 */
#ifndef VFIOAP_HOST_H
#define VFIOAP_HOST_H

#include "store.h"
#include "vfioap.h"

/* Highest index of a driver name, plus one; index 0 is "no driver". */
#define DRIVERS_MAX 64

#define DRIVER_NAME "vfio_ap"

struct vfioap_card {
	const struct vfioap_host *host;
	unsigned int adapter;
	uint8_t driver;		/* index in host->drivers */
	char *type;
	char *serial;
	int hwtype;
	int online;
	bool configured;
	bool checkstopped;
};

struct vfioap_queue {
	uint16_t apqn;
	int8_t online;
	bool configured;
	bool checkstopped;
	uint8_t driver;		/* index in host->drivers */
	const struct vfioap_host *host;
	const struct vfioap_owner *owner;
};

/**
 * struct vfioap_device - a mediated device
 * @bound: it has its driver, and so its attributes
 * @has_config: one of them is ap_config
 * @guest_unknown: guest_matrix was not read, and is computed instead
 * @users: processes that use it
 * @as_device: the owner of its queues that no guest gets
 * @as_guest: the owner of its queues that a guest gets; NULL if not in use
 */
struct vfioap_device {
	char uuid[VFIOAP_UUID_SIZE];
	char *path;
	char *cdev;
	int iommu_group;
	enum vfioap_device_state state;
	bool bound;
	bool has_config;
	bool guest_unknown;
	struct vfioap_matrix matrix;
	struct vfioap_matrix guest_matrix;
	struct vfioap_owner **users;
	size_t num_users;
	struct vfioap_owner *as_device;
	struct vfioap_owner *as_guest;
};

/**
 * struct vfioap_host - the snapshot
 * @drivers: names of the drivers of cards and queues; [0] is NULL
 * @as_host: for each driver, the owner of the host's queues that it has
 * @owners: for each APQN, the device or guest that has it: room to work in, so that
 *	finding the owners cannot fail
 * @module_loaded: vfio_ap, be its parent device there or not
 * @has_config: the driver says that its devices have ap_config
 * @has_cdevs: there are device nodes of VFIO devices, not only of groups
 * @taken: for each APQN, whether the queue's status tells that a device has it; read
 *	only while a device is being removed, else NULL
 * @overrides: for each APQN, an enum override; NULL where no queue can have one
 * @store: definitions and names; their bad files only in a snapshot that was read
 */
struct vfioap_host {
	unsigned int parts;
	bool has_bus;
	bool simulated;
	bool has_driver;
	bool module_loaded;
	bool has_config;
	char **bus_features;
	char **driver_features;
	int available_devices;
	int max_adapter;
	int max_domain;
	int default_domain;
	int bound_queues;
	int total_queues;
	struct vfioap_matrix matrix;
	struct vfioap_ids apmask;
	struct vfioap_ids aqmask;

	char *drivers[DRIVERS_MAX];
	size_t num_drivers;
	struct vfioap_card *cards;
	size_t num_cards;
	struct vfioap_queue *queues;
	size_t num_queues;
	size_t queues_size;
	struct vfioap_device **devices;
	size_t num_devices;
	size_t devices_size;
	bool has_cdevs;

	struct vfioap_owner *as_host[DRIVERS_MAX];
	struct vfioap_owner *as_free;
	struct vfioap_owner *as_unknown;
	const struct vfioap_owner **owners;
	uint8_t *taken;
	uint8_t *overrides;

	struct store store;
};

/* An empty snapshot; NULL if there is no memory. */
struct vfioap_host *host_new(void);

/* The queue with this APQN; or NULL. */
struct vfioap_queue *host_find_queue(const struct vfioap_host *host, uint16_t apqn);

#endif
