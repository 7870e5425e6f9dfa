// SPDX-License-Identifier: GPL-2.0
#include <linux/bitmap.h>
#include <linux/sched/signal.h>

#include "clean.h"
#include "drivers.h"
#include "settle.h"

#define SETTLE_TIME	msecs_to_jiffies(2000)
#define N_APQNS		(AP_IDS * AP_IDS)

int ap_caused_init(struct ap_caused *caused)
{
	caused->apqns = bitmap_zalloc(N_APQNS, GFP_KERNEL);
	return caused->apqns ? 0 : -ENOMEM;
}

void ap_caused_free(struct ap_caused *caused)
{
	bitmap_free(caused->apqns);
}

void ap_caused_add(struct ap_caused *caused, u16 apqn)
{
	set_bit(apqn, caused->apqns);
}

static bool all_settled(struct ap_caused *caused)
{
	unsigned long apqn;

	for_each_set_bit(apqn, caused->apqns, N_APQNS) {
		if (!ap_clean_settled(apqn))
			return false;
		clear_bit(apqn, caused->apqns);
	}
	return true;
}

unsigned long ap_settle_deadline(void)
{
	return jiffies + SETTLE_TIME;
}

static long time_left(unsigned long deadline)
{
	return max_t(long, deadline - jiffies, 0);
}

void ap_settle_queues(struct ap_caused *caused, unsigned long deadline)
{
	wait_event_killable_timeout(ap_clean_wait, all_settled(caused), time_left(deadline));
}

void ap_settle(struct ap_caused *caused, unsigned long began)
{
	unsigned long deadline = ap_settle_deadline();

	ap_settle_queues(caused, deadline);
	if (!fatal_signal_pending(current))
		ap_drivers_settle(began, deadline);
}

int ap_settle_clean(u16 apqn, unsigned long deadline)
{
	long left;

	left = wait_event_killable_timeout(ap_clean_wait, ap_clean_is_clean(apqn),
					   time_left(deadline));
	if (left < 0)
		return -EINTR;
	return left ? 0 : -EBUSY;
}
