// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/slab.h>

#include "card_queue.h"
#include "machine_directory.h"

/**
 * struct queue_directory - a directory with the knobs of a queue
 * @group: the directory
 * @queue: the queue inside the card
 */
struct queue_directory {
	struct config_group group;
	struct ap_card_queue *queue;
};

static struct ap_card_queue *queue_of(struct config_item *item)
{
	return container_of(to_config_group(item), struct queue_directory, group)->queue;
}

static struct ap_queue_faults read_faults(struct config_item *item)
{
	struct ap_card_queue *queue = queue_of(item);
	struct ap_queue_faults faults;
	unsigned long flags;

	spin_lock_irqsave(&queue->lock, flags);
	ap_card_queue_advance(queue);
	faults = queue->faults;
	spin_unlock_irqrestore(&queue->lock, flags);
	return faults;
}

/* What was over before the change remains over. */
static void change_fault(struct config_item *item, size_t offset, const void *value, size_t size)
{
	struct ap_card_queue *queue = queue_of(item);
	unsigned long flags;

	spin_lock_irqsave(&queue->lock, flags);
	ap_card_queue_advance(queue);
	memcpy((void *)&queue->faults + offset, value, size);
	ap_card_queue_advance(queue);
	ap_interrupt_arm(queue);
	spin_unlock_irqrestore(&queue->lock, flags);
}

#define CHANGE_FAULT(item, member, value) \
	change_fault(item, offsetof(struct ap_queue_faults, member), value, sizeof(*(value)))

#define MILLISECONDS_KNOB(name)							\
static ssize_t queue_##name##_show(struct config_item *item, char *page)	\
{										\
	return sysfs_emit(page, "%u\n", read_faults(item).name);		\
}										\
										\
static ssize_t queue_##name##_store(struct config_item *item, const char *page,	\
				    size_t count)				\
{										\
	unsigned int ms;							\
	int ret = kstrtouint(page, 0, &ms);					\
										\
	if (ret)								\
		return ret;							\
	CHANGE_FAULT(item, name, &ms);						\
	return count;								\
}										\
CONFIGFS_ATTR(queue_, name)

MILLISECONDS_KNOB(reset_ms);
MILLISECONDS_KNOB(aqic_ms);
MILLISECONDS_KNOB(message_ms);

static ssize_t queue_stuck_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%d\n", read_faults(item).stuck);
}

static ssize_t queue_stuck_store(struct config_item *item, const char *page, size_t count)
{
	bool stuck;
	int ret = kstrtobool(page, &stuck);

	if (ret)
		return ret;
	CHANGE_FAULT(item, stuck, &stuck);
	return count;
}
CONFIGFS_ATTR(queue_, stuck);

static ssize_t show_override(char *page, struct ap_rc_override override)
{
	if (!override.left)
		return sysfs_emit(page, "none\n");
	if (override.left == AP_FOREVER)
		return sysfs_emit(page, "0x%02x\n", override.rc);
	return sysfs_emit(page, "0x%02x %u\n", override.rc, override.left);
}

/* "none", or a response code and perhaps how many times it is answered. */
static int parse_override(const char *page, unsigned int least, struct ap_rc_override *override)
{
	unsigned long long left = AP_FOREVER;
	long long rc;
	int end = 0, n;

	if (sysfs_streq(page, "none")) {
		*override = (struct ap_rc_override){};
		return 0;
	}
	n = sscanf(page, "%lli %n%llu %n", &rc, &end, &left, &end);
	if (n < 1 || page[end] || rc < least || rc > U8_MAX || left > AP_FOREVER)
		return -EINVAL;
	*override = (struct ap_rc_override){ .rc = rc, .left = left };
	return 0;
}

#define OVERRIDE_KNOB(name, member, least)					\
static ssize_t queue_##name##_show(struct config_item *item, char *page)	\
{										\
	return show_override(page, read_faults(item).member);			\
}										\
										\
static ssize_t queue_##name##_store(struct config_item *item, const char *page,	\
				    size_t count)				\
{										\
	struct ap_rc_override override;						\
	int ret = parse_override(page, least, &override);			\
										\
	if (ret)								\
		return ret;							\
	CHANGE_FAULT(item, member, &override);					\
	return count;								\
}										\
CONFIGFS_ATTR(queue_, name)

OVERRIDE_KNOB(rc_tapq, rc[AP_TAPQ], AP_RC_Q_NOT_AVAIL);
OVERRIDE_KNOB(rc_rapq, rc[AP_RAPQ], AP_RC_Q_NOT_AVAIL);
OVERRIDE_KNOB(rc_zapq, rc[AP_ZAPQ], AP_RC_Q_NOT_AVAIL);
OVERRIDE_KNOB(rc_aqic, rc[AP_AQIC], AP_RC_Q_NOT_AVAIL);
OVERRIDE_KNOB(rc_nqap, rc[AP_NQAP], AP_RC_Q_NOT_AVAIL);
OVERRIDE_KNOB(rc_dqap, rc[AP_DQAP], AP_RC_Q_NOT_AVAIL);
OVERRIDE_KNOB(async_error, async, AP_RC_NORMAL);

static struct configfs_attribute *queue_attrs[] = {
	&queue_attr_reset_ms,
	&queue_attr_stuck,
	&queue_attr_aqic_ms,
	&queue_attr_message_ms,
	&queue_attr_rc_tapq,
	&queue_attr_rc_rapq,
	&queue_attr_rc_zapq,
	&queue_attr_rc_aqic,
	&queue_attr_rc_nqap,
	&queue_attr_rc_dqap,
	&queue_attr_async_error,
	NULL,
};

/* Without its directory a queue has no faults. */
static void release_queue(struct config_item *item)
{
	struct ap_queue_faults faults = ap_no_faults();

	change_fault(item, 0, &faults, sizeof(faults));
	kfree(container_of(to_config_group(item), struct queue_directory, group));
}

static struct configfs_item_operations queue_ops = {
	.release = release_queue,
};

static const struct config_item_type queue_type = {
	.ct_item_ops = &queue_ops,
	.ct_attrs = queue_attrs,
	.ct_owner = THIS_MODULE,
};

struct config_group *ap_configfs_make_queue(u16 apqn)
{
	struct queue_directory *directory = kzalloc(sizeof(*directory), GFP_KERNEL);
	char name[8];

	if (!directory)
		return ERR_PTR(-ENOMEM);
	directory->queue = ap_card_queue_create(apqn);
	if (!directory->queue) {
		kfree(directory);
		return ERR_PTR(-ENOMEM);
	}
	snprintf(name, sizeof(name), "%04x", AP_APQN_APQI(apqn));
	config_group_init_type_name(&directory->group, name, &queue_type);
	return &directory->group;
}
