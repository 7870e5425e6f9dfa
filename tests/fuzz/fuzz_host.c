// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Attributes of sysfs, and what /proc tells of a process. The first byte of the input
 * is a letter that says which file has the rest of it for content.
 */
#include <string.h>

#include "fabricated.h"
#include "input.h"

#define MATRIX	"/sys/devices/vfio_ap/matrix/"
#define DEVICE	MATRIX UUID_A "/"
#define CARD	"/sys/devices/ap/card05/"
#define QUEUE	CARD "05.0047/"
#define OPTIONS	"--device " UUID_A "/5/71/4 --user " UUID_A "/4321/qemu"

static const char *const files[] = {
	"/sys/bus/ap/ap_adapter_mask",
	"/sys/bus/ap/ap_usage_domain_mask",
	"/sys/bus/ap/ap_control_domain_mask",
	"/sys/bus/ap/apmask",
	"/sys/bus/ap/aqmask",
	"/sys/bus/ap/ap_domain",
	"/sys/bus/ap/ap_max_adapter_id",
	"/sys/bus/ap/bindings",
	"/sys/bus/ap/features",
	MATRIX "features",
	MATRIX "mdev_supported_types/vfio_ap-passthrough/available_instances",
	DEVICE "ap_config",
	DEVICE "guest_matrix",
	DEVICE "matrix",
	DEVICE "control_domains",
	CARD "type",
	CARD "serialnr",
	CARD "hwtype",
	CARD "online",
	CARD "config",
	CARD "chkstop",
	QUEUE "config",
	QUEUE "chkstop",
	QUEUE "status",
	"/proc/4321/comm",
	"/proc/4321/cmdline",
};
#define FILES	(sizeof(files) / sizeof(*files))

static struct fabricated *host;

static void clean_up(void)
{
	fabricated_free(host);
}

static void write_file(const char *path, const void *content, size_t size)
{
	FILE *file = fopen(host_path(host, path), "w");

	REQUIRE(file);
	REQUIRE(fwrite(content, 1, size, file) == size);
	REQUIRE(fclose(file) == 0);
}

/* Everything that can be asked of what was read. */
static void look_at(const struct vfioap_host *read)
{
	size_t i;

	for (i = 0; i < vfioap_host_get_num_queues(read); i++)
		REQUIRE(vfioap_queue_get_owner(vfioap_host_get_queue(read, i)));
	for (i = 0; i < vfioap_host_get_num_cards(read); i++)
		REQUIRE(vfioap_card_get_adapter(vfioap_host_get_card(read, i)) < VFIOAP_IDS);
	for (i = 0; i < vfioap_host_get_num_devices(read); i++) {
		const struct vfioap_device *device = vfioap_host_get_device(read, i);

		REQUIRE(vfioap_device_get_uuid(device));
		REQUIRE(vfioap_matrix_count_queues(vfioap_device_get_guest_matrix(device)) <=
			VFIOAP_IDS * VFIOAP_IDS);
	}
}

static void try_to_read(void)
{
	struct vfioap_error *error = NULL;
	struct vfioap_host *read = NULL;
	int rc = vfioap_host_read(host->ctx, VFIOAP_READ_ALL, &read, &error);

	require_result(rc, error);
	if (rc)
		REQUIRE(!read);
	else
		look_at(read);
	vfioap_host_free(read);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char before[4096];
	const char *path;

	if (!host) {
		host = fabricate(OPTIONS);
		atexit(clean_up);
	}
	if (!size || data[0] < 'a' || data[0] >= 'a' + FILES)
		return 0;
	path = files[data[0] - 'a'];
	host_read(host, path, before, sizeof(before));
	write_file(path, data + 1, size - 1);
	try_to_read();
	host_write(host, path, before);
	return 0;
}
