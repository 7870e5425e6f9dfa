// SPDX-License-Identifier: GPL-2.0-or-later
/* Snapshots: what they tell of a host, of one without bus or driver, of odd ones. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fabricated.h"

#define DEVICE_A "/sys/devices/vfio_ap/matrix/" UUID_A

static struct vfioap_host *read_host(const struct fabricated *fabricated)
{
	struct vfioap_host *host = NULL;

	assert_int_equal(vfioap_host_read(fabricated->ctx, VFIOAP_READ_ALL, &host, NULL), 0);
	return host;
}

static const struct vfioap_owner *owner_of(const struct vfioap_host *host, uint16_t apqn)
{
	const struct vfioap_queue *queue = vfioap_host_find_queue(host, apqn);

	assert_non_null(queue);
	return vfioap_queue_get_owner(queue);
}

static void assert_owner(const struct vfioap_owner *owner, enum vfioap_owner_kind kind,
			 const char *uuid)
{
	assert_string_equal(vfioap_owner_kind_name(vfioap_owner_get_kind(owner)),
			    vfioap_owner_kind_name(kind));
	if (uuid)
		assert_string_equal(vfioap_owner_get_uuid(owner), uuid);
	else
		assert_null(vfioap_owner_get_uuid(owner));
}

static void test_bus_and_driver(void **state)
{
	struct fabricated *fabricated = fabricate("");
	struct vfioap_host *host = read_host(fabricated);

	(void)state;
	assert_true(vfioap_host_has_bus(host));
	assert_true(vfioap_host_has_driver(host));
	assert_false(vfioap_host_is_simulated(host));
	assert_string_equal(vfioap_host_get_bus_features(host)[0], "APSC");
	assert_string_equal(vfioap_host_get_bus_features(host)[3], "RC8A");
	assert_null(vfioap_host_get_bus_features(host)[4]);
	assert_string_equal(vfioap_host_get_driver_features(host)[2], "ap_config");
	assert_int_equal(vfioap_host_get_available_devices(host), 65536);
	assert_int_equal(vfioap_host_get_max_adapter(host), 255);
	assert_int_equal(vfioap_host_get_max_domain(host), 255);
	assert_int_equal(vfioap_host_get_default_domain(host), 4);
	assert_int_equal(vfioap_host_get_bound_queues(host), 25);
	assert_int_equal(vfioap_host_get_total_queues(host), 25);
	assert_matrix(vfioap_host_get_matrix(host), "1,2,3,5,10", "4,5,6,71,171",
		      "4,5,6,16,71,171");
	assert_false(vfioap_ids_has(vfioap_host_get_apmask(host), 5));
	assert_true(vfioap_ids_has(vfioap_host_get_apmask(host), 6));
	assert_false(vfioap_ids_has(vfioap_host_get_aqmask(host), 71));
	vfioap_host_free(host);
	fabricated_free(fabricated);
}

static void test_cards_and_queues(void **state)
{
	struct fabricated *fabricated = fabricate("--unbound 05.0006 --deconfigured 10");
	struct vfioap_host *host = read_host(fabricated);
	const struct vfioap_card *card = vfioap_host_find_card(host, 3);
	const struct vfioap_queue *queue = vfioap_host_find_queue(host, 0x0304);

	(void)state;
	assert_int_equal(vfioap_host_get_num_cards(host), 5);
	assert_int_equal(vfioap_host_get_num_queues(host), 25);
	assert_string_equal(vfioap_card_get_type(card), "CEX8P");
	assert_int_equal(vfioap_card_get_mode(card), VFIOAP_MODE_EP11);
	assert_int_equal(vfioap_card_get_hwtype(card), 14);
	assert_int_equal(vfioap_card_get_online(card), 1);
	assert_string_equal(vfioap_card_get_driver(card), "cex4card");
	assert_ptr_equal(vfioap_queue_get_card(queue), card);
	assert_string_equal(vfioap_queue_get_driver(queue), "cex4queue");
	assert_int_equal(vfioap_queue_get_online(queue), 1);
	queue = vfioap_host_find_queue(host, 0x0504);
	assert_string_equal(vfioap_queue_get_driver(queue), "vfio_ap");
	assert_int_equal(vfioap_queue_get_online(queue), -1);
	assert_null(vfioap_queue_get_driver(vfioap_host_find_queue(host, 0x0506)));
	assert_false(vfioap_card_is_configured(vfioap_host_find_card(host, 10)));
	assert_null(vfioap_host_find_card(host, 4));
	assert_null(vfioap_host_find_queue(host, 0x0404));
	assert_null(vfioap_host_get_card(host, 5));
	assert_null(vfioap_host_get_queue(host, 25));
	vfioap_host_free(host);
	fabricated_free(fabricated);
}

/* Bindings alone: the same cards, queues, drivers and owners, and no file of theirs is read. */
static void test_bindings_alone(void **state)
{
	struct fabricated *fabricated =
		fabricate("--unbound 05.0006 --deconfigured 10 --device " UUID_A "/5,10/71");
	struct vfioap_host *whole = read_host(fabricated), *host = NULL;
	const struct vfioap_card *card;
	size_t i;

	(void)state;
	assert_int_equal(vfioap_host_read(fabricated->ctx,
					  VFIOAP_READ_BINDINGS | VFIOAP_READ_DEVICES, &host, NULL),
			 0);
	assert_int_equal(vfioap_host_get_num_cards(host), vfioap_host_get_num_cards(whole));
	assert_int_equal(vfioap_host_get_num_queues(host), vfioap_host_get_num_queues(whole));
	for (i = 0; i < vfioap_host_get_num_queues(host); i++) {
		const struct vfioap_queue *queue = vfioap_host_get_queue(host, i);
		const struct vfioap_queue *same = vfioap_host_get_queue(whole, i);
		const char *driver = vfioap_queue_get_driver(same);

		assert_int_equal(vfioap_queue_get_apqn(queue), vfioap_queue_get_apqn(same));
		assert_string_equal(vfioap_queue_get_driver(queue) ?: "none", driver ?: "none");
		assert_owner(vfioap_queue_get_owner(queue),
			     vfioap_owner_get_kind(vfioap_queue_get_owner(same)),
			     vfioap_owner_get_uuid(vfioap_queue_get_owner(same)));
		assert_int_equal(vfioap_queue_get_online(queue), -1);
	}
	card = vfioap_host_find_card(host, 10);
	assert_string_equal(vfioap_card_get_driver(card), "cex4card");
	assert_null(vfioap_card_get_type(card));
	assert_int_equal(vfioap_card_get_hwtype(card), -1);
	assert_int_equal(vfioap_card_get_online(card), -1);
	assert_true(vfioap_card_is_configured(card));
	vfioap_host_free(whole);
	vfioap_host_free(host);
	fabricated_free(fabricated);
}

static void test_order_is_that_of_ids(void **state)
{
	struct fabricated *fabricated =
		fabricate("--device " UUID_B "/10/71 --device " UUID_A "/5/71");
	struct vfioap_host *host = read_host(fabricated);
	size_t i;

	(void)state;
	for (i = 1; i < vfioap_host_get_num_queues(host); i++)
		assert_true(vfioap_queue_get_apqn(vfioap_host_get_queue(host, i - 1)) <
			    vfioap_queue_get_apqn(vfioap_host_get_queue(host, i)));
	assert_string_equal(vfioap_device_get_uuid(vfioap_host_get_device(host, 0)), UUID_A);
	assert_string_equal(vfioap_device_get_uuid(vfioap_host_get_device(host, 1)), UUID_B);
	vfioap_host_free(host);
	fabricated_free(fabricated);
}

static void test_owners(void **state)
{
	struct fabricated *fabricated = fabricate(
		"--device " UUID_A "/5/4,5/4 --device " UUID_B "/10/4,9 "
		"--user " UUID_B "/4711/qemu-system-s39");
	struct vfioap_host *host = read_host(fabricated);
	const struct vfioap_owner *owner;

	(void)state;
	assert_owner(owner_of(host, 0x0504), VFIOAP_OWNER_DEVICE, UUID_A);
	assert_owner(owner_of(host, 0x0a04), VFIOAP_OWNER_GUEST, UUID_B);
	assert_owner(owner_of(host, 0x0a05), VFIOAP_OWNER_FREE, NULL);
	owner = owner_of(host, 0x0104);
	assert_owner(owner, VFIOAP_OWNER_HOST, NULL);
	assert_string_equal(vfioap_owner_get_driver(owner), "cex4queue");
	/* free by aqmask */
	assert_owner(owner_of(host, 0x0147), VFIOAP_OWNER_FREE, NULL);
	vfioap_host_free(host);
	fabricated_free(fabricated);
}

static void test_queue_of_a_guest_that_does_not_get_it(void **state)
{
	struct fabricated *fabricated = fabricate(
		"--device " UUID_A "/5/4,6 --user " UUID_A "/4711/qemu --unbound 05.0006");
	struct vfioap_host *host = read_host(fabricated);

	(void)state;
	assert_owner(owner_of(host, 0x0504), VFIOAP_OWNER_DEVICE, UUID_A);
	vfioap_host_free(host);
	fabricated_free(fabricated);
}

static void test_device(void **state)
{
	struct fabricated *fabricated = fabricate("--device " UUID_A "/5,7/4,5/4,9");
	struct vfioap_host *host = read_host(fabricated);
	const struct vfioap_device *device = vfioap_host_find_device(host, UUID_A);

	(void)state;
	assert_int_equal(vfioap_device_get_state(device), VFIOAP_DEVICE_IDLE);
	assert_matrix(vfioap_device_get_matrix(device), "5,7", "4,5", "4,9");
	assert_matrix(vfioap_device_get_guest_matrix(device), "5", "4,5", "4");
	assert_string_equal(vfioap_device_get_path(device), DEVICE_A);
	assert_int_equal(vfioap_device_get_iommu_group(device), 0);
	assert_null(vfioap_device_get_cdev(device));
	assert_int_equal(vfioap_device_get_num_users(device), 0);
	assert_null(vfioap_device_get_user(device, 0));
	assert_null(vfioap_host_find_device(host, UUID_B));
	assert_null(vfioap_host_find_device(host, "rubbish"));
	vfioap_host_free(host);
	fabricated_free(fabricated);
}

/* Without ap_config, as on Linux before 6.10, two other files tell the same. */
static void test_device_without_ap_config(void **state)
{
	struct fabricated *fabricated = fabricate("--device " UUID_A "/5/4,5/4,9");
	struct vfioap_host *host;

	(void)state;
	host_delete(fabricated, DEVICE_A "/ap_config");
	host = read_host(fabricated);
	assert_matrix(vfioap_device_get_matrix(vfioap_host_get_device(host, 0)), "5", "4,5", "4,9");
	vfioap_host_free(host);
	host_write(fabricated, DEVICE_A "/matrix", "05.\n0a.\n");
	host = read_host(fabricated);
	assert_matrix(vfioap_device_get_matrix(vfioap_host_get_device(host, 0)), "5,10", "", "4,9");
	vfioap_host_free(host);
	host_write(fabricated, DEVICE_A "/matrix", ".0004\n.00ab\n");
	host = read_host(fabricated);
	assert_matrix(vfioap_device_get_matrix(vfioap_host_get_device(host, 0)), "", "4,0xab",
		      "4,9");
	vfioap_host_free(host);
	fabricated_free(fabricated);
}

static void test_user_of_the_group(void **state)
{
	struct fabricated *fabricated =
		fabricate("--device " UUID_A "/5/4 --user " UUID_A "/4711/qemu-system-s39");
	struct vfioap_host *host;
	const struct vfioap_owner *user;
	const struct vfioap_device *device;

	(void)state;
	host = read_host(fabricated);
	device = vfioap_host_get_device(host, 0);
	assert_int_equal(vfioap_device_get_state(device), VFIOAP_DEVICE_IN_USE);
	assert_int_equal(vfioap_device_get_num_users(device), 1);
	user = vfioap_device_get_user(device, 0);
	assert_owner(user, VFIOAP_OWNER_GUEST, UUID_A);
	assert_int_equal(vfioap_owner_get_pid(user), 4711);
	assert_int_equal(vfioap_owner_get_fd(user), 7);
	assert_string_equal(vfioap_owner_get_process(user), "qemu-system-s39");
	assert_string_equal(vfioap_owner_get_guest(user), "web1");
	assert_null(vfioap_owner_get_guest_uuid(user));
	vfioap_host_free(host);
	fabricated_free(fabricated);
}

static void test_names_of_guests(void **state)
{
	static const struct {
		const char *words;	/* ended by | instead of null bytes */
		const char *name;
		const char *uuid;
	} cases[] = {
		{ "qemu|-name|guest=a,debug-threads=on|", "a", NULL },
		{ "qemu|-name|debug-threads=on,guest=b|-uuid|" UUID_B "|", "b", UUID_B },
		{ "qemu|--name|plain|", "plain", NULL },
		{ "qemu|-name|guest=with,,comma,process=x|", "with,comma", NULL },
		{ "qemu|-name|notguest=c|", "notguest=c", NULL },
		{ "qemu|-name|", NULL, NULL },
		{ "qemu|-name", NULL, NULL },
		{ "qemu|-device|-name|x|", "x", NULL },
		{ "", NULL, NULL },
	};
	struct fabricated *fabricated =
		fabricate("--device " UUID_A "/5/4 --user " UUID_A "/4711/qemu");
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct vfioap_owner *user;
		struct vfioap_host *host;
		char words[200];
		FILE *file;

		strcpy(words, cases[i].words);
		for (k = 0; words[k]; k++)
			words[k] = words[k] == '|' ? '\0' : words[k];
		file = fopen(host_path(fabricated, "/proc/4711/cmdline"), "w");
		fwrite(words, 1, k, file);
		fclose(file);
		host = read_host(fabricated);
		user = vfioap_device_get_user(vfioap_host_get_device(host, 0), 0);
		if (cases[i].name)
			assert_string_equal(vfioap_owner_get_guest(user), cases[i].name);
		else
			assert_null(vfioap_owner_get_guest(user));
		if (cases[i].uuid)
			assert_string_equal(vfioap_owner_get_guest_uuid(user), cases[i].uuid);
		else
			assert_null(vfioap_owner_get_guest_uuid(user));
		vfioap_host_free(host);
	}
	fabricated_free(fabricated);
}

/* The kernel says "in use", but no process has the group open: never a guess. */
static void test_unseen_user(void **state)
{
	struct fabricated *fabricated = fabricate("--device " UUID_A "/5/4");
	const struct vfioap_device *device;
	struct vfioap_host *host;

	(void)state;
	host_write(fabricated, "/sys/devices/ap/card05/05.0004/status", "in use\n");
	host = read_host(fabricated);
	device = vfioap_host_get_device(host, 0);
	assert_int_equal(vfioap_device_get_state(device), VFIOAP_DEVICE_IN_USE);
	assert_int_equal(vfioap_device_get_num_users(device), 1);
	assert_owner(vfioap_device_get_user(device, 0), VFIOAP_OWNER_UNKNOWN, UUID_A);
	assert_owner(owner_of(host, 0x0504), VFIOAP_OWNER_GUEST, UUID_A);
	vfioap_host_free(host);
	fabricated_free(fabricated);
}

static void test_device_being_removed(void **state)
{
	struct fabricated *fabricated = fabricate(
		"--device " UUID_A "/5/4 --user " UUID_A "/4711/qemu --removing " UUID_A);
	const struct vfioap_device *device;
	struct vfioap_host *host;

	(void)state;
	host = read_host(fabricated);
	device = vfioap_host_get_device(host, 0);
	assert_int_equal(vfioap_device_get_state(device), VFIOAP_DEVICE_REMOVING);
	assert_int_equal(vfioap_owner_get_pid(vfioap_device_get_user(device, 0)), 4711);
	assert_matrix(vfioap_device_get_matrix(device), "", "", "");
	/* the status of the queue tells that it is still held */
	assert_owner(owner_of(host, 0x0504), VFIOAP_OWNER_GUEST, UUID_A);
	assert_owner(owner_of(host, 0x0a04), VFIOAP_OWNER_FREE, NULL);
	vfioap_host_free(host);
	fabricated_free(fabricated);
}

static void test_two_devices_being_removed(void **state)
{
	struct fabricated *fabricated = fabricate(
		"--device " UUID_A "/5/4 --removing " UUID_A
		" --device " UUID_B "/10/4 --removing " UUID_B);
	struct vfioap_host *host;

	(void)state;
	host = read_host(fabricated);
	assert_owner(vfioap_device_get_user(vfioap_host_get_device(host, 0), 0),
		     VFIOAP_OWNER_UNKNOWN, UUID_A);
	assert_owner(owner_of(host, 0x0504), VFIOAP_OWNER_UNKNOWN, NULL);
	vfioap_host_free(host);
	fabricated_free(fabricated);
}

static void test_no_bus(void **state)
{
	struct fabricated *fabricated = fabricate("--no-bus");
	struct vfioap_host *host = read_host(fabricated);

	(void)state;
	assert_false(vfioap_host_has_bus(host));
	assert_false(vfioap_host_has_driver(host));
	assert_int_equal(vfioap_host_get_max_adapter(host), -1);
	assert_int_equal(vfioap_host_get_available_devices(host), -1);
	assert_int_equal(vfioap_host_get_num_queues(host), 0);
	assert_null(vfioap_host_get_bus_features(host)[0]);
	assert_null(vfioap_host_find_queue(host, 0));
	vfioap_host_free(host);
	fabricated_free(fabricated);
}

static void test_no_driver(void **state)
{
	struct fabricated *fabricated = fabricate("--no-driver");
	struct vfioap_host *host = read_host(fabricated);

	(void)state;
	assert_true(vfioap_host_has_bus(host));
	assert_false(vfioap_host_has_driver(host));
	assert_int_equal(vfioap_host_get_num_devices(host), 0);
	assert_null(vfioap_host_get_driver_features(host)[0]);
	assert_null(vfioap_queue_get_driver(vfioap_host_find_queue(host, 0x0504)));
	vfioap_host_free(host);
	fabricated_free(fabricated);
}

/* What the kernel shows is not trusted: an error names the file. */
static void test_malformed_files(void **state)
{
	static const char *const rubbish[] = {
		"", "\n", "rubbish\n", "0x\n",
		"0x00000000000000000000000000000000000000000000000000000000000000000000000000\n",
	};
	struct fabricated *fabricated = fabricate("--device " UUID_A "/5/4");
	struct vfioap_error *error = NULL;
	struct vfioap_host *host = NULL;
	char before[300];
	size_t i;

	(void)state;
	host_read(fabricated, "/sys/bus/ap/apmask", before, sizeof(before));
	for (i = 0; i < sizeof(rubbish) / sizeof(rubbish[0]); i++) {
		host_write(fabricated, "/sys/bus/ap/apmask", rubbish[i]);
		assert_int_equal(vfioap_host_read(fabricated->ctx, VFIOAP_READ_ALL, &host, &error),
				 -EIO);
		assert_null(host);
		assert_string_equal(vfioap_error_get_path(error), "/sys/bus/ap/apmask");
		assert_error(error, VFIOAP_IO, EIO, "/sys/bus/ap/apmask");
	}
	host_write(fabricated, "/sys/bus/ap/apmask", before);
	host_write(fabricated, DEVICE_A "/ap_config", "0x1,0x2\n");
	assert_int_equal(vfioap_host_read(fabricated->ctx, VFIOAP_READ_ALL, &host, &error), -EIO);
	assert_error(error, VFIOAP_IO, EIO, UUID_A);
	host_delete(fabricated, DEVICE_A "/ap_config");
	host_write(fabricated, DEVICE_A "/matrix", "05.0004\n05.01");
	assert_int_equal(vfioap_host_read(fabricated->ctx, VFIOAP_READ_ALL, &host, &error), -EIO);
	assert_error(error, VFIOAP_IO, EIO, UUID_A);
	fabricated_free(fabricated);
}

static void test_strange_entries_are_passed_over(void **state)
{
	struct fabricated *fabricated = fabricate("--device " UUID_A "/5/4");
	struct vfioap_host *host;

	(void)state;
	mkdir(host_path(fabricated, "/sys/devices/ap/card5"), 0755);
	mkdir(host_path(fabricated, "/sys/devices/ap/card05x"), 0755);
	mkdir(host_path(fabricated, "/sys/devices/ap/card05/06.0004"), 0755);
	mkdir(host_path(fabricated, "/sys/devices/ap/card05/05.0100"), 0755);
	mkdir(host_path(fabricated, "/sys/devices/vfio_ap/matrix/power"), 0755);
	mkdir(host_path(fabricated, "/proc/self"), 0755);
	host = read_host(fabricated);
	assert_int_equal(vfioap_host_get_num_cards(host), 5);
	assert_int_equal(vfioap_host_get_num_queues(host), 25);
	assert_int_equal(vfioap_host_get_num_devices(host), 1);
	vfioap_host_free(host);
	fabricated_free(fabricated);
}

/* An absolute link in the tree leads to a place below the root directory. */
static void test_links_stay_below_the_root(void **state)
{
	struct fabricated *fabricated = fabricate("");
	struct vfioap_host *host;
	char elsewhere[100];

	(void)state;
	if (syscall(SYS_openat2, -1, "", NULL, 0) && errno == ENOSYS) {
		/* old kernels, and qemu-user */
		fabricated_free(fabricated);
		skip();
	}
	snprintf(elsewhere, sizeof(elsewhere), "%s/elsewhere", fabricated->root);
	assert_int_equal(rename(host_path(fabricated, "/sys"), elsewhere), 0);
	assert_int_equal(symlink("/elsewhere", host_path(fabricated, "/sys")), 0);
	host = read_host(fabricated);
	assert_int_equal(vfioap_host_get_num_queues(host), 25);
	vfioap_host_free(host);
	fabricated_free(fabricated);
}

static void test_parts(void **state)
{
	struct fabricated *fabricated =
		fabricate("--device " UUID_A "/5/4 --user " UUID_A "/4711/qemu");
	struct vfioap_host *host = NULL;

	(void)state;
	assert_int_equal(vfioap_host_read(fabricated->ctx, 0, &host, NULL), 0);
	assert_int_equal(vfioap_host_get_num_devices(host), 0);
	assert_int_equal(vfioap_host_get_num_queues(host), 0);
	vfioap_host_free(host);
	assert_int_equal(vfioap_host_read(fabricated->ctx, VFIOAP_READ_DEVICES, &host, NULL), 0);
	assert_int_equal(vfioap_host_get_num_devices(host), 1);
	/* the status of the queue tells that there is a user, but not who */
	assert_owner(vfioap_device_get_user(vfioap_host_get_device(host, 0), 0),
		     VFIOAP_OWNER_UNKNOWN, UUID_A);
	vfioap_host_free(host);
	fabricated_free(fabricated);
}

static void test_root_directory(void **state)
{
	struct vfioap_error *error = NULL;
	struct vfioap_ctx *ctx;

	(void)state;
	assert_int_equal(vfioap_ctx_new(&ctx, NULL), 0);
	assert_int_equal(vfioap_ctx_set_root(ctx, "/nowhere/at/all", &error), -ENOENT);
	assert_error(error, VFIOAP_NOT_FOUND, ENOENT, "/nowhere/at/all");
	assert_int_equal(vfioap_ctx_set_root(ctx, "/dev/null", &error), -ENOTDIR);
	assert_error(error, VFIOAP_INVALID, ENOTDIR, "/dev/null");
	assert_int_equal(vfioap_ctx_set_root_fd(ctx, -1, &error), -EBADF);
	assert_error(error, VFIOAP_FAILED, EBADF, "-1");
	assert_ptr_equal(vfioap_ctx_ref(ctx), ctx);
	assert_null(vfioap_ctx_unref(ctx));
	assert_null(vfioap_ctx_unref(ctx));
	assert_null(vfioap_ctx_unref(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bus_and_driver),
		cmocka_unit_test(test_cards_and_queues),
		cmocka_unit_test(test_bindings_alone),
		cmocka_unit_test(test_order_is_that_of_ids),
		cmocka_unit_test(test_owners),
		cmocka_unit_test(test_queue_of_a_guest_that_does_not_get_it),
		cmocka_unit_test(test_device),
		cmocka_unit_test(test_device_without_ap_config),
		cmocka_unit_test(test_user_of_the_group),
		cmocka_unit_test(test_names_of_guests),
		cmocka_unit_test(test_unseen_user),
		cmocka_unit_test(test_device_being_removed),
		cmocka_unit_test(test_two_devices_being_removed),
		cmocka_unit_test(test_no_bus),
		cmocka_unit_test(test_no_driver),
		cmocka_unit_test(test_malformed_files),
		cmocka_unit_test(test_strange_entries_are_passed_over),
		cmocka_unit_test(test_links_stay_below_the_root),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_root_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
