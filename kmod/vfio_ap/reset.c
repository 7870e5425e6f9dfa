// SPDX-License-Identifier: GPL-2.0
/*
 * The reset engine: each queue has a work item that starts its reset, looks from
 * time to time whether it is complete, and acts when it is. All queues proceed at
 * the same time, and no lock is held between two looks.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "defect.h"
#include "guest.h"
#include "interrupt.h"
#include "locks.h"
#include "mdev.h"
#include "pause.h"
#include "pin.h"
#include "queue.h"
#include "reset.h"

/* How long a caller waits for the resets that it caused. */
#define CALLER_WAIT		(2 * HZ)
/* Between two looks: at first, and for a reset that takes longer than usual. */
#define POLL_INTERVAL		msecs_to_jiffies(20)
#define POLL_INTERVAL_SLOW	msecs_to_jiffies(200)
#define POLL_SLOW_AFTER		(2 * HZ)
/* Between two attempts to reset a queue that answers with an error. */
#define RETRY_INTERVAL		HZ

enum outcome {
	PENDING,	/* look again */
	VERIFIED,	/* complete */
	UNREACHABLE,	/* no queue there, deconfigured or checkstopped */
	REFUSED,	/* any other response code */
};

static struct workqueue_struct *reset_queue;

/* Requests to reset a queue, or several at once. M. */
static unsigned long requests;

static void put_back(struct vfio_ap_queue *queue, unsigned long delay)
{
	vfio_ap_queue_get(queue);
	if (mod_delayed_work(reset_queue, &queue->reset.work, delay))
		vfio_ap_queue_put(queue);
}

/* With M held and the request counted. */
static void start(struct vfio_ap_queue *queue)
{
	struct vfio_ap_reset *reset = &queue->reset;

	state_assert_locked();
	if (reset->phase != VFIO_AP_RESET_RUNNING) {
		reset->since = jiffies;
		WRITE_ONCE(reset->asked, requests);
	}
	WRITE_ONCE(reset->phase, VFIO_AP_RESET_RUNNING);
	reset->zapq = true;
	put_back(queue, 0);
}

/**
 * vfio_ap_reset_start - start the reset of a queue
 * @queue: the queue
 * @settle: the bus caused it
 *
 * With M held. A reset under way does not count: the guest may have used the queue
 * after the hardware completed it. So ZAPQ is executed again in each case.
 */
void vfio_ap_reset_start(struct vfio_ap_queue *queue, bool settle)
{
	requests++;
	if (settle)
		queue->reset.caused = jiffies;
	start(queue);
}

/* With M held: the bus or nobody resets the queue. Somebody has a reference. */
void vfio_ap_reset_cancel(struct vfio_ap_queue *queue)
{
	state_assert_locked();
	WRITE_ONCE(queue->reset.phase, VFIO_AP_RESET_NONE);
	wake_up_all(&queue->reset.wait);
	if (cancel_delayed_work(&queue->reset.work))
		vfio_ap_queue_put(queue);
}

/* Queues of @matrix whose reset failed: try at once, somebody wants them now. */
void vfio_ap_reset_retry(const struct ap_matrix *matrix)
{
	struct vfio_ap_queue *queue;

	state_lock();
	for (queue = vfio_ap_queue_next(NULL); queue; queue = vfio_ap_queue_next(queue))
		if (queue->reset.phase == VFIO_AP_RESET_FAILED &&
		    vfio_ap_queue_is_in(queue, matrix))
			vfio_ap_reset_start(queue, false);
	state_unlock();
}

static enum outcome outcome_of_error(u8 rc)
{
	switch (rc) {
	case AP_RC_RESET_IN_PROGRESS:
	case AP_RC_BUSY:
	case AP_RC_STATE_CHANGE:
		return PENDING;
	case AP_RC_Q_NOT_AVAIL:
	case AP_RC_DECONFIGURED:
	case AP_RC_CHECKSTOPPED:
		return UNREACHABLE;
	default:
		return REFUSED;
	}
}

static enum outcome execute_zapq(struct vfio_ap_queue *queue)
{
	u8 rc;

	vfio_ap_queue_park(queue);
	rc = AP_STATUS_RC(ap_hw_get()->zapq(queue->apqn));
	if (rc == AP_RC_NORMAL) {
		queue->reset.zapq = false;
		queue->reset.issued = requests;
		queue->reset.since = jiffies;
		return PENDING;
	}
	queue->reset.rc = rc;
	return outcome_of_error(rc);
}

/*
 * Nobody may have used the queue since, other than the guest that has it. What that enabled since
 * belongs to the queue; any other interrupt is one that the reset should have switched off.
 */
static bool is_pristine(const struct vfio_ap_queue *queue, u32 status)
{
	if (status & AP_STATUS_IRQ_ENABLED)
		return queue->holder && queue->interrupt;
	return queue->holder || (status & AP_STATUS_QUEUE_EMPTY);
}

static enum outcome execute_tapq(struct vfio_ap_queue *queue)
{
	u32 status = ap_hw_get()->tapq(queue->apqn, NULL);
	u8 rc = AP_STATUS_RC(status);

	queue->reset.rc = rc;
	if ((status & AP_STATUS_ASYNC) &&
	    (rc == AP_RC_SECRET_NOT_UNIQUE || rc == AP_RC_ASSOC_FAILED)) {
		queue->reset.zapq = true;
		return PENDING;
	}
	if (DEFECT(B29) && outcome_of_error(rc) == REFUSED)
		return VERIFIED;
	if (rc != AP_RC_NORMAL)
		return outcome_of_error(rc);
	if (!is_pristine(queue, status)) {
		queue->reset.zapq = true;
		return PENDING;
	}
	return VERIFIED;
}

static void set_done(struct vfio_ap_reset *reset)
{
	WRITE_ONCE(reset->done, reset->issued);
}

/* Nobody who asked by now got one, whatever comes. */
static void set_lost(struct vfio_ap_reset *reset)
{
	reset->issued = reset->done;
	reset->lost = requests;
}

/* Somebody asked for another one: who asked for the one that the card is at waits for that only. */
static void look_before_zapq(struct vfio_ap_queue *queue)
{
	struct vfio_ap_reset *reset = &queue->reset;

	if (reset->issued != reset->done && execute_tapq(queue) == VERIFIED)
		set_done(reset);
}

/* What the card can write no more, moved to @released. */
static void collect_interrupts(struct vfio_ap_queue *queue, enum outcome outcome,
			       struct list_head *released)
{
	if (outcome == UNREACHABLE)
		vfio_ap_queue_park(queue);
	if (outcome == VERIFIED || outcome == UNREACHABLE)
		list_splice_init(&queue->parked, released);
}

/* Returns the next phase. */
static enum vfio_ap_reset_phase conclude(struct vfio_ap_queue *queue, enum outcome outcome)
{
	if (outcome == VERIFIED) {
		set_done(&queue->reset);
		queue->failed = false;
		queue->clean = !queue->holder;
		return VFIO_AP_RESET_NONE;
	}
	set_lost(&queue->reset);
	if (outcome == UNREACHABLE && (queue->clean || queue->holder))
		return VFIO_AP_RESET_NONE;
	queue->clean = false;
	if (outcome == REFUSED && queue->holder)
		queue->failed = true;
	return VFIO_AP_RESET_FAILED;
}

static unsigned long poll_interval(const struct vfio_ap_reset *reset)
{
	if (time_before(jiffies, reset->since + POLL_SLOW_AFTER))
		return POLL_INTERVAL;
	return POLL_INTERVAL_SLOW;
}

/* Whoever has the queue assigned may get it now, or has to lose it. */
static void sync_owner(struct vfio_ap_queue *queue)
{
	struct vfio_ap_mdev *mdev = vfio_ap_mdev_of_queue(queue->apqn);

	if (mdev)
		vfio_ap_sync_later(mdev, false);
}

static bool owner_may_have(struct vfio_ap_queue *queue)
{
	struct vfio_ap_mdev *mdev = vfio_ap_mdev_of_queue(queue->apqn);

	return vfio_ap_queue_passable(queue, mdev ? mdev->attachment : NULL);
}

/* With M held: one step of the reset. */
static void reset_advance(struct vfio_ap_queue *queue, struct list_head *released)
{
	struct vfio_ap_reset *reset = &queue->reset;
	enum vfio_ap_reset_phase phase;
	enum outcome outcome;
	bool passable;

	if (reset->zapq)
		look_before_zapq(queue);
	outcome = reset->zapq ? execute_zapq(queue) : execute_tapq(queue);
	if (outcome == PENDING) {
		put_back(queue, poll_interval(reset));
		return;
	}
	collect_interrupts(queue, outcome, released);
	passable = owner_may_have(queue);
	phase = conclude(queue, outcome);
	if (passable != owner_may_have(queue))
		sync_owner(queue);
	/* Last: who waits for the phase then waits for the owner. */
	WRITE_ONCE(reset->phase, phase);
	if (phase == VFIO_AP_RESET_FAILED) {
		reset->zapq = true;
		put_back(queue, RETRY_INTERVAL);
	}
	vfio_ap_queue_retire(queue);
}

static void reset_work(struct work_struct *work)
{
	struct vfio_ap_queue *queue =
		container_of(to_delayed_work(work), struct vfio_ap_queue, reset.work);
	LIST_HEAD(released);

	state_lock();
	if (queue->reset.phase != VFIO_AP_RESET_NONE)
		reset_advance(queue, &released);
	state_unlock();
	vfio_ap_interrupts_release_later(&released);
	wake_up_all(&queue->reset.wait);
	vfio_ap_queue_put(queue);
}

void vfio_ap_reset_init(struct vfio_ap_queue *queue)
{
	INIT_DELAYED_WORK(&queue->reset.work, reset_work);
	init_waitqueue_head(&queue->reset.wait);
}

unsigned long vfio_ap_deadline(void)
{
	return jiffies + CALLER_WAIT;
}

/* B14: all devices wait until this one is reset. */
static int wait_with_lock(struct vfio_ap_queue *queue)
{
	int ret;

	guests_lock();
	ret = wait_event_killable(queue->reset.wait, READ_ONCE(queue->reset.phase) !=
				  VFIO_AP_RESET_RUNNING);
	guests_unlock();
	return ret ? -EINTR : 0;
}

/* Whether a reset is running that was asked for by then. */
static bool is_running(const struct vfio_ap_reset *reset, unsigned long request)
{
	return READ_ONCE(reset->phase) == VFIO_AP_RESET_RUNNING &&
	       READ_ONCE(reset->asked) <= request && READ_ONCE(reset->done) < request;
}

/*
 * With no lock of the driver held: wait for the reset of a queue. Returns 0 if none is running that
 * was asked for by then, -ETIME, or -EINTR if killed.
 */
static int reset_wait(struct vfio_ap_queue *queue, unsigned long request, unsigned long deadline)
{
	long left = deadline - jiffies;
	long ret;

	if (fatal_signal_pending(current))
		return -EINTR;
	if (DEFECT(B14))
		return wait_with_lock(queue);
	ret = wait_event_killable_timeout(queue->reset.wait, !is_running(&queue->reset, request),
					  max(left, 0L));
	if (ret < 0)
		return -EINTR;
	return ret ? 0 : -ETIME;
}

/* The next queue of @matrix that is being reset, with a reference, or NULL. */
static struct vfio_ap_queue *next_running(struct vfio_ap_queue *queue,
					  const struct ap_matrix *matrix, unsigned long request)
{
	state_lock();
	while ((queue = vfio_ap_queue_next(queue))) {
		if (!is_running(&queue->reset, request) ||
		    !vfio_ap_queue_is_in(queue, matrix))
			continue;
		vfio_ap_queue_get(queue);
		break;
	}
	state_unlock();
	return queue;
}

/* With no lock of the driver held. Returns 0, -ETIME, or -EINTR if killed. */
static int wait_all(const struct ap_matrix *matrix, unsigned long request, unsigned long deadline)
{
	struct vfio_ap_queue *queue = next_running(NULL, matrix, request), *next;
	int ret = 0;

	while (queue && !ret) {
		ret = reset_wait(queue, request, deadline);
		next = ret ? NULL : next_running(queue, matrix, request);
		vfio_ap_queue_put(queue);
		queue = next;
	}
	return ret;
}

static unsigned long requests_so_far(void)
{
	unsigned long count;

	state_lock();
	count = requests;
	state_unlock();
	return count;
}

/**
 * vfio_ap_resets_wait - wait for the resets of all queues of a matrix
 * @matrix: the queues
 * @deadline: when to give up, in jiffies
 *
 * With no lock of the driver held. Returns early if the caller is killed. What somebody asks
 * for from here on is not waited for.
 */
void vfio_ap_resets_wait(const struct ap_matrix *matrix, unsigned long deadline)
{
	wait_all(matrix, requests_so_far(), deadline);
}

/* A queue that is being reset because of what the bus did since then, with a reference, or NULL. */
static struct vfio_ap_queue *unsettled_get(unsigned long began, unsigned long request)
{
	struct vfio_ap_queue *queue;

	state_lock();
	for (queue = vfio_ap_queue_next(NULL); queue; queue = vfio_ap_queue_next(queue))
		if (is_running(&queue->reset, request) &&
		    !time_before(queue->reset.caused, began)) {
			vfio_ap_queue_get(queue);
			break;
		}
	state_unlock();
	return queue;
}

/**
 * vfio_ap_resets_settle - wait for the resets that the bus caused
 * @began: since when, in jiffies
 * @deadline: when to give up, in jiffies
 *
 * With no lock held. Returns early if the caller is killed.
 */
void vfio_ap_resets_settle(unsigned long began, unsigned long deadline)
{
	unsigned long request = requests_so_far();
	struct vfio_ap_queue *queue;
	int ret = 0;

	while (!ret && (queue = unsettled_get(began, request))) {
		ret = reset_wait(queue, request, deadline);
		vfio_ap_queue_put(queue);
	}
}

/*
 * Whether a guest's reset concerns a queue: what the guest has, assigned or not, and what is to be
 * clean before it can have it. What is clean may be given to another guest at any time. One that is
 * about to appear in the guest is clean, one that is about to disappear is reset then.
 */
static bool is_concerned(const struct vfio_ap_queue *queue, const struct vfio_ap_mdev *mdev)
{
	if (queue->holder)
		return mdev->attachment && vfio_ap_queue_is_with(queue, mdev->attachment);
	return queue->bound && !queue->clean && vfio_ap_queue_is_in(queue, &mdev->matrix);
}

/* With M held: start the resets of all queues that are concerned. Returns the request. */
static unsigned long start_all(const struct vfio_ap_mdev *mdev)
{
	struct vfio_ap_queue *queue;

	requests++;
	for (queue = vfio_ap_queue_next(NULL); queue; queue = vfio_ap_queue_next(queue))
		if (is_concerned(queue, mdev))
			start(queue);
	return requests;
}

/*
 * With M held: what was started by then and did not end, whoever asked for another one meanwhile,
 * leaves the guest.
 */
static void fail_unended(struct vfio_ap_queue *queue, unsigned long request)
{
	if (is_running(&queue->reset, request) && queue->holder)
		queue->failed = true;
}

/* One that was asked for since is another thread's, or of a queue that a guest has lost since. */
static bool ended_well(const struct vfio_ap_queue *queue, unsigned long request)
{
	const struct vfio_ap_reset *reset = &queue->reset;
	bool later = reset->asked > request && !queue->failed;

	if (reset->done >= request)
		return true;
	if (reset->lost >= request)
		return false;
	return reset->phase == VFIO_AP_RESET_RUNNING ? later :
	       reset->phase == VFIO_AP_RESET_NONE && !reset->rc;
}

/*
 * With M held: 0 if all that were started ended well, or -EIO. What was in neither matrix then was
 * not started. What was in one, and came to the guest since, is clean.
 */
static int judge_all(const struct vfio_ap_mdev *mdev, const struct ap_matrix *assigned,
		     const struct ap_matrix *apcb, unsigned long request)
{
	struct vfio_ap_queue *queue;
	int ret = 0;

	for (queue = vfio_ap_queue_next(NULL); queue; queue = vfio_ap_queue_next(queue)) {
		if (!is_concerned(queue, mdev) ||
		    (!vfio_ap_queue_is_in(queue, assigned) && !vfio_ap_queue_is_in(queue, apcb)))
			continue;
		fail_unended(queue, request);
		if (!ended_well(queue, request))
			ret = -EIO;
	}
	return ret;
}

/**
 * vfio_ap_reset_device - reset all queues of a device
 * @mdev: the device
 *
 * The queues stay in the guest while they are reset. One that is not verified in time
 * is taken from the guest until it is; one that is deconfigured or checkstopped stays.
 *
 * Return: 0, -EIO if any queue was not reset, -EINTR if killed.
 */
int vfio_ap_reset_device(struct vfio_ap_mdev *mdev)
{
	unsigned long request, deadline = vfio_ap_deadline();
	struct ap_matrix assigned, apcb;
	int ret;

	state_lock();
	assigned = mdev->matrix;
	apcb = mdev->attachment ? mdev->attachment->apcb : assigned;
	request = start_all(mdev);
	state_unlock();
	ret = wait_all(&apcb, request, deadline);
	if (!ret)
		ret = wait_all(&assigned, request, deadline);
	if (ret == -EINTR)
		return ret;
	PAUSE("reset-judging");
	state_lock();
	ret = judge_all(mdev, &assigned, &apcb, request);
	state_unlock();
	vfio_ap_sync(mdev, false);
	return ret;
}

int vfio_ap_reset_start_engine(void)
{
	reset_queue = alloc_workqueue("vfio_ap_reset", WQ_UNBOUND, 0);
	return reset_queue ? 0 : -ENOMEM;
}

/*
 * No card confirmed that it will not write to these pages nor interrupt these guests,
 * so better lose the pages and the subclasses than free them.
 */
static void abandon_interrupts(struct list_head *parked)
{
	struct vfio_ap_interrupt *interrupt;

	list_for_each_entry(interrupt, parked, parked) {
		pr_warn_ratelimited("queue %02x.%04x was never seen reset: its page stays allocated\n",
				    AP_APQN_APID(interrupt->apqn), AP_APQN_APQI(interrupt->apqn));
		get_page(interrupt->page);
		interrupt->isc = NULL;
	}
	vfio_ap_interrupts_release_later(parked);
}

static void abandon_all(void)
{
	struct vfio_ap_queue *queue, *next;
	LIST_HEAD(parked);

	state_lock();
	for (queue = vfio_ap_queue_next(NULL); queue; queue = next) {
		next = vfio_ap_queue_next(queue);
		list_splice_init(&queue->parked, &parked);
		vfio_ap_queue_retire(queue);
	}
	state_unlock();
	abandon_interrupts(&parked);
}

/* No queue is bound any more. */
void vfio_ap_reset_stop_engine(void)
{
	abandon_all();
	destroy_workqueue(reset_queue);
}
