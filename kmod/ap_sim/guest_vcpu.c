// SPDX-License-Identifier: GPL-2.0
/*
 * The vCPUs' parts of a facility, and the ioctls that reach them.
 *
 * A part is made by the first ioctl that names its vCPU and is guarded by
 * vcpu->mutex, like everything else of a vCPU.
 */
#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/uaccess.h>

#include "guest.h"
#include "../include/ap_wire.h"

#define AP_GUEST_VCPU_FLAGS	(AP_GUEST_VCPU_AIV | AP_GUEST_VCPU_APIE)
#define AP_MESSAGE_MAX		65536

static struct ap_vcpu *part_get(struct ap_facility *facility, u32 id)
{
	struct ap_vcpu *part = xa_load(&facility->vcpus, id);
	int ret;

	if (part)
		return part;
	part = kzalloc(sizeof(*part), GFP_KERNEL_ACCOUNT);
	if (!part)
		return ERR_PTR(-ENOMEM);
	part->id = id;
	part->flags = AP_GUEST_VCPU_FLAGS;
	ret = xa_err(xa_store(&facility->vcpus, id, part, GFP_KERNEL_ACCOUNT));
	if (ret) {
		kfree(part);
		return ERR_PTR(ret);
	}
	return part;
}

static void vcpu_unlock(struct ap_execution *x)
{
	mutex_unlock(&x->vcpu->mutex);
}

/* Take vcpu->mutex and find the part. With the mutex held, `ready` keeps it. */
static int vcpu_lock(struct ap_execution *x, u32 id)
{
	if (id > INT_MAX)
		return -EINVAL;
	x->vcpu = kvm_get_vcpu_by_id(x->facility->guest->kvm, id);
	if (!x->vcpu)
		return -EINVAL;
	if (mutex_lock_killable(&x->vcpu->mutex))
		return -EINTR;
	if (!READ_ONCE(x->facility->ready)) {
		vcpu_unlock(x);
		return -ENODEV;
	}
	x->part = part_get(x->facility, id);
	if (IS_ERR(x->part)) {
		vcpu_unlock(x);
		return PTR_ERR(x->part);
	}
	return 0;
}

/* One attempt; -EAGAIN if the vCPU was kept or kicked out. */
static int execute_once(struct ap_execution *x)
{
	int ret = ap_sie_wait(x->facility);

	if (ret)
		return ret;
	ret = vcpu_lock(x, x->insn->vcpu_id);
	if (ret)
		return ret;
	ret = ap_instruction_execute(x);
	if (!ret && x->insn->outcome == AP_GUEST_DONE)
		WRITE_ONCE(x->part->executed, x->part->executed + 1);
	vcpu_unlock(x);
	return ret;
}

static int execute(struct ap_facility *facility, struct ap_guest_instruction *insn)
{
	struct ap_execution x = { .facility = facility, .insn = insn };
	int ret;

	x.data = kvzalloc(max_t(size_t, insn->length, AP_QCI_SIZE), GFP_KERNEL_ACCOUNT);
	if (!x.data)
		return -ENOMEM;
	do {
		ret = execute_once(&x);
	} while (ret == -EAGAIN);
	kvfree(x.data);
	return ret;
}

long ap_vcpu_execute(struct ap_facility *facility, void __user *arg)
{
	struct ap_guest_instruction insn;
	int ret;

	if (copy_from_user(&insn, arg, sizeof(insn)))
		return -EFAULT;
	if (insn.argsz < sizeof(insn) || insn.flags & ~AP_GUEST_PROBLEM_STATE ||
	    insn.op > AP_GUEST_OP_DQAP || insn.length > AP_MESSAGE_MAX)
		return -EINVAL;
	ret = execute(facility, &insn);
	if (ret)
		return ret;
	return copy_to_user(arg, &insn, sizeof(insn)) ? -EFAULT : 0;
}

static int vcpu_ioctl_args(struct ap_guest_vcpu *args, void __user *arg)
{
	if (copy_from_user(args, arg, sizeof(*args)))
		return -EFAULT;
	return args->argsz < sizeof(*args) || args->reserved ? -EINVAL : 0;
}

long ap_vcpu_get(struct ap_facility *facility, void __user *arg)
{
	struct ap_execution x = { .facility = facility };
	struct ap_guest_vcpu args;
	struct ap_matrix apcb;
	int ret = vcpu_ioctl_args(&args, arg);

	if (!ret)
		ret = vcpu_lock(&x, args.vcpu_id);
	if (ret)
		return ret;
	args.flags = x.part->flags;
	args.executed = x.part->executed;
	args.kicked = x.part->kicked;
	vcpu_unlock(&x);
	ap_sie_effective(&facility->guest->sie, &apcb);
	memcpy(args.apm, apcb.apm.w, sizeof(args.apm));
	memcpy(args.aqm, apcb.aqm.w, sizeof(args.aqm));
	memcpy(args.adm, apcb.adm.w, sizeof(args.adm));
	return copy_to_user(arg, &args, sizeof(args)) ? -EFAULT : 0;
}

long ap_vcpu_set(struct ap_facility *facility, void __user *arg)
{
	struct ap_execution x = { .facility = facility };
	struct ap_guest_vcpu args;
	int ret = vcpu_ioctl_args(&args, arg);

	if (!ret && args.flags & ~AP_GUEST_VCPU_FLAGS)
		ret = -EINVAL;
	if (!ret)
		ret = vcpu_lock(&x, args.vcpu_id);
	if (ret)
		return ret;
	WRITE_ONCE(x.part->flags, args.flags);
	vcpu_unlock(&x);
	return 0;
}

/* Make KVM_RUN of this vCPU return EINTR to the VMM, which then calls it again. */
static void vcpu_interrupt_run(struct kvm_vcpu *vcpu)
{
	struct task_struct *task;

	rcu_read_lock();
	task = pid_task(rcu_dereference(vcpu->pid), PIDTYPE_PID);
	if (task)
		set_tsk_thread_flag(task, TIF_NOTIFY_SIGNAL);
	rcu_read_unlock();
	kvm_vcpu_kick(vcpu);
}

/**
 * struct wresting - a vCPU whose KVM_RUN is interrupted until somebody else has its mutex
 * @vcpu: the vCPU
 * @timer: interrupts it again
 */
struct wresting {
	struct kvm_vcpu *vcpu;
	struct timer_list timer;
};

static void wrest_again(struct timer_list *timer)
{
	struct wresting *wresting = container_of(timer, struct wresting, timer);

	vcpu_interrupt_run(wresting->vcpu);
	mod_timer(timer, jiffies + 1);
}

/*
 * KVM_RUN holds vcpu->mutex for as long as the guest likes, and is quick to take it again.
 * Only who waits in the mutex's queue is handed it over; KVM_RUN is interrupted meanwhile.
 * If the caller is being killed so is the VM's process, and KVM_RUN comes no more; unless
 * another process closes the last descriptor, who then gets the mutex by chance.
 */
static void vcpu_wrest(struct kvm_vcpu *vcpu)
{
	struct wresting wresting = { .vcpu = vcpu };

	might_lock(&vcpu->mutex);
	if (mutex_trylock(&vcpu->mutex))
		return;
	timer_setup_on_stack(&wresting.timer, wrest_again, 0);
	vcpu_interrupt_run(vcpu);
	mod_timer(&wresting.timer, jiffies + 1);
	while (mutex_lock_killable(&vcpu->mutex))
		usleep_range(500, 1000);
	timer_shutdown_sync(&wresting.timer);
	destroy_timer_on_stack(&wresting.timer);
}

/**
 * ap_vcpus_release - free the parts of all vCPUs
 * @facility: the facility, not ready any more
 *
 * Every vCPU is visited, also those without a part: one may just be making it.
 * No vCPU is added meanwhile, since KVM does that with K held.
 */
void ap_vcpus_release(struct ap_facility *facility)
{
	struct kvm *kvm = facility->guest->kvm;
	struct kvm_vcpu *vcpu;
	unsigned long i;

	lockdep_assert_held(&kvm->lock);
	WARN_ON_ONCE(facility->debugfs);
	kvm_for_each_vcpu(i, vcpu, kvm) {
		vcpu_wrest(vcpu);
		kfree(xa_erase(&facility->vcpus, vcpu->vcpu_id));
		mutex_unlock(&vcpu->mutex);
	}
}
