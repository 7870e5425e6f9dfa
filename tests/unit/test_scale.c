// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The architecture's size: 256 adapters by 256 domains, all given to one device. An
 * algorithm that is not linear in the queues would not end in the time that ctest gives.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fabricated.h"

#define DEVICE_A "/sys/devices/vfio_ap/matrix/" UUID_A
#define ALL_ONES "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
#define QUEUES (VFIOAP_IDS * VFIOAP_IDS)

static void make_card(const struct fabricated *host, unsigned int adapter)
{
	unsigned int domain;
	char path[100];

	sprintf(path, "/sys/devices/ap/card%02x", adapter);
	assert_int_equal(mkdir(host_path(host, path), 0755), 0);
	for (domain = 0; domain < VFIOAP_IDS; domain++) {
		sprintf(path, "/sys/devices/ap/card%02x/%02x.%04x", adapter, adapter, domain);
		assert_int_equal(mkdir(host_path(host, path), 0755), 0);
		sprintf(path, "/sys/bus/ap/drivers/vfio_ap/%02x.%04x", adapter, domain);
		assert_int_equal(symlink("nowhere", host_path(host, path)), 0);
	}
}

/* The text of "matrix" with every queue: longer than any page. */
static void write_matrix(const struct fabricated *host)
{
	FILE *file = fopen(host_path(host, DEVICE_A "/guest_matrix"), "w");
	unsigned int apqn;

	for (apqn = 0; apqn < QUEUES; apqn++)
		fprintf(file, "%02x.%04x\n", apqn >> 8, apqn & 0xff);
	fclose(file);
}

static struct fabricated *make_host(void)
{
	struct fabricated *host = fabricate("--device " UUID_A "/5/4");
	unsigned int adapter;
	char command[200];

	sprintf(command, "cd %s/sys && rm -rf devices/ap/card* bus/ap/drivers/*/*", host->root);
	assert_int_equal(system(command), 0);
	host_write(host, "/sys/bus/ap/ap_adapter_mask", ALL_ONES "\n");
	host_write(host, "/sys/bus/ap/ap_usage_domain_mask", ALL_ONES "\n");
	host_write(host, "/sys/bus/ap/apmask", "0x0\n");
	host_write(host, DEVICE_A "/ap_config", ALL_ONES "," ALL_ONES "," ALL_ONES "\n");
	write_matrix(host);
	for (adapter = 0; adapter < VFIOAP_IDS; adapter++)
		make_card(host, adapter);
	return host;
}

static void test_snapshot_and_explanation(void **state)
{
	const struct fabricated *fabricated = *state;
	struct vfioap_explanation *explanation = NULL;
	const struct vfioap_device *device;
	struct vfioap_host *host = NULL;

	assert_int_equal(vfioap_host_read(fabricated->ctx, VFIOAP_READ_ALL, &host, NULL), 0);
	assert_int_equal(vfioap_host_get_num_queues(host), QUEUES);
	device = vfioap_host_get_device(host, 0);
	assert_int_equal(vfioap_matrix_count_queues(vfioap_device_get_matrix(device)), QUEUES);
	assert_int_equal(vfioap_matrix_count_queues(vfioap_device_get_guest_matrix(device)), QUEUES);
	assert_int_equal(vfioap_explain_device(host, UUID_A, &explanation, NULL), 0);
	assert_int_equal(vfioap_finding_get_num_queues(
		vfioap_explanation_find_queue(explanation, 0xffff)), QUEUES);
	vfioap_explanation_free(explanation);
	vfioap_host_free(host);
}

static void test_conflict(void **state)
{
	const struct vfioap_matrix everything = matrix("0-255", "0-255", "");
	const struct fabricated *fabricated = *state;
	struct vfioap_error *error = NULL;
	struct vfioap_plan *plan = NULL;

	assert_int_equal(vfioap_plan_new(fabricated->ctx, VFIOAP_PLAN_PREVIEW, &plan, NULL), 0);
	assert_int_equal(vfioap_plan_create(plan, UUID_B, &everything, &error), -EADDRINUSE);
	assert_int_equal(vfioap_error_get_num_queues(error), QUEUES);
	assert_error(error, VFIOAP_CONFLICT, EADDRINUSE, "and 65529 more");
	vfioap_plan_free(plan);
}

/* Many small changes in one plan, as when devices are made for a whole host. */
static void test_many_changes(void **state)
{
	const struct vfioap_matrix everything = matrix("0-255", "0-255", "");
	const struct fabricated *fabricated = *state;
	struct vfioap_plan *plan = NULL;
	char uuid[VFIOAP_UUID_SIZE];
	unsigned int adapter;

	assert_int_equal(vfioap_plan_new(fabricated->ctx, VFIOAP_PLAN_PREVIEW, &plan, NULL), 0);
	assert_int_equal(vfioap_plan_unassign(plan, UUID_A, &everything, NULL), 0);
	for (adapter = 0; adapter < VFIOAP_IDS; adapter++) {
		struct vfioap_matrix one = matrix("", "0-255", "");

		vfioap_ids_add(&one.adapters, adapter);
		assert_int_equal(vfioap_uuid_random(uuid, NULL), 0);
		assert_int_equal(vfioap_plan_create(plan, uuid, &one, NULL), 0);
	}
	assert_int_equal(vfioap_plan_get_num_steps(plan), 1 + 2 * VFIOAP_IDS);
	assert_int_equal(vfioap_host_get_num_devices(vfioap_plan_get_after(plan)), 257);
	vfioap_plan_free(plan);
}

/*
 * Linux 6.1 and 6.12 write beyond the page when "guest_matrix" is read with that many
 * queues; a file of exactly a page tells such a kernel, and is not read.
 */
static void test_dangerous_file_is_not_read(void **state)
{
	const struct fabricated *fabricated = *state;
	const struct vfioap_device *device;
	struct vfioap_host *host = NULL;

	host_write(fabricated, DEVICE_A "/guest_matrix", "rubbish");
	assert_int_equal(truncate(host_path(fabricated, DEVICE_A "/guest_matrix"), 4096), 0);
	assert_int_equal(vfioap_host_read(fabricated->ctx, VFIOAP_READ_ALL, &host, NULL), 0);
	device = vfioap_host_get_device(host, 0);
	assert_int_equal(vfioap_matrix_count_queues(vfioap_device_get_guest_matrix(device)), QUEUES);
	vfioap_host_free(host);
}

static int set_up(void **state)
{
	*state = make_host();
	return 0;
}

static int tear_down(void **state)
{
	fabricated_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_snapshot_and_explanation),
		cmocka_unit_test(test_conflict),
		cmocka_unit_test(test_many_changes),
		cmocka_unit_test(test_dangerous_file_is_not_read),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
