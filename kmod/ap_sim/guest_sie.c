// SPDX-License-Identifier: GPL-2.0
/*
 * SIE: which vCPUs execute an AP instruction at this moment.
 *
 * On s390x the machine executes most AP instructions of a guest; KVM changes the
 * masks that govern them by blocking all vCPUs, kicking them out and letting them
 * in again. The same here. This is no lock: a vCPU that is blocked holds nothing,
 * and one that is inside leaves at once when asked and starts over, so whoever
 * blocks waits a bounded time whatever locks he holds.
 */
#include "guest.h"

void ap_sie_init(struct ap_sie *sie)
{
	spin_lock_init(&sie->lock);
	init_waitqueue_head(&sie->wait);
}

static struct ap_sie *sie_of(struct ap_facility *facility)
{
	return &facility->guest->sie;
}

static bool must_leave(struct ap_facility *facility)
{
	return READ_ONCE(sie_of(facility)->blocked) || !READ_ONCE(facility->ready);
}

static bool may_leave(struct ap_facility *facility)
{
	return must_leave(facility) || !READ_ONCE(facility->slow_ms);
}

static bool may_enter(struct ap_facility *facility)
{
	return !READ_ONCE(sie_of(facility)->blocked) || !READ_ONCE(facility->ready);
}

/**
 * ap_sie_wait - wait until vCPUs are not blocked
 * @facility: the facility
 *
 * The caller holds no lock: those who block may want vcpu->mutex.
 *
 * Return: 0, -EINTR if killed, -ENODEV if the facility is being released.
 */
int ap_sie_wait(struct ap_facility *facility)
{
	if (wait_event_killable(sie_of(facility)->wait, may_enter(facility)))
		return -EINTR;
	return READ_ONCE(facility->ready) ? 0 : -ENODEV;
}

/**
 * ap_sie_enter - enter SIE
 * @facility: the facility
 * @apcb: filled with the masks that hold until ap_sie_leave()
 *
 * Return: 0, -EAGAIN if blocked, -ENODEV if the facility is being released.
 */
int ap_sie_enter(struct ap_facility *facility, struct ap_matrix *apcb)
{
	struct ap_sie *sie = sie_of(facility);
	int ret = 0;

	spin_lock(&sie->lock);
	if (!facility->ready)
		ret = -ENODEV;
	else if (sie->blocked)
		ret = -EAGAIN;
	else
		sie->inside++;
	*apcb = sie->hooked ? sie->apcb : (struct ap_matrix){};
	spin_unlock(&sie->lock);
	return ret;
}

/**
 * ap_sie_linger - stay in SIE as long as the facility's slow_ms says
 * @facility: the facility
 *
 * Return: 0, -EAGAIN if kicked out, -ENODEV if the facility is being released,
 * -EINTR if killed. The caller leaves in every case.
 */
int ap_sie_linger(struct ap_facility *facility)
{
	unsigned int ms = READ_ONCE(facility->slow_ms);

	if (!ms)
		return 0;
	if (wait_event_killable_timeout(sie_of(facility)->wait, may_leave(facility),
					msecs_to_jiffies(ms)) < 0)
		return -EINTR;
	if (!READ_ONCE(facility->ready))
		return -ENODEV;
	return must_leave(facility) ? -EAGAIN : 0;
}

void ap_sie_leave(struct ap_facility *facility)
{
	struct ap_sie *sie = sie_of(facility);

	spin_lock(&sie->lock);
	sie->inside--;
	spin_unlock(&sie->lock);
	wake_up_all(&sie->wait);
}

/**
 * ap_sie_block - let no vCPU in and wait until none is inside
 * @sie: the guest's
 */
void ap_sie_block(struct ap_sie *sie)
{
	spin_lock(&sie->lock);
	WRITE_ONCE(sie->blocked, sie->blocked + 1);
	spin_unlock(&sie->lock);
	wake_up_all(&sie->wait);
	wait_event(sie->wait, !READ_ONCE(sie->inside));
}

void ap_sie_unblock(struct ap_sie *sie)
{
	spin_lock(&sie->lock);
	WRITE_ONCE(sie->blocked, sie->blocked - 1);
	spin_unlock(&sie->lock);
	wake_up_all(&sie->wait);
}

/* Once not ready, every instruction on its way ends, blocked or not. */
void ap_sie_set_ready(struct ap_facility *facility, bool ready)
{
	struct ap_sie *sie = sie_of(facility);

	lockdep_assert_held(&facility->guest->kvm->lock);
	spin_lock(&sie->lock);
	WRITE_ONCE(facility->ready, ready);
	sie->apcb = (struct ap_matrix){};
	spin_unlock(&sie->lock);
	wake_up_all(&sie->wait);
}

/* What a vCPU would see now. */
void ap_sie_effective(struct ap_sie *sie, struct ap_matrix *apcb)
{
	spin_lock(&sie->lock);
	*apcb = sie->hooked ? sie->apcb : (struct ap_matrix){};
	spin_unlock(&sie->lock);
}
