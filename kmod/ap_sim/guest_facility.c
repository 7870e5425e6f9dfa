// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/ap_guest and the life of a guest's AP facility.
 *
 * Release under a running VM. Ways in, and what keeps each out when the vCPUs'
 * parts are freed:
 *
 *   debugfs files       removed first; debugfs waits for readers
 *   EXECUTE, GET_VCPU,  take vcpu->mutex and test `ready` under it; `ready` is
 *   SET_VCPU            cleared, which also sends home an instruction that is slow
 *                       or waits to enter; then each vcpu->mutex is taken once
 *   SET_IRQ             K, and `ready` under it
 *   set_masks           K, and guest->facility under it
 *   present, CREATE     K; a second facility finds this one until it is withdrawn
 *   fdinfo              has the file, like each ioctl
 *   interrupts          the guest's eventfds are dropped under K; the object that
 *                       the cards know lives on by its own count. The queues are
 *                       reset, and close waits for that, two seconds at most
 *
 *   KVM_CREATE_VCPU     KVM does it with K held; a vCPU that comes later finds `ready` cleared
 *   flush, release      `withdrawn` lets one of them do it; who is in flush has the file
 *   other processes     EIO for each ioctl
 *
 * All but the removal of debugfs and the wait at the end with K held: KVM itself takes
 * vcpu->mutex under K. H is not needed: an interception has the mutex of its vCPU.
 *
 * What holds up the release is a vCPU that its VMM keeps waiting: for a page of guest memory
 * from a userfaultfd, in KVM_RUN or while an instruction reads or writes a message; or in
 * AQIC, for VFIO, for a thread that unmaps or for the worker that unpins. A module
 * cannot wake a sleeper for a mere notification, and the kernel repeats its own accesses
 * to memory for anything less than SIGKILL. So whoever closes the facility waits, with K
 * held, until the page comes or the VM's process is killed; a VMM must not make the
 * thread that closes it the one that serves its faults.
 */
#include <linux/anon_inodes.h>
#include <linux/delay.h>
#include <linux/eventfd.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "drivers.h"
#include "guest.h"
#include "settle.h"

/* How long a descriptor that is closed may seem not to be the last one. */
#define CLOSE_POLLS		1000
#define CLOSE_POLL_US		500

static atomic64_t last_id;

static struct ap_facility *facility_new(struct ap_guest *guest)
{
	struct ap_facility *facility = kzalloc(sizeof(*facility), GFP_KERNEL_ACCOUNT);

	if (!facility)
		return NULL;
	facility->guest = guest;
	facility->id = atomic64_inc_return(&last_id);
	facility->pid = task_tgid_vnr(current);
	spin_lock_init(&facility->in_flight_lock);
	xa_init(&facility->vcpus);
	return facility;
}

static int facility_publish(struct ap_facility *facility)
{
	struct ap_guest *guest = facility->guest;
	int ret = 0;

	if (mutex_lock_killable(&guest->kvm->lock))
		return -EINTR;
	if (guest->facility) {
		ret = -EEXIST;
	} else {
		guest->facility = facility;
		ap_sie_set_ready(facility, true);
		ap_guest_facility_changed(guest, true);
	}
	mutex_unlock(&guest->kvm->lock);
	if (!ret)
		ap_facility_debug_add(facility);
	return ret;
}

static void facility_withdraw(struct ap_facility *facility)
{
	struct ap_guest *guest = facility->guest;
	unsigned long began = jiffies, deadline = ap_settle_deadline();
	bool published;

	if (atomic_xchg(&facility->withdrawn, 1))
		return;
	ap_facility_debug_remove(facility);
	ap_guest_lock(guest);
	published = guest->facility == facility;
	if (published) {
		ap_sie_set_ready(facility, false);
		ap_vcpus_release(facility);
		/* Every vCPU was made to leave, and none can come back (E12). */
		WARN_ON_ONCE(READ_ONCE(guest->sie.inside) || !xa_empty(&facility->vcpus));
		ap_interrupts_clear(guest->interrupts);
		guest->facility = NULL;
		ap_guest_facility_changed(guest, false);
	}
	mutex_unlock(&guest->kvm->lock);
	/* What the cards do for this guest should have ended when its facility is closed. */
	if (published && !fatal_signal_pending(current))
		ap_drivers_settle(began, deadline);
}

static bool is_own_vm(struct ap_facility *facility)
{
	return current->mm == facility->guest->kvm->mm;
}

/*
 * Whether nothing but ioctls under way refers to the file besides the caller. An ioctl
 * refers to it for longer than it is counted, and the count stands still while both are
 * read: so no descriptor is taken for an ioctl.
 */
static bool is_last_descriptor(struct ap_facility *facility, struct file *file)
{
	long others;

	spin_lock(&facility->in_flight_lock);
	others = file_count(file) - 1 - facility->in_flight;
	spin_unlock(&facility->in_flight_lock);
	return others <= 0;
}

static int is_same(const void *file, struct file *other, unsigned int fd)
{
	return other == file;
}

/*
 * The same, but for ioctls that begin or end: for a moment they are not counted. If the caller
 * has another descriptor himself there is nothing to wait for.
 */
static bool was_last_descriptor(struct ap_facility *facility, struct file *file)
{
	int i;

	if (iterate_fd(current->files, 0, is_same, file))
		return false;
	for (i = 0; i < CLOSE_POLLS; i++) {
		if (is_last_descriptor(facility, file))
			return true;
		if (fatal_signal_pending(current))
			return false;
		usleep_range(CLOSE_POLL_US, 2 * CLOSE_POLL_US);
	}
	return false;
}

static void count_in_flight(struct ap_facility *facility, int change)
{
	spin_lock(&facility->in_flight_lock);
	facility->in_flight += change;
	spin_unlock(&facility->in_flight_lock);
}

/*
 * An ioctl holds the file, so release() would wait for a slow instruction of
 * another thread. The facility goes away when the VM's process closes its last
 * descriptor.
 */
static int facility_flush(struct file *file, fl_owner_t id)
{
	struct ap_facility *facility = file->private_data;

	if (is_own_vm(facility) && was_last_descriptor(facility, file))
		facility_withdraw(facility);
	return 0;
}

static int facility_release(struct inode *inode, struct file *file)
{
	struct ap_facility *facility = file->private_data;

	facility_withdraw(facility);
	ap_guest_put(facility->guest);
	xa_destroy(&facility->vcpus);
	kfree(facility);
	return 0;
}

static int facility_exchange_trigger(struct ap_facility *facility, u8 isc,
				     struct eventfd_ctx **trigger)
{
	struct mutex *lock = &facility->guest->kvm->lock;
	int ret = 0;

	if (mutex_lock_killable(lock))
		return -EINTR;
	if (facility->ready)
		*trigger = ap_interrupts_set(facility->guest->interrupts, isc, *trigger);
	else
		ret = -ENODEV;
	mutex_unlock(lock);
	return ret;
}

static long facility_set_irq(struct ap_facility *facility, void __user *arg)
{
	struct eventfd_ctx *trigger = NULL;
	struct ap_guest_irq irq;
	long ret;

	if (copy_from_user(&irq, arg, sizeof(irq)))
		return -EFAULT;
	if (irq.argsz < sizeof(irq) || irq.isc > 7 || irq.fd < -1 || irq.reserved)
		return -EINVAL;
	if (irq.fd >= 0) {
		trigger = eventfd_ctx_fdget(irq.fd);
		if (IS_ERR(trigger))
			return PTR_ERR(trigger);
	}
	ret = facility_exchange_trigger(facility, irq.isc, &trigger);
	if (trigger)
		eventfd_ctx_put(trigger);
	return ret;
}

static long facility_command(struct ap_facility *facility, unsigned int cmd, void __user *arg)
{
	switch (cmd) {
	case AP_GUEST_EXECUTE:
		return ap_vcpu_execute(facility, arg);
	case AP_GUEST_SET_IRQ:
		return facility_set_irq(facility, arg);
	case AP_GUEST_GET_VCPU:
		return ap_vcpu_get(facility, arg);
	case AP_GUEST_SET_VCPU:
		return ap_vcpu_set(facility, arg);
	default:
		return -ENOTTY;
	}
}

/* Where nobody shares the table of descriptors, an ioctl under way does not refer to the file. */
static bool ioctl_refers_to_file(void)
{
	return atomic_read(&current->files->count) > 1;
}

static long facility_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct ap_facility *facility = file->private_data;
	bool refers = ioctl_refers_to_file();
	long ret;

	if (!is_own_vm(facility))
		return -EIO;
	count_in_flight(facility, refers);
	ret = facility_command(facility, cmd, (void __user *)arg);
	count_in_flight(facility, -refers);
	return ret;
}

static void facility_show_fdinfo(struct seq_file *s, struct file *file)
{
	struct ap_facility *facility = file->private_data;

	seq_printf(s, "ap-facility:\t%llu\n", facility->id);
}

static const struct file_operations facility_fops = {
	.owner = THIS_MODULE,
	.flush = facility_flush,
	.release = facility_release,
	.unlocked_ioctl = facility_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.show_fdinfo = facility_show_fdinfo,
	.llseek = noop_llseek,
};

/* Consumes the caller's reference to @guest. */
static struct file *facility_open(struct ap_guest *guest)
{
	struct ap_facility *facility = facility_new(guest);
	struct file *file;
	int ret;

	if (!facility) {
		ap_guest_put(guest);
		return ERR_PTR(-ENOMEM);
	}
	file = anon_inode_getfile("[ap-facility]", &facility_fops, facility, O_RDWR);
	if (IS_ERR(file)) {
		ap_guest_put(guest);
		kfree(facility);
		return file;
	}
	ret = facility_publish(facility);
	if (ret) {
		fput(file);
		return ERR_PTR(ret);
	}
	return file;
}

static struct ap_guest *guest_of_fd(int fd)
{
	struct ap_guest *guest = ERR_PTR(-EINVAL);
	struct file *file = fget(fd);

	if (!file)
		return ERR_PTR(-EBADF);
	if (file_is_kvm(file)) {
		guest = ap_guest_get(file->private_data);
		if (!guest)
			guest = ERR_PTR(-ENOMEM);
	}
	fput(file);
	return guest;
}

static int create_facility(void __user *arg)
{
	struct ap_guest_create create;
	struct ap_guest *guest;
	struct file *file;
	int fd;

	if (copy_from_user(&create, arg, sizeof(create)))
		return -EFAULT;
	if (create.argsz < sizeof(create) || create.flags || create.reserved)
		return -EINVAL;
	guest = guest_of_fd(create.kvm_fd);
	if (IS_ERR(guest))
		return PTR_ERR(guest);
	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0) {
		ap_guest_put(guest);
		return fd;
	}
	file = facility_open(guest);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}

static long device_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	if (cmd != AP_GUEST_CREATE)
		return -ENOTTY;
	return create_facility((void __user *)arg);
}

static const struct file_operations device_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = device_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.llseek = noop_llseek,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "ap_guest",
	.fops = &device_fops,
};

int ap_facility_init(void)
{
	return misc_register(&device);
}

void ap_facility_exit(void)
{
	misc_deregister(&device);
}
