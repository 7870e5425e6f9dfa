// SPDX-License-Identifier: GPL-2.0-or-later
/* kmod/vfio_ap/filter.c: what a guest may see of what its device wants. */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <setjmp.h>
#include <cmocka.h>

#include "filter.h"

/* Queues that may not be given to the guest. */
struct kept_back {
	bool apqn[AP_IDS * AP_IDS];
};

static bool passable(const void *context, u16 apqn)
{
	const struct kept_back *kept_back = context;

	return !kept_back->apqn[apqn];
}

static void add(struct ap_mask *mask, unsigned int first, unsigned int last)
{
	for (; first <= last; first++)
		ap_mask_set(mask, first);
}

static void assert_same(const struct ap_mask *a, const struct ap_mask *b)
{
	assert_true(ap_mask_equal(a, b));
}

static void test_all_queues_passable(void **state)
{
	static struct kept_back kept_back;
	struct ap_matrix wanted = { 0 }, host = { 0 }, shadow;

	(void)state;
	add(&wanted.apm, 5, 7);
	add(&wanted.aqm, 4, 5);
	add(&wanted.adm, 4, 9);
	host = wanted;
	ap_filter(&wanted, &host, passable, &kept_back, &shadow);
	assert_true(ap_matrix_equal(&shadow, &wanted));
}

static void test_never_more_than_the_host_has(void **state)
{
	static struct kept_back kept_back;
	struct ap_matrix wanted = { 0 }, host = { 0 }, shadow;

	(void)state;
	add(&wanted.apm, 0, 255);
	add(&wanted.aqm, 0, 255);
	add(&wanted.adm, 0, 255);
	add(&host.apm, 5, 5);
	add(&host.aqm, 4, 4);
	add(&host.adm, 16, 16);
	ap_filter(&wanted, &host, passable, &kept_back, &shadow);
	assert_true(ap_matrix_equal(&shadow, &host));
}

/* Without QCI the host's masks are empty, and so is the guest's matrix. */
static void test_host_without_configuration(void **state)
{
	static struct kept_back kept_back;
	struct ap_matrix wanted = { 0 }, host = { 0 }, shadow;

	(void)state;
	add(&wanted.apm, 5, 5);
	add(&wanted.aqm, 4, 4);
	ap_filter(&wanted, &host, passable, &kept_back, &shadow);
	assert_true(ap_matrix_equal(&shadow, &host));
}

/* One queue takes its adapter with it, never its domain. */
static void test_one_queue_takes_its_adapter(void **state)
{
	static struct kept_back kept_back;
	struct ap_matrix wanted = { 0 }, shadow;
	struct ap_mask left;

	(void)state;
	add(&wanted.apm, 5, 7);
	add(&wanted.aqm, 4, 6);
	kept_back.apqn[AP_APQN(6, 6)] = true;
	ap_filter(&wanted, &wanted, passable, &kept_back, &shadow);
	left = wanted.apm;
	ap_mask_clear(&left, 6);
	assert_same(&shadow.apm, &left);
	assert_same(&shadow.aqm, &wanted.aqm);
}

/* A queue of a domain that the host does not have keeps nothing back. */
static void test_queue_outside_of_the_host_does_not_count(void **state)
{
	static struct kept_back kept_back;
	struct ap_matrix wanted = { 0 }, host = { 0 }, shadow;

	(void)state;
	add(&wanted.apm, 5, 5);
	add(&wanted.aqm, 4, 6);
	host = wanted;
	ap_mask_clear(&host.aqm, 6);
	kept_back.apqn[AP_APQN(5, 6)] = true;
	ap_filter(&wanted, &host, passable, &kept_back, &shadow);
	assert_same(&shadow.apm, &wanted.apm);
	assert_same(&shadow.aqm, &host.aqm);
}

/* With all adapters left out, the domains stay, as upstream shows them (observed 10). */
static void test_domains_stay_without_adapters(void **state)
{
	static struct kept_back kept_back;
	struct ap_matrix wanted = { 0 }, shadow;

	(void)state;
	add(&wanted.apm, 5, 5);
	add(&wanted.aqm, 4, 4);
	kept_back.apqn[AP_APQN(5, 4)] = true;
	ap_filter(&wanted, &wanted, passable, &kept_back, &shadow);
	assert_true(ap_mask_empty(&shadow.apm));
	assert_same(&shadow.aqm, &wanted.aqm);
}

static void fill(struct ap_mask *mask)
{
	unsigned int id;

	*mask = AP_MASK_EMPTY;
	for (id = 0; id < 16; id++)
		if (random() % 2)
			ap_mask_set(mask, id);
}

/* Said once more in other words: exactly those adapters of which all queues may pass. */
static void test_against_the_definition(void **state)
{
	static struct kept_back kept_back;
	struct ap_matrix wanted, host, shadow;
	unsigned int round, apid, apqi;

	(void)state;
	srandom(1);
	for (round = 0; round < 1000; round++) {
		fill(&wanted.apm);
		fill(&wanted.aqm);
		fill(&wanted.adm);
		fill(&host.apm);
		fill(&host.aqm);
		fill(&host.adm);
		for (apid = 0; apid < 16; apid++)
			for (apqi = 0; apqi < 16; apqi++)
				kept_back.apqn[AP_APQN(apid, apqi)] = random() % 16 == 0;
		ap_filter(&wanted, &host, passable, &kept_back, &shadow);
		for (apid = 0; apid < AP_IDS; apid++) {
			bool expected = ap_mask_test(&wanted.apm, apid) &&
					ap_mask_test(&host.apm, apid);

			for (apqi = 0; apqi < AP_IDS; apqi++)
				if (ap_mask_test(&wanted.aqm, apqi) &&
				    ap_mask_test(&host.aqm, apqi) &&
				    kept_back.apqn[AP_APQN(apid, apqi)])
					expected = false;
			assert_int_equal(ap_mask_test(&shadow.apm, apid), expected);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_queues_passable),
		cmocka_unit_test(test_never_more_than_the_host_has),
		cmocka_unit_test(test_host_without_configuration),
		cmocka_unit_test(test_one_queue_takes_its_adapter),
		cmocka_unit_test(test_queue_outside_of_the_host_does_not_count),
		cmocka_unit_test(test_domains_stay_without_adapters),
		cmocka_unit_test(test_against_the_definition),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
