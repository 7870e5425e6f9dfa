/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * /dev/ap_guest: gives a KVM guest on x86-64 an AP facility.
 *
 * A virtual machine monitor hands over the file descriptor of its VM and gets the
 * VM's AP facility as another one. Through that it executes the AP instructions
 * of its vCPUs, against the masks that the vfio_ap driver sets for this guest.
 */
#ifndef UAPI_AP_GUEST_IOCTL_H
#define UAPI_AP_GUEST_IOCTL_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define AP_GUEST_IOCTL	0xA9

/**
 * struct ap_guest_create - AP_GUEST_CREATE, on /dev/ap_guest
 * @argsz: sizeof(struct ap_guest_create)
 * @flags: 0
 * @kvm_fd: file descriptor of the VM
 * @reserved: 0
 *
 * Returns the file descriptor of the facility (close-on-exec). The facility holds
 * a reference to the VM until the descriptor is closed.
 *
 * EINVAL: argsz, flags, reserved, or @kvm_fd is not a KVM VM; EBADF; EEXIST: the VM
 * has a facility; EFAULT: the argument is not readable; EINTR; ENOMEM, EMFILE.
 */
struct ap_guest_create {
	__u32 argsz;
	__u32 flags;
	__s32 kvm_fd;
	__u32 reserved;
};

#define AP_GUEST_CREATE		_IOWR(AP_GUEST_IOCTL, 0, struct ap_guest_create)

/* struct ap_guest_instruction.op */
#define AP_GUEST_OP_PQAP	0
#define AP_GUEST_OP_NQAP	1
#define AP_GUEST_OP_DQAP	2

/* struct ap_guest_instruction.flags: the guest runs in problem state */
#define AP_GUEST_PROBLEM_STATE	(1 << 0)

/* struct ap_guest_instruction.outcome */
#define AP_GUEST_DONE		0	/* cc, gr1 and gr2 are set */
#define AP_GUEST_TO_VMM		1	/* not handled by the kernel: EOPNOTSUPP */
#define AP_GUEST_SPECIFICATION	2	/* specification exception */
#define AP_GUEST_PRIVILEGED	3	/* privileged-operation exception */

/**
 * struct ap_guest_instruction - AP_GUEST_EXECUTE, on the facility
 * @argsz: sizeof(struct ap_guest_instruction)
 * @flags: AP_GUEST_PROBLEM_STATE or 0
 * @vcpu_id: number of the vCPU (as given to KVM_CREATE_VCPU)
 * @op: AP_GUEST_OP_*
 * @gr0: general register 0: function code and APQN
 * @gr1: in for AQIC; out: the status word in the right half
 * @gr2: in for AQIC and QCI: guest address; out for TAPQ: facilities, type, depth
 * @message: guest address of the message (NQAP) or of the reply buffer (DQAP)
 * @length: its length in bytes, at most 65536; out for DQAP: length of the reply
 * @psmid: program-supplied message identifier; in for NQAP, out for DQAP
 * @cc: out: condition code
 * @outcome: out: AP_GUEST_*
 * @residue: out for NQAP and DQAP: identifier of a foreign owner whose data was
 *	still in the queue, 0 if there was none. Anything but 0 is an isolation failure.
 *
 * Executes one instruction as this vCPU. Two threads that name the same vCPU are
 * served one after the other (vcpu->mutex).
 *
 * EINVAL: argsz, flags, op, no such vCPU; EIO: the VM belongs to another process;
 * EFAULT: the guest address is not readable or writable; EBUSY: the vCPU's ring of dirty
 * pages (KVM_CAP_DIRTY_LOG_RING) is full, harvest it and repeat; EINTR; ENODEV: the
 * facility is being released.
 */
struct ap_guest_instruction {
	__u32 argsz;
	__u32 flags;
	__u32 vcpu_id;
	__u32 op;
	__u64 gr0;
	__u64 gr1;
	__u64 gr2;
	__u64 message;
	__u32 length;
	__u32 cc;
	__u64 psmid;
	__u32 outcome;
	__u32 reserved;
	__u64 residue;
};

#define AP_GUEST_EXECUTE	_IOWR(AP_GUEST_IOCTL, 1, struct ap_guest_instruction)

/**
 * struct ap_guest_irq - AP_GUEST_SET_IRQ, on the facility
 * @argsz: sizeof(struct ap_guest_irq)
 * @isc: interruption subclass, 0 to 7
 * @fd: eventfd that is signalled for it, -1 for none
 * @reserved: 0
 *
 * EINVAL; EBADF, or EINVAL if it is no eventfd; EFAULT: the argument is not readable; EIO: the
 * VM belongs to another process; EINTR; ENODEV: the facility is being released.
 */
struct ap_guest_irq {
	__u32 argsz;
	__u32 isc;
	__s32 fd;
	__u32 reserved;
};

#define AP_GUEST_SET_IRQ	_IOW(AP_GUEST_IOCTL, 2, struct ap_guest_irq)

/* struct ap_guest_vcpu.flags: the guest enabled adapter interruptions (ECA_AIV) */
#define AP_GUEST_VCPU_AIV	(1 << 0)
/* struct ap_guest_vcpu.flags: PQAP is interpreted (ECA_APIE) */
#define AP_GUEST_VCPU_APIE	(1 << 1)

/**
 * struct ap_guest_vcpu - AP_GUEST_GET_VCPU and AP_GUEST_SET_VCPU, on the facility
 * @argsz: sizeof(struct ap_guest_vcpu)
 * @vcpu_id: number of the vCPU
 * @flags: AP_GUEST_VCPU_*, both set for a new vCPU
 * @reserved: 0
 * @executed: out: instructions executed
 * @kicked: out: times the vCPU was kicked out of an instruction
 * @apm: out: adapters that the vCPU sees, leftmost number first
 * @aqm: out: usage domains
 * @adm: out: control domains
 *
 * The per-vCPU part of the facility.
 *
 * EINVAL: argsz, flags, reserved, no such vCPU; EFAULT: the argument is not readable or
 * writable; EIO: the VM belongs to another process; EINTR; ENOMEM; ENODEV: the facility is
 * being released.
 */
struct ap_guest_vcpu {
	__u32 argsz;
	__u32 vcpu_id;
	__u32 flags;
	__u32 reserved;
	__u64 executed;
	__u64 kicked;
	__u64 apm[4];
	__u64 aqm[4];
	__u64 adm[4];
};

#define AP_GUEST_GET_VCPU	_IOWR(AP_GUEST_IOCTL, 3, struct ap_guest_vcpu)
#define AP_GUEST_SET_VCPU	_IOW(AP_GUEST_IOCTL, 4, struct ap_guest_vcpu)

#endif
