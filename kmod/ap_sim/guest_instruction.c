// SPDX-License-Identifier: GPL-2.0
/*
 * AP instructions of a guest: the checks that precede them, and their execution in
 * SIE with the guest's masks in effect.
 */
#include "guest.h"
#include "hardware.h"

/* Domains and adapters of a machine without APXA: bits that must be zero then. */
#define AP_GR0_WITHOUT_APXA	0xc0f0

static bool is_pqap(const struct ap_guest_instruction *insn, u8 fc)
{
	return insn->op == AP_GUEST_OP_PQAP && AP_GR0_FC(insn->gr0) == fc;
}

/* F belongs to resets; the other bits to nobody. */
static bool has_reserved_bits(const struct ap_guest_instruction *insn)
{
	u8 fc = AP_GR0_FC(insn->gr0);
	u64 reserved = AP_GR0_RESERVED;

	if (fc == AP_FC_RAPQ || fc == AP_FC_ZAPQ)
		reserved &= ~AP_GR0_F;
	return insn->gr0 & reserved;
}

static bool is_valid_pqap(const struct ap_guest_instruction *insn)
{
	struct ap_config_info host;
	u8 fc = AP_GR0_FC(insn->gr0);

	if (fc > AP_FC_QCI || has_reserved_bits(insn))
		return false;
	ap_hardware_qci(&host);
	if (fc == AP_FC_QCI)
		return host.has_qci;
	return host.flags & AP_QCI_APXA || !(insn->gr0 & AP_GR0_WITHOUT_APXA);
}

/*
 * Whether the instruction can be executed; sets the outcome. The
 * simulated machine has the facilities 15 (T bit) and 65 (AQIC).
 */
static bool instruction_check(struct ap_execution *x)
{
	struct ap_guest_instruction *insn = x->insn;

	if (!(x->part->flags & AP_GUEST_VCPU_APIE))
		insn->outcome = AP_GUEST_TO_VMM;
	else if (insn->flags & AP_GUEST_PROBLEM_STATE)
		insn->outcome = AP_GUEST_PRIVILEGED;
	else if (insn->op == AP_GUEST_OP_PQAP && !is_valid_pqap(insn))
		insn->outcome = AP_GUEST_SPECIFICATION;
	else
		insn->outcome = AP_GUEST_DONE;
	return insn->outcome == AP_GUEST_DONE;
}

/* The status word goes into the right half of GR1. */
void ap_instruction_status(struct ap_execution *x, u32 status)
{
	x->insn->gr1 = status;
	x->insn->cc = AP_STATUS_RC(status) ? 3 : 0;
}

static bool is_visible(const struct ap_matrix *apcb, u16 apqn)
{
	struct ap_config_info host;

	ap_hardware_qci(&host);
	return AP_APQN_APID(apqn) <= host.na && AP_APQN_APQI(apqn) <= host.nd &&
	       ap_matrix_has_queue(apcb, AP_APQN_APID(apqn), AP_APQN_APQI(apqn));
}

static u64 pack_tapq_info(const struct ap_tapq_info *info)
{
	return (u64)info->functions << 32 | (u64)info->type << 24 | info->domains << 16 |
	       info->ml << 8 | info->depth;
}

static u32 tapq(const struct ap_caller *caller, u16 apqn, struct ap_guest_instruction *insn)
{
	struct ap_tapq_info info = {};
	u32 status = ap_hardware_tapq(caller, apqn, &info);

	if (AP_STATUS_RC(status) != AP_RC_Q_NOT_AVAIL)
		insn->gr2 = pack_tapq_info(&info);
	return status;
}

static void put_mask(u8 *to, const struct ap_mask *m)
{
	__be64 word;
	int i;

	for (i = 0; i < AP_MASK_WORDS; i++, to += sizeof(word)) {
		word = cpu_to_be64(m->w[i]);
		memcpy(to, &word, sizeof(word));
	}
}

/* The host's flags and limits, the guest's masks. */
static u32 qci(u8 *block, const struct ap_matrix *apcb)
{
	struct ap_config_info host;
	__be32 flags;

	ap_hardware_qci(&host);
	memset(block, 0, AP_QCI_SIZE);
	flags = cpu_to_be32(host.flags);
	memcpy(block, &flags, sizeof(flags));
	block[AP_QCI_NA_OFFSET] = host.na;
	block[AP_QCI_ND_OFFSET] = host.nd;
	put_mask(block + AP_QCI_APM_OFFSET, &apcb->apm);
	put_mask(block + AP_QCI_AQM_OFFSET, &apcb->aqm);
	put_mask(block + AP_QCI_ADM_OFFSET, &apcb->adm);
	return AP_STATUS(AP_RC_NORMAL);
}

static u32 pqap(struct ap_execution *x, const struct ap_caller *caller, u16 apqn)
{
	switch (AP_GR0_FC(x->insn->gr0)) {
	case AP_FC_TAPQ:
		return tapq(caller, apqn, x->insn);
	case AP_FC_RAPQ:
		return ap_hardware_rapq(caller, apqn);
	default:
		return ap_hardware_zapq(caller, apqn);
	}
}

static u32 queue_instruction(struct ap_execution *x, u16 apqn)
{
	struct ap_guest_instruction *insn = x->insn;
	struct ap_caller caller = {
		.kind = AP_CALLER_GUEST,
		.owner = x->facility->id,
		.vcpu_id = x->part->id,
	};

	switch (insn->op) {
	case AP_GUEST_OP_NQAP:
		return ap_hardware_nqap(&caller, apqn, insn->psmid, x->data, insn->length,
					&insn->residue);
	case AP_GUEST_OP_DQAP:
		return ap_hardware_dqap(&caller, apqn, &insn->psmid, x->data, &insn->length,
					&insn->residue);
	default:
		return pqap(x, &caller, apqn);
	}
}

static u32 run_in_sie(struct ap_execution *x, const struct ap_matrix *apcb)
{
	u16 apqn = AP_GR0_APQN(x->insn->gr0);

	x->insn->residue = 0;
	if (is_pqap(x->insn, AP_FC_QCI))
		return qci(x->data, apcb);
	if (!is_visible(apcb, apqn))
		return AP_STATUS(AP_RC_Q_NOT_AVAIL);
	return queue_instruction(x, apqn);
}

static int sie(struct ap_execution *x)
{
	struct ap_matrix apcb;
	int ret = ap_sie_enter(x->facility, &apcb);

	if (ret)
		return ret;
	WRITE_ONCE(x->part->state, AP_VCPU_IN_SIE);
	ret = ap_sie_linger(x->facility);
	if (ret == -EAGAIN)
		WRITE_ONCE(x->part->kicked, x->part->kicked + 1);
	if (!ret)
		ap_instruction_status(x, run_in_sie(x, &apcb));
	WRITE_ONCE(x->part->state, AP_VCPU_OUT);
	ap_sie_leave(x->facility);
	return ret;
}

/* Guest memory may be anywhere, even behind a user-space fault handler. */
static int fetch(struct ap_execution *x)
{
	struct kvm *kvm = x->facility->guest->kvm;
	int srcu, ret;

	if (x->insn->op != AP_GUEST_OP_NQAP)
		return 0;
	srcu = srcu_read_lock(&kvm->srcu);
	ret = kvm_read_guest(kvm, x->insn->message, x->data, x->insn->length);
	srcu_read_unlock(&kvm->srcu, srcu);
	return ret;
}

static bool may_store(const struct ap_guest_instruction *insn)
{
	return is_pqap(insn, AP_FC_QCI) || insn->op == AP_GUEST_OP_DQAP;
}

/*
 * A vCPU whose ring of dirty pages has only its reserve left may not run until the VMM has
 * harvested it. The reserve holds what one instruction writes.
 */
static bool ring_is_full(const struct kvm_vcpu *vcpu)
{
	const struct kvm_dirty_ring *ring = &vcpu->dirty_ring;

	return vcpu->kvm->dirty_ring_size &&
	       READ_ONCE(ring->dirty_index) - READ_ONCE(ring->reset_index) >= ring->soft_limit;
}

/* KVM logs dirty pages by vCPU: writing needs a loaded one. */
static int store_at(struct ap_execution *x, u64 gpa, u32 length)
{
	struct kvm *kvm = x->facility->guest->kvm;
	int srcu, ret;

	vcpu_load(x->vcpu);
	srcu = srcu_read_lock(&kvm->srcu);
	ret = kvm_write_guest(kvm, gpa, x->data, length);
	srcu_read_unlock(&kvm->srcu, srcu);
	vcpu_put(x->vcpu);
	return ret;
}

static int store(struct ap_execution *x)
{
	if (is_pqap(x->insn, AP_FC_QCI))
		return store_at(x, x->insn->gr2, AP_QCI_SIZE);
	if (x->insn->op == AP_GUEST_OP_DQAP && !x->insn->cc)
		return store_at(x, x->insn->message, x->insn->length);
	return 0;
}

/**
 * ap_instruction_execute - check and execute an instruction
 * @x: the instruction; vcpu->mutex is held
 *
 * Return: 0 with the outcome set; -EAGAIN if the vCPU must wait and start over, with
 * nothing changed; -EBUSY, with nothing changed either; -EFAULT, -EINTR, -ENODEV.
 */
int ap_instruction_execute(struct ap_execution *x)
{
	int ret;

	if (!instruction_check(x))
		return 0;
	if (is_pqap(x->insn, AP_FC_AQIC))
		return ap_intercept_aqic(x);
	if (may_store(x->insn) && ring_is_full(x->vcpu))
		return -EBUSY;
	ret = fetch(x);
	if (!ret)
		ret = sie(x);
	if (!ret)
		ret = store(x);
	return ret;
}
