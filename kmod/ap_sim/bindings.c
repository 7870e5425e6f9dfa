// SPDX-License-Identifier: GPL-2.0
/*
 * How many queues have a driver, and the uevent that says that all have one.
 */
#include "bindings.h"
#include "queue.h"

static DEFINE_MUTEX(bindings_mutex);
static bool expected;		/* bindings_mutex: to be announced when it is so */
static u64 complete_count;	/* bindings_mutex to change */

struct bindings {
	unsigned int bound;
	unsigned int all;
};

static int count_queue(struct device *dev, void *data)
{
	struct bindings *bindings = data;

	if (is_ap_queue(dev)) {
		bindings->all++;
		bindings->bound += !!READ_ONCE(dev->driver);
	}
	return 0;
}

void ap_bindings_count(unsigned int *bound, unsigned int *all)
{
	struct bindings bindings = {};

	bus_for_each_dev(&ap_bus, NULL, &bindings, count_queue);
	*bound = bindings.bound;
	*all = bindings.all;
}

static bool all_bound(void)
{
	unsigned int bound, all;

	ap_bindings_count(&bound, &all);
	return bound == all;
}

void ap_bindings_expect(void)
{
	mutex_lock(&bindings_mutex);
	expected = true;
	mutex_unlock(&bindings_mutex);
}

void ap_bindings_expect_if_incomplete(void)
{
	if (!all_bound())
		ap_bindings_expect();
}

void ap_bindings_check(void)
{
	char count[32], *envp[] = { "BINDINGS=complete", count, NULL };

	mutex_lock(&bindings_mutex);
	if (expected && all_bound()) {
		expected = false;
		WRITE_ONCE(complete_count, complete_count + 1);
		snprintf(count, sizeof(count), "COMPLETECOUNT=%llu", complete_count);
		kobject_uevent_env(&ap_root->kobj, KOBJ_CHANGE, envp);
	}
	mutex_unlock(&bindings_mutex);
}

u64 ap_bindings_complete_count(void)
{
	return READ_ONCE(complete_count);
}
