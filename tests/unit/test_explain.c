// SPDX-License-Identifier: GPL-2.0-or-later
/* Why queues are as they are, and which command would change that. */
#include <errno.h>
#include <string.h>

#include "fabricated.h"

#define DEVICE_A "/sys/devices/vfio_ap/matrix/" UUID_A

struct explained {
	struct fabricated *fabricated;
	struct vfioap_host *host;
	struct vfioap_explanation *explanation;
};

static struct explained explain_on(struct fabricated *fabricated)
{
	struct explained result = { .fabricated = fabricated };

	assert_int_equal(vfioap_host_read(fabricated->ctx, VFIOAP_READ_ALL, &result.host, NULL), 0);
	return result;
}

static struct explained explain_device(struct fabricated *fabricated)
{
	struct explained result = explain_on(fabricated);

	assert_int_equal(vfioap_explain_device(result.host, UUID_A, &result.explanation, NULL), 0);
	return result;
}

static void free_explained(struct explained *explained)
{
	vfioap_explanation_free(explained->explanation);
	vfioap_host_free(explained->host);
	fabricated_free(explained->fabricated);
}

static void assert_finding(const struct vfioap_finding *finding, const char *reason,
			   const char *word, const char *hint)
{
	assert_non_null(finding);
	assert_string_equal(vfioap_reason_name(vfioap_finding_get_reason(finding)), reason);
	if (!strstr(vfioap_finding_get_message(finding), word))
		fail_msg("'%s' does not say '%s'", vfioap_finding_get_message(finding), word);
	if (hint)
		assert_string_equal(vfioap_finding_get_hint(finding), hint);
	else
		assert_null(vfioap_finding_get_hint(finding));
}

static void assert_queue(const struct explained *explained, uint16_t apqn, const char *reason,
			 const char *word, const char *hint)
{
	assert_finding(vfioap_explanation_find_queue(explained->explanation, apqn), reason, word,
		       hint);
}

static void test_effective(void **state)
{
	struct explained e = explain_device(
		fabricate("--device " UUID_A "/5/4,5/4 --user " UUID_A "/4711/qemu"));
	const struct vfioap_finding *finding = vfioap_explanation_find_queue(e.explanation, 0x0504);

	(void)state;
	assert_queue(&e, 0x0504, "effective", "guest web1 (qemu, pid 4711)", NULL);
	assert_true(vfioap_finding_is_ok(finding));
	assert_int_equal(vfioap_finding_get_num_queues(finding), 2);
	assert_int_equal(vfioap_finding_get_queue(finding, 0), 0x0504);
	assert_int_equal(vfioap_finding_get_queue(finding, 1), 0x0505);
	assert_int_equal(vfioap_owner_get_pid(vfioap_finding_get_owner(finding)), 4711);
	assert_null(vfioap_explanation_find_queue(e.explanation, 0x0506));
	free_explained(&e);
}

static void test_idle(void **state)
{
	struct explained e = explain_device(fabricate("--device " UUID_A "/5/4"));

	(void)state;
	assert_int_equal(vfioap_explanation_get_num_findings(e.explanation), 1);
	assert_queue(&e, 0x0504, "idle", "nobody uses", NULL);
	free_explained(&e);
}

static void test_not_on_the_host(void **state)
{
	struct explained e = explain_device(fabricate("--device " UUID_A "/5,7/4,9/4,9"));

	(void)state;
	assert_queue(&e, 0x0504, "idle", "", NULL);
	assert_queue(&e, 0x0704, "no_adapter", "adapter 0x07",
		     "vfioap-ctl unassign " UUID_A " -a 0x07");
	assert_queue(&e, 0x0709, "no_adapter", "adapter 0x07",
		     "vfioap-ctl unassign " UUID_A " -a 0x07");
	assert_queue(&e, 0x0509, "no_domain", "domain 0x0009",
		     "vfioap-ctl unassign " UUID_A " -d 0x0009");
	assert_finding(vfioap_explanation_find_control_domain(e.explanation, 4), "idle", "", NULL);
	assert_finding(vfioap_explanation_find_control_domain(e.explanation, 9), "no_domain",
		       "control domain 0x0009", "vfioap-ctl unassign " UUID_A " -c 0x0009");
	assert_null(vfioap_explanation_find_control_domain(e.explanation, 5));
	assert_null(vfioap_explanation_find_control_domain(e.explanation, 256));
	/* what needs mending comes first */
	assert_false(vfioap_finding_is_ok(vfioap_explanation_get_finding(e.explanation, 0)));
	free_explained(&e);
}

/* One queue that is not vfio_ap's keeps its whole adapter from the guest. */
static void test_adapter_filtered(void **state)
{
	struct explained e = explain_device(
		fabricate("--device " UUID_A "/5,10/4,5 --unbound 05.0005"));
	const struct vfioap_finding *finding;
	uint16_t culprit = 0;

	(void)state;
	assert_queue(&e, 0x0504, "adapter_filtered", "queue 05.0005, which is not bound to vfio_ap",
		     "vfioap-ctl pool free 05.0005");
	finding = vfioap_explanation_find_queue(e.explanation, 0x0504);
	assert_true(vfioap_finding_get_culprit(finding, &culprit));
	assert_int_equal(culprit, 0x0505);
	assert_queue(&e, 0x0505, "not_bound", "not bound", "vfioap-ctl pool free 05.0005");
	assert_queue(&e, 0x0a04, "idle", "", NULL);
	finding = vfioap_explanation_find_queue(e.explanation, 0x0a04);
	assert_false(vfioap_finding_get_culprit(finding, &culprit));
	free_explained(&e);
}

static void test_bound_to_a_driver_of_the_host(void **state)
{
	struct explained e = explain_device(
		fabricate("--device " UUID_A "/1/4,71 --host-owns-all"));

	(void)state;
	assert_queue(&e, 0x0104, "host_driver", "cex4queue",
		     "vfioap-ctl pool free 01.0004 01.0047");
	free_explained(&e);
}

static void test_card_out_of_order(void **state)
{
	struct explained e = explain_device(
		fabricate("--device " UUID_A "/5,10/4 --deconfigured 10"));

	(void)state;
	assert_queue(&e, 0x0a04, "deconfigured", "adapter 0x0a is deconfigured: configure it",
		     NULL);
	assert_queue(&e, 0x0a04, "deconfigured", "chzcrypt --config-on 0a", NULL);
	free_explained(&e);
	e.fabricated = fabricate("--device " UUID_A "/5/4");
	host_write(e.fabricated, "/sys/devices/ap/card05/chkstop", "1\n");
	e = explain_device(e.fabricated);
	assert_queue(&e, 0x0504, "checkstopped", "adapter 0x05 is checkstopped, ", NULL);
	assert_queue(&e, 0x0504, "checkstopped", "at the HMC", NULL);
	free_explained(&e);
}

/* All is well with the queues, but the driver leaves them out. */
static void test_resetting(void **state)
{
	struct fabricated *fabricated = fabricate("--device " UUID_A "/5/4");
	struct explained e;

	(void)state;
	host_write(fabricated, DEVICE_A "/guest_matrix", ".0004\n");
	e = explain_device(fabricated);
	assert_queue(&e, 0x0504, "resetting", "reset", NULL);
	free_explained(&e);
}

static void test_removing(void **state)
{
	struct explained e = explain_device(fabricate(
		"--device " UUID_A "/5/4 --user " UUID_A "/4711/qemu --removing " UUID_A));

	(void)state;
	assert_int_equal(vfioap_explanation_get_num_findings(e.explanation), 1);
	assert_finding(vfioap_explanation_get_finding(e.explanation, 0), "removing",
		       "guest web1 (qemu, pid 4711)", "vfioap-ctl remove " UUID_A " --wait");
	assert_null(vfioap_explanation_get_finding(e.explanation, 1));
	vfioap_explanation_free(e.explanation);
	assert_int_equal(vfioap_explain_queue(e.host, 0x0504, &e.explanation, NULL), 0);
	assert_queue(&e, 0x0504, "removing", UUID_A, "vfioap-ctl remove " UUID_A " --wait");
	free_explained(&e);
}

/* Unbound from vfio_ap_mdev, a device has no attributes, but is still on the bus. */
static void test_device_without_driver(void **state)
{
	struct fabricated *fabricated = fabricate("--device " UUID_A "/5/4");
	struct explained e;

	(void)state;
	host_delete(fabricated, DEVICE_A "/ap_config");
	host_delete(fabricated, DEVICE_A "/matrix");
	e = explain_device(fabricated);
	assert_finding(vfioap_explanation_get_finding(e.explanation, 0), "no_driver",
		       "only be removed", "vfioap-ctl remove " UUID_A);
	free_explained(&e);
}

static void test_empty(void **state)
{
	static const struct {
		const char *options;
		const char *missing;
		const char *hint;
	} cases[] = {
		/* 05.0004 is another device's, and 01 and 02 are the host's */
		{ "--device " UUID_A "// --device " UUID_B "/5/4", "no adapters and domains",
		  "vfioap-ctl assign " UUID_A " -a 0x01 -d 0x0047" },
		{ "--device " UUID_A "/5/ --device " UUID_B "/5/4", "no domains",
		  "vfioap-ctl assign " UUID_A " -d 0x0005" },
		{ "--device " UUID_A "/5,10/ --unbound 0a.0004 --unbound 05.0005", "no domains",
		  "vfioap-ctl assign " UUID_A " -d 0x0006" },
		{ "--device " UUID_A "//4 --device " UUID_B "/5/4", "no adapters",
		  "vfioap-ctl assign " UUID_A " -a 0x0a" },
		{ "--device " UUID_A "// --host-owns-all", "no adapters and domains", NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct explained e = explain_device(fabricate(cases[i].options));

		assert_finding(vfioap_explanation_get_finding(e.explanation, 0), "empty",
			       cases[i].missing, cases[i].hint);
		free_explained(&e);
	}
}

static void test_queues_without_device(void **state)
{
	static const struct {
		uint16_t apqn;
		const char *reason;
		const char *word;
		const char *hint;
	} cases[] = {
		{ 0x0104, "host", "bound to cex4queue", "vfioap-ctl pool free 01.0004" },
		{ 0x0504, "free", "can be assigned", NULL },
		{ 0x0505, "not_bound", "not bound", "vfioap-ctl pool free 05.0005" },
		{ 0x0704, "no_adapter", "adapter 0x07", NULL },
		{ 0x0509, "no_domain", "domain 0x0009", NULL },
	};
	struct explained e = explain_on(fabricate("--unbound 05.0005"));
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(vfioap_explain_queue(e.host, cases[i].apqn, &e.explanation, NULL),
				 0);
		assert_queue(&e, cases[i].apqn, cases[i].reason, cases[i].word, cases[i].hint);
		vfioap_explanation_free(e.explanation);
	}
	e.explanation = NULL;
	free_explained(&e);
}

static void test_queue_without_driver_module(void **state)
{
	struct explained e = explain_on(fabricate("--no-driver"));

	(void)state;
	assert_int_equal(vfioap_explain_queue(e.host, 0x0504, &e.explanation, NULL), 0);
	assert_queue(&e, 0x0504, "not_bound", "not bound", "vfioap-ctl driver load");
	free_explained(&e);
}

static void test_no_such_device(void **state)
{
	struct explained e = explain_on(fabricate(""));
	struct vfioap_error *error = NULL;

	(void)state;
	assert_int_equal(vfioap_explain_device(e.host, UUID_A, &e.explanation, &error), -ENOENT);
	assert_string_equal(vfioap_error_get_hint(error), "vfioap-ctl list");
	assert_error(error, VFIOAP_NOT_FOUND, ENOENT, UUID_A);
	assert_int_equal(vfioap_explain_device(e.host, "rubbish", &e.explanation, &error), -EINVAL);
	assert_error(error, VFIOAP_INVALID, EINVAL, "'rubbish'");
	free_explained(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_effective),
		cmocka_unit_test(test_idle),
		cmocka_unit_test(test_not_on_the_host),
		cmocka_unit_test(test_adapter_filtered),
		cmocka_unit_test(test_bound_to_a_driver_of_the_host),
		cmocka_unit_test(test_card_out_of_order),
		cmocka_unit_test(test_resetting),
		cmocka_unit_test(test_removing),
		cmocka_unit_test(test_device_without_driver),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_queues_without_device),
		cmocka_unit_test(test_queue_without_driver_module),
		cmocka_unit_test(test_no_such_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
