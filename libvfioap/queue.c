// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus.h"
#include "card.h"
#include "cleanup.h"
#include "sysfs.h"

/* A number from a file in a queue's directory; @absent if there is none. */
static int read_of_queue(int card_fd, const char *queue, const char *name, int absent)
{
	char path[32];
	int value;

	stpcpy(stpcpy(stpcpy(path, queue), "/"), name);
	return sysfs_read_number(card_fd, path, &value) ? absent : value;
}

/* "assigned" or "in use": a device has it. */
static bool read_taken(int card_fd, const char *queue)
{
	char path[32], line[SYSFS_LINE_SIZE];

	snprintf(path, sizeof(path), "%s/status", queue);
	return !sysfs_read_line(card_fd, path, line) && strcmp(line, "unassigned");
}

static bool bound_to_vfio_ap(const struct vfioap_host *host, uint8_t driver)
{
	return driver && !strcmp(host->drivers[driver], DRIVER_NAME);
}

static struct vfioap_queue *add_queue(struct vfioap_host *host)
{
	if (host->num_queues == host->queues_size) {
		size_t size = host->queues_size ? host->queues_size * 2 : 64;
		struct vfioap_queue *larger = realloc(host->queues, size * sizeof(*larger));

		if (!larger)
			return NULL;
		host->queues = larger;
		host->queues_size = size;
	}
	return &host->queues[host->num_queues++];
}

static void read_attributes(struct vfioap_queue *queue, int card_fd, const char *name, bool of_host)
{
	queue->configured = read_of_queue(card_fd, name, "config", 1) != 0;
	queue->checkstopped = read_of_queue(card_fd, name, "chkstop", 0) != 0;
	if (of_host)
		queue->online = (int8_t)read_of_queue(card_fd, name, "online", -1);
}

static int queue_read(struct vfioap_host *host, int card_fd, uint16_t apqn, uint8_t driver)
{
	struct vfioap_queue *queue = add_queue(host);
	char name[VFIOAP_APQN_TEXT_SIZE];
	bool vfio_ap = bound_to_vfio_ap(host, driver);

	if (!queue)
		return -ENOMEM;
	vfioap_apqn_format(apqn, name);
	*queue = (struct vfioap_queue){
		.host = host,
		.apqn = apqn,
		.driver = driver,
		.configured = true,
		.online = -1,
	};
	if (host->parts & VFIOAP_READ_CARDS)
		read_attributes(queue, card_fd, name, driver && !vfio_ap);
	if (host->taken && vfio_ap)
		host->taken[apqn] = read_taken(card_fd, name);
	return 0;
}

int queues_read(struct vfioap_host *host, const struct vfioap_card *card, DIR *dir,
		const struct bindings *bindings)
{
	struct vfioap_ids domains = { 0 };
	struct dirent *entry;
	unsigned int domain;

	while ((entry = readdir(dir))) {
		int apqn = bus_queue_of_name(entry->d_name);

		if (apqn >= 0 && vfioap_apqn_adapter((uint16_t)apqn) == card->adapter)
			vfioap_ids_add(&domains, vfioap_apqn_domain((uint16_t)apqn));
	}
	vfioap_ids_for_each(domain, &domains) {
		uint16_t apqn = vfioap_apqn(card->adapter, domain);
		int rc = queue_read(host, dirfd(dir), apqn, bindings->queues[apqn]);

		if (rc)
			return rc;
	}
	return 0;
}

uint16_t vfioap_queue_get_apqn(const struct vfioap_queue *queue)
{
	return queue->apqn;
}

const struct vfioap_card *vfioap_queue_get_card(const struct vfioap_queue *queue)
{
	return vfioap_host_find_card(queue->host, vfioap_apqn_adapter(queue->apqn));
}

const char *vfioap_queue_get_driver(const struct vfioap_queue *queue)
{
	return queue->host->drivers[queue->driver];
}

int vfioap_queue_get_online(const struct vfioap_queue *queue)
{
	return queue->online;
}

bool vfioap_queue_is_configured(const struct vfioap_queue *queue)
{
	return queue->configured;
}

bool vfioap_queue_is_checkstopped(const struct vfioap_queue *queue)
{
	return queue->checkstopped;
}

const struct vfioap_owner *vfioap_queue_get_owner(const struct vfioap_queue *queue)
{
	return queue->owner;
}
