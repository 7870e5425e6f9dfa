// SPDX-License-Identifier: GPL-2.0
/*
 * PQAP(AQIC): the one AP instruction that is not executed in SIE but intercepted,
 * and given to the driver under H.
 */
#include "guest.h"
#include "../include/ap_wire.h"

static bool may_leave(struct ap_facility *facility)
{
	return !READ_ONCE(facility->ready) || !READ_ONCE(facility->slow_aqic_ms);
}

/* Stay in the interception as long as the facility's slow_aqic_ms says. */
static int linger(struct ap_facility *facility)
{
	unsigned int ms = READ_ONCE(facility->slow_aqic_ms);

	if (!ms)
		return 0;
	if (wait_event_killable_timeout(facility->guest->sie.wait, may_leave(facility),
					msecs_to_jiffies(ms)) < 0)
		return -EINTR;
	return READ_ONCE(facility->ready) ? 0 : -ENODEV;
}

static int call_hook(struct ap_execution *x)
{
	struct ap_guest *guest = x->facility->guest;
	struct ap_pqap pqap = {
		.kvm = guest->kvm,
		.vcpu_id = x->part->id,
		.gr0 = x->insn->gr0,
		.gr1 = x->insn->gr1,
		.gr2 = x->insn->gr2,
		/* the guest's own, so that one who forgets it is seen */
		.cc = 3,
		.aiv = x->part->flags & AP_GUEST_VCPU_AIV,
	};
	int srcu, ret;

	WARN_ON_ONCE(x->vcpu->kvm != guest->kvm);
	srcu = srcu_read_lock(&guest->kvm->srcu);
	ret = ap_guest_call_hook(guest, &pqap);
	srcu_read_unlock(&guest->kvm->srcu, srcu);
	if (ret == -ENXIO) {
		ap_instruction_status(x, AP_STATUS(AP_RC_Q_NOT_AVAIL));
	} else if (ret) {
		x->insn->outcome = AP_GUEST_TO_VMM;
	} else {
		x->insn->gr1 = pqap.gr1;
		x->insn->cc = pqap.cc;
	}
	return 0;
}

/**
 * ap_intercept_aqic - execute PQAP(AQIC)
 * @x: the instruction; vcpu->mutex is held
 *
 * KVM takes vcpu->mutex under K, and a writer of H may want K: so do not wait for H
 * with vcpu->mutex held, but go back and wait until the writer unblocks SIE.
 *
 * Return: 0, -EAGAIN if H is taken, -EINTR or -ENODEV.
 */
int ap_intercept_aqic(struct ap_execution *x)
{
	struct ap_guest *guest = x->facility->guest;
	int ret;

	if (!down_read_trylock(&guest->hook_lock))
		return -EAGAIN;
	WRITE_ONCE(x->part->state, AP_VCPU_INTERCEPTED);
	ret = linger(x->facility);
	if (!ret)
		ret = call_hook(x);
	WRITE_ONCE(x->part->state, AP_VCPU_OUT);
	up_read(&guest->hook_lock);
	return ret;
}
