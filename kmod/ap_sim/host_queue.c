// SPDX-License-Identifier: GPL-2.0
#include <linux/workqueue.h>

#include "host_queue.h"

#define POLL_INTERVAL	msecs_to_jiffies(20)

/* Between "the queue is the host's" and what the host then does with it. */
static DEFINE_SPINLOCK(hosted_lock);

static void host_worker(struct work_struct *work);
static DECLARE_DELAYED_WORK(host_work, host_worker);

/* With hosted_lock. Whether to try again soon. */
static bool enable_interrupt(struct ap_queue *queue)
{
	static const struct ap_aqic_request request = { .enable = true };
	u16 apqn = queue->public.apqn;
	u32 status = ap_hardware_tapq(&ap_bus_caller, apqn, NULL);

	/* A reset in progress will disable it. */
	if (AP_STATUS_RC(status) == AP_RC_NORMAL && !(status & AP_STATUS_IRQ_ENABLED))
		status = ap_hardware_aqic(&ap_bus_caller, apqn, &request);
	switch (AP_STATUS_RC(status)) {
	case AP_RC_RESET_IN_PROGRESS:
	case AP_RC_BUSY:
		return true;
	default:
		return false;
	}
}

static int enable_if_hosted(struct device *dev, void *data)
{
	bool *again = data;
	struct ap_queue *queue;

	if (!is_ap_queue(dev))
		return 0;
	queue = to_ap_queue(dev);
	spin_lock(&hosted_lock);
	if (queue->hosted && enable_interrupt(queue))
		*again = true;
	spin_unlock(&hosted_lock);
	return 0;
}

static void host_worker(struct work_struct *work)
{
	bool again = false;

	bus_for_each_dev(&ap_bus, NULL, &again, enable_if_hosted);
	if (again)
		schedule_delayed_work(&host_work, POLL_INTERVAL);
}

void ap_host_take(struct ap_queue *queue)
{
	spin_lock(&hosted_lock);
	WRITE_ONCE(queue->hosted, true);
	if (enable_interrupt(queue))
		schedule_delayed_work(&host_work, POLL_INTERVAL);
	spin_unlock(&hosted_lock);
}

void ap_host_leave(struct ap_queue *queue)
{
	spin_lock(&hosted_lock);
	WRITE_ONCE(queue->hosted, false);
	spin_unlock(&hosted_lock);
}

int ap_host_reset(struct ap_queue *queue)
{
	int ret = -EBUSY;

	spin_lock(&hosted_lock);
	if (queue->hosted) {
		ap_hardware_rapq(&ap_bus_caller, queue->public.apqn);
		schedule_delayed_work(&host_work, POLL_INTERVAL);
		ret = 0;
	}
	spin_unlock(&hosted_lock);
	return ret;
}

void ap_host_retry(void)
{
	schedule_delayed_work(&host_work, 0);
}

void ap_host_exit(void)
{
	cancel_delayed_work_sync(&host_work);
}
