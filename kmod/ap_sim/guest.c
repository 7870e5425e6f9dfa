// SPDX-License-Identifier: GPL-2.0
/*
 * Guests: the crypto state beside struct kvm, and the operations on it that the
 * driver uses.
 */
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "guest.h"
#include "hardware.h"

atomic_t ap_needless_updates;
atomic_t ap_shared_queues;

static DEFINE_SPINLOCK(guests_lock);
static DEFINE_HASHTABLE(guests, 6);

static DEFINE_SPINLOCK(handler_lock);
static const struct ap_guest_handler *handler;

static struct ap_guest *guest_find(struct kvm *kvm)
{
	struct ap_guest *guest;

	lockdep_assert_held(&guests_lock);
	hash_for_each_possible(guests, guest, node, (unsigned long)kvm)
		if (guest->kvm == kvm)
			return guest;
	return NULL;
}

static void guest_free(struct ap_guest *guest)
{
	if (guest->interrupts)
		ap_interrupts_put(guest->interrupts);
	kfree(guest);
}

static struct ap_guest *guest_new(struct kvm *kvm)
{
	struct ap_guest *guest = kzalloc(sizeof(*guest), GFP_KERNEL);

	if (!guest)
		return NULL;
	kref_init(&guest->ref);
	guest->kvm = kvm;
	init_rwsem(&guest->hook_lock);
	ap_sie_init(&guest->sie);
	guest->interrupts = ap_interrupts_new();
	if (!guest->interrupts) {
		guest_free(guest);
		return NULL;
	}
	return guest;
}

/**
 * ap_guest_get - the crypto state of a VM
 * @kvm: the VM; the caller keeps it alive during the call
 *
 * The state holds a reference to @kvm, so that no other VM can get the same
 * address while it is in the table.
 *
 * Return: the state, made if there was none; NULL without memory.
 */
struct ap_guest *ap_guest_get(struct kvm *kvm)
{
	struct ap_guest *fresh = guest_new(kvm);
	struct ap_guest *guest;

	if (!fresh)
		return NULL;
	spin_lock(&guests_lock);
	guest = guest_find(kvm);
	if (guest) {
		kref_get(&guest->ref);
	} else if (kvm_get_kvm_safe(kvm)) {
		hash_add(guests, &fresh->node, (unsigned long)kvm);
		guest = fresh;
	}
	spin_unlock(&guests_lock);
	if (guest != fresh)
		guest_free(fresh);
	return guest;
}

static void guest_release(struct kref *ref) __releases(&guests_lock)
{
	struct ap_guest *guest = container_of(ref, struct ap_guest, ref);
	struct kvm *kvm = guest->kvm;

	hash_del(&guest->node);
	spin_unlock(&guests_lock);
	guest_free(guest);
	kvm_put_kvm(kvm);
}

/**
 * ap_guest_put - drop a reference
 * @guest: the guest
 *
 * May destroy the VM, which ends in every part of KVM: no lock may be held.
 */
void ap_guest_put(struct ap_guest *guest)
{
	might_sleep();
	kref_put_lock(&guest->ref, guest_release, &guests_lock);
}

/* The caller holds H, so the guest does not go away. */
struct ap_interrupts *ap_guest_interrupts(struct kvm *kvm)
{
	struct ap_guest *guest;

	spin_lock(&guests_lock);
	guest = guest_find(kvm);
	spin_unlock(&guests_lock);
	return guest ? guest->interrupts : NULL;
}

static int guest_register_handler(const struct ap_guest_handler *h)
{
	int ret = -EBUSY;

	spin_lock(&handler_lock);
	if (!handler) {
		handler = h;
		ret = 0;
	}
	spin_unlock(&handler_lock);
	return ret;
}

static void guest_unregister_handler(const struct ap_guest_handler *h)
{
	spin_lock(&handler_lock);
	if (handler == h)
		handler = NULL;
	spin_unlock(&handler_lock);
}

/* The registered handler with a reference to its module, or NULL. */
static const struct ap_guest_handler *handler_get(void)
{
	const struct ap_guest_handler *h;

	spin_lock(&handler_lock);
	h = handler;
	if (h && !try_module_get(h->owner))
		h = NULL;
	spin_unlock(&handler_lock);
	return h;
}

/**
 * ap_guest_call_hook - give an interception to the driver
 * @guest: the guest
 * @pqap: the instruction
 *
 * With H held the hook stays, and the hook holds the module.
 *
 * Return: what the driver returns; -ENXIO if no driver serves the guest.
 */
int ap_guest_call_hook(struct ap_guest *guest, struct ap_pqap *pqap)
{
	lockdep_assert_held_read(&guest->hook_lock);
	if (!guest->sie.hooked)
		return -ENXIO;
	return READ_ONCE(handler)->pqap(pqap);
}

/**
 * ap_guest_facility_changed - tell the driver, if it serves the guest
 * @guest: the guest
 * @up: the facility came up, else it went away
 *
 * A driver may change the hook without K, so it may come or go at the same time.
 * Nothing is lost: who sets it needs K to set the masks, and then finds the facility
 * as it is; who clears it wants no news.
 */
void ap_guest_facility_changed(struct ap_guest *guest, bool up)
{
	const struct ap_guest_handler *h;

	lockdep_assert_held(&guest->kvm->lock);
	if (!READ_ONCE(guest->sie.hooked))
		return;
	h = handler_get();
	if (!h)
		return;
	h->facility_changed(guest->kvm, up);
	module_put(h->owner);
}

/*
 * Who waits for a lock that the VMM may keep as long as it likes, waits killably, so that the
 * kernel does not report him as hung; and goes on when he is being killed.
 */
void ap_guest_lock(struct ap_guest *guest)
{
	might_lock(&guest->kvm->lock);
	while (mutex_lock_killable(&guest->kvm->lock))
		usleep_range(500, 1000);
}

static int guest_lock_killable(struct ap_guest *guest)
{
	return mutex_lock_killable(&guest->kvm->lock);
}

static bool guest_trylock(struct ap_guest *guest)
{
	return mutex_trylock(&guest->kvm->lock);
}

static void guest_unlock(struct ap_guest *guest)
{
	mutex_unlock(&guest->kvm->lock);
}

static void guest_assert_locked(struct ap_guest *guest)
{
	lockdep_assert_held(&guest->kvm->lock);
}

/* H keeps out interceptions, the block what needs none. */
static void guest_hook_lock(struct ap_guest *guest)
{
	ap_sie_block(&guest->sie);
	might_lock(&guest->hook_lock);
	while (down_write_killable(&guest->hook_lock))
		usleep_range(500, 1000);
}

static void guest_hook_unlock(struct ap_guest *guest)
{
	up_write(&guest->hook_lock);
	ap_sie_unblock(&guest->sie);
}

static void guest_hook_write(struct ap_guest *guest, bool hooked)
{
	lockdep_assert_held_write(&guest->hook_lock);
	spin_lock(&guest->sie.lock);
	WRITE_ONCE(guest->sie.hooked, hooked);
	spin_unlock(&guest->sie.lock);
}

static void guest_hook_set(struct ap_guest *guest)
{
	if (WARN_ON(guest->sie.hooked))
		return;
	__module_get(READ_ONCE(handler)->owner);
	guest_hook_write(guest, true);
}

static void guest_hook_clear(struct ap_guest *guest)
{
	if (WARN_ON(!guest->sie.hooked))
		return;
	guest_hook_write(guest, false);
	module_put(READ_ONCE(handler)->owner);
}

static bool guest_present(struct ap_guest *guest)
{
	lockdep_assert_held(&guest->kvm->lock);
	return guest->facility;
}

static bool has_nothing(const struct ap_matrix *matrix)
{
	return ap_mask_empty(&matrix->apm) && ap_mask_empty(&matrix->aqm) &&
	       ap_mask_empty(&matrix->adm);
}

/* A queue is in the masks of one guest at most, used or not. */
static void check_alone(const struct ap_guest *guest, const struct ap_matrix *next)
{
	struct ap_guest *other;
	unsigned int bucket;

	spin_lock(&guests_lock);
	hash_for_each(guests, bucket, other, node) {
		if (other == guest)
			continue;
		spin_lock(&other->sie.lock);
		if (ap_matrix_shares_queue(&other->sie.apcb, next))
			atomic_inc(&ap_shared_queues);
		spin_unlock(&other->sie.lock);
	}
	spin_unlock(&guests_lock);
}

/* The masks change only with K held, so they are still the old ones. */
static void check_masks(const struct ap_guest *guest, const struct ap_matrix *next)
{
	const struct ap_matrix *now = &guest->sie.apcb;
	unsigned int apid, apqi;

	if (ap_matrix_equal(now, next) && !has_nothing(next))
		atomic_inc(&ap_needless_updates);
	for_each_ap_id(apid, &next->apm)
		for_each_ap_id(apqi, &next->aqm)
			if (!ap_matrix_has_queue(now, apid, apqi))
				ap_hardware_shown(AP_APQN(apid, apqi));
}

static void guest_set_masks(struct ap_guest *guest, const struct ap_matrix *apcb)
{
	lockdep_assert_held(&guest->kvm->lock);
	if (!guest->facility)
		return;
	check_masks(guest, apcb);
	check_alone(guest, apcb);
	ap_sie_block(&guest->sie);
	spin_lock(&guest->sie.lock);
	/* No vCPU sees masks that change. */
	WARN_ON_ONCE(guest->sie.inside);
	guest->sie.apcb = *apcb;
	spin_unlock(&guest->sie.lock);
	atomic_inc(&guest->facility->updates);
	ap_sie_unblock(&guest->sie);
}

static bool guest_gpa_valid(struct kvm *kvm, u64 gpa)
{
	return kvm_is_visible_gfn(kvm, gpa_to_gfn(gpa));
}

static struct kvm *guest_kvm_of(struct ap_guest *guest)
{
	return guest->kvm;
}

static const struct ap_guest_ops guest_ops = {
	.register_handler = guest_register_handler,
	.unregister_handler = guest_unregister_handler,
	.attach = ap_guest_get,
	.detach = ap_guest_put,
	.lock = ap_guest_lock,
	.lock_killable = guest_lock_killable,
	.trylock = guest_trylock,
	.unlock = guest_unlock,
	.assert_locked = guest_assert_locked,
	.hook_lock = guest_hook_lock,
	.hook_unlock = guest_hook_unlock,
	.hook_set = guest_hook_set,
	.hook_clear = guest_hook_clear,
	.present = guest_present,
	.set_masks = guest_set_masks,
	.isc_get = ap_guest_isc_get,
	.isc_put = ap_guest_isc_put,
	.gpa_valid = guest_gpa_valid,
	.kvm_of = guest_kvm_of,
};

const struct ap_guest_ops *ap_guest_ops_get(void)
{
	return &guest_ops;
}
EXPORT_SYMBOL_GPL(ap_guest_ops_get);

int ap_guest_init(void)
{
	int ret;

	ap_guest_debug_init();
	ret = ap_facility_init();
	if (ret)
		ap_guest_debug_exit();
	return ret;
}

void ap_guest_exit(void)
{
	ap_facility_exit();
	ap_guest_debug_exit();
}
