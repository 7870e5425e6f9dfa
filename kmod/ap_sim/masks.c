// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>

#include "clean.h"
#include "drivers.h"
#include "mask_text.h"
#include "masks.h"
#include "settle.h"

struct mutex ap_perms_mutex = __MUTEX_INITIALIZER(ap_perms_mutex);
EXPORT_SYMBOL_GPL(ap_perms_mutex);

/*
 * The masks change with ap_perms_mutex and owners_lock held; either is enough to read
 * them. Overrides are read and changed with owners_lock, and by the administrator with
 * ap_perms_mutex, too. The spinlock is there for those who hold a device lock or scan:
 * ap_perms_mutex is the outermost of all.
 */
static DEFINE_SPINLOCK(owners_lock);
static struct ap_mask masks[2];
static unsigned int n_overrides;

static struct ap_mask all_ones(void)
{
	return ap_mask_upto(AP_IDS - 1);
}

int ap_mask_init(enum ap_which_mask which, const char *text)
{
	if (!text) {
		masks[which] = all_ones();
		return 0;
	}
	masks[which] = AP_MASK_EMPTY;
	return ap_mask_parse(text, &masks[which]);
}

void ap_masks_read(struct ap_mask *apmask, struct ap_mask *aqmask)
{
	spin_lock(&owners_lock);
	*apmask = masks[AP_APMASK];
	*aqmask = masks[AP_AQMASK];
	spin_unlock(&owners_lock);
}

static bool masks_give_to_host(u16 apqn)
{
	return ap_mask_test(&masks[AP_APMASK], AP_APQN_APID(apqn)) &&
	       ap_mask_test(&masks[AP_AQMASK], AP_APQN_APQI(apqn));
}

static bool names_default_driver(const char *name)
{
	return !strcmp(name, ap_host_queue_driver.driver.name);
}

static bool host_owns(const struct ap_queue *queue)
{
	lockdep_assert_held(&owners_lock);
	if (queue->override)
		return names_default_driver(queue->override);
	return masks_give_to_host(queue->public.apqn);
}

bool ap_driver_may_have(struct ap_queue *queue, const struct device_driver *drv)
{
	bool may;

	spin_lock(&owners_lock);
	if (queue->override)
		may = !strcmp(queue->override, drv->name);
	else
		may = ap_is_default_driver(drv) == host_owns(queue);
	spin_unlock(&owners_lock);
	return may;
}

bool ap_release_misbound(struct ap_queue *queue)
{
	struct device *dev = &queue->public.device;
	bool release;

	if (!device_trylock(dev))
		return false;
	release = dev->driver && !ap_driver_may_have(queue, dev->driver);
	device_unlock(dev);
	if (release)
		device_release_driver(dev);
	return true;
}

static bool host_owns_apqn(u16 apqn)
{
	struct ap_queue *queue = ap_clean_get_queue(apqn);
	bool owns;

	if (!queue)
		return masks_give_to_host(apqn);
	spin_lock(&owners_lock);
	owns = host_owns(queue);
	spin_unlock(&owners_lock);
	put_device(&queue->public.device);
	return owns;
}

/* The first queue of the matrix that is the host's, the overrides considered. */
static bool find_overridden(const struct ap_mask *apm, const struct ap_mask *aqm, u16 *apqn)
{
	unsigned int apid, apqi;

	for_each_ap_id(apid, apm) {
		for_each_ap_id(apqi, aqm) {
			*apqn = AP_APQN(apid, apqi);
			if (host_owns_apqn(*apqn))
				return true;
		}
	}
	return false;
}

bool ap_matrix_owned_by_host(const struct ap_mask *apm, const struct ap_mask *aqm, u16 *apqn)
{
	struct ap_mask hosts_apm, hosts_aqm;

	lockdep_assert_held(&ap_perms_mutex);
	if (READ_ONCE(n_overrides))
		return find_overridden(apm, aqm, apqn);
	hosts_apm = ap_mask_and(apm, &masks[AP_APMASK]);
	hosts_aqm = ap_mask_and(aqm, &masks[AP_AQMASK]);
	if (ap_mask_empty(&hosts_apm) || ap_mask_empty(&hosts_aqm))
		return false;
	*apqn = AP_APQN(ap_mask_next(&hosts_apm, 0), ap_mask_next(&hosts_aqm, 0));
	return true;
}

/*
 * Whether somebody uses a queue that would come back to the host. Since 6.19 the other
 * mask counts as all ones, which can refuse more than necessary.
 */
static int check_reserved(enum ap_which_mask which, const struct ap_mask *reserved)
{
	bool adapters = which == AP_APMASK;
	struct ap_mask other = masks[adapters ? AP_AQMASK : AP_APMASK];
	int ret;

	if (ap_mask_empty(reserved))
		return 0;
	if (ap_abi_619)
		other = all_ones();
	ret = ap_drivers_in_use(adapters ? reserved : &other, adapters ? &other : reserved);
	return ret ? -EBUSY : 0;
}

/* Return: 1: changed; 0: as it was; or an error. */
static int change_mask(enum ap_which_mask which, const char *text)
{
	struct ap_mask changed = masks[which], reserved;
	int ret;

	lockdep_assert_held(&ap_perms_mutex);
	if (ap_abi_619 && READ_ONCE(n_overrides))
		return -EINVAL;
	ret = ap_mask_parse(text, &changed);
	if (ret)
		return ret;
	reserved = ap_mask_andnot(&changed, &masks[which]);
	ret = check_reserved(which, &reserved);
	if (ret)
		return ret;
	if (ap_mask_equal(&masks[which], &changed))
		return 0;
	spin_lock(&owners_lock);
	masks[which] = changed;
	spin_unlock(&owners_lock);
	return 1;
}

/*
 * All resets are started before anybody waits for one. Nobody waits for the reset of a
 * queue that was without driver before: somebody else has caused it.
 */
static int revise_binding(struct device *dev, void *data)
{
	struct ap_caused *caused = data;
	struct ap_queue *queue;
	u16 apqn;

	if (!is_ap_queue(dev))
		return 0;
	queue = to_ap_queue(dev);
	apqn = queue->public.apqn;
	if (!ap_queue_is_misbound(queue))
		return 0;
	if (READ_ONCE(dev->driver) || ap_clean_is_clean(apqn))
		ap_caused_add(caused, apqn);
	ap_release_misbound(queue);
	ap_clean_offer(apqn);
	return 0;
}

static void send_mask_uevent(enum ap_which_mask which)
{
	char text[AP_MASK_TEXT_SIZE], variable[AP_MASK_TEXT_SIZE + 16];
	struct ap_mask mask;

	spin_lock(&owners_lock);
	mask = masks[which];
	spin_unlock(&owners_lock);
	ap_mask_format(&mask, text);
	/* The newline is upstream's; programs have learnt to expect it. */
	snprintf(variable, sizeof(variable), "%s=%s\n",
		 which == AP_APMASK ? "APMASK" : "AQMASK", text);
	ap_send_uevent(ap_root, variable);
}

static int change_mask_and_settle(enum ap_which_mask which, const char *text)
{
	struct ap_caused caused;
	unsigned long began;
	int ret;

	ret = ap_caused_init(&caused);
	if (ret)
		return ret;
	if (mutex_lock_interruptible(&ap_perms_mutex)) {
		ret = -ERESTARTSYS;
	} else {
		ret = change_mask(which, text);
		mutex_unlock(&ap_perms_mutex);
	}
	if (ret > 0) {
		began = jiffies;
		bus_for_each_dev(&ap_bus, NULL, &caused, revise_binding);
		ap_settle(&caused, began);
		send_mask_uevent(which);
	}
	ap_caused_free(&caused);
	return ret;
}

/* A relative text as long as the buffer of sysfs has been cut off by it. */
static bool may_be_cut(const char *text, size_t count)
{
	return count >= PAGE_SIZE && (*text == '+' || *text == '-');
}

ssize_t ap_mask_store(enum ap_which_mask which, const char *text, size_t count)
{
	int ret = may_be_cut(text, count) ? -EINVAL : change_mask_and_settle(which, text);

	return ret < 0 ? ret : count;
}

ssize_t ap_override_show(struct ap_queue *queue, char *buf)
{
	ssize_t len;

	spin_lock(&owners_lock);
	len = sysfs_emit(buf, "%s\n", queue->override ?: "");
	spin_unlock(&owners_lock);
	return len;
}

/* Return what was there before, to be freed. */
static char *exchange_override(struct ap_queue *queue, char *name)
{
	char *before;

	spin_lock(&owners_lock);
	before = queue->override;
	queue->override = name;
	WRITE_ONCE(n_overrides, n_overrides + !!name - !!before);
	spin_unlock(&owners_lock);
	return before;
}

/* @name: NULL for none; taken over on success. */
static int set_override(struct ap_queue *queue, char *name)
{
	struct ap_mask all = all_ones(), apm = AP_MASK_EMPTY, aqm = AP_MASK_EMPTY;
	u16 apqn = queue->public.apqn;

	lockdep_assert_held(&ap_perms_mutex);
	if (!ap_mask_equal(&masks[AP_APMASK], &all) || !ap_mask_equal(&masks[AP_AQMASK], &all))
		return -EINVAL;
	ap_mask_set(&apm, AP_APQN_APID(apqn));
	ap_mask_set(&aqm, AP_APQN_APQI(apqn));
	if (!host_owns_apqn(apqn) && (!name || names_default_driver(name)) &&
	    ap_drivers_in_use(&apm, &aqm))
		return -EBUSY;
	kfree(exchange_override(queue, name));
	return 0;
}

ssize_t ap_override_store(struct ap_queue *queue, const char *buf, size_t count)
{
	char *name = NULL;
	int ret;

	if (*buf && *buf != '\n') {
		name = kstrndup(buf, strcspn(buf, "\n"), GFP_KERNEL);
		if (!name)
			return -ENOMEM;
	}
	if (mutex_lock_interruptible(&ap_perms_mutex)) {
		ret = -ERESTARTSYS;
	} else {
		ret = set_override(queue, name);
		mutex_unlock(&ap_perms_mutex);
	}
	if (ret)
		kfree(name);
	return ret ?: count;
}

void ap_override_drop(struct ap_queue *queue)
{
	kfree(exchange_override(queue, NULL));
}
