// SPDX-License-Identifier: GPL-2.0
#include <linux/debugfs.h>
#include <linux/ktime.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "instruction_log.h"

#define LOG_ENTRIES	4096

struct log_entry {
	u64 number;
	ktime_t time;
	struct ap_caller caller;
	enum ap_instruction instruction;
	u16 apqn;
	u32 status;
};

struct dentry *ap_sim_debugfs;

/* Nests inside everything: instructions take it with their queue's lock held. */
static DEFINE_SPINLOCK(log_lock);
static struct log_entry *entries;	/* log_lock: a ring */
static u64 n_logged;			/* log_lock: entries ever made */
static u64 first_kept;			/* log_lock: older ones were cleared */

static const char * const instruction_names[AP_INSTRUCTIONS] = {
	[AP_TAPQ] = "tapq",
	[AP_RAPQ] = "rapq",
	[AP_ZAPQ] = "zapq",
	[AP_AQIC] = "aqic",
	[AP_NQAP] = "nqap",
	[AP_DQAP] = "dqap",
};

void ap_log_instruction(const struct ap_caller *caller, enum ap_instruction instruction,
			u16 apqn, u32 status)
{
	struct log_entry *entry;
	unsigned long flags;

	if (instruction == AP_TAPQ && caller->kind != AP_CALLER_GUEST)
		return;
	spin_lock_irqsave(&log_lock, flags);
	entry = &entries[n_logged % LOG_ENTRIES];
	entry->number = n_logged++;
	entry->time = ktime_get();
	entry->caller = *caller;
	entry->instruction = instruction;
	entry->apqn = apqn;
	entry->status = status;
	spin_unlock_irqrestore(&log_lock, flags);
}

/* Copy the oldest entry that is not older than @number. False if there is none. */
static bool copy_entry(u64 number, struct log_entry *copy)
{
	unsigned long flags;
	bool found;

	spin_lock_irqsave(&log_lock, flags);
	number = max(number, first_kept);
	if (n_logged > LOG_ENTRIES)
		number = max(number, n_logged - LOG_ENTRIES);
	found = number < n_logged;
	if (found)
		*copy = entries[number % LOG_ENTRIES];
	spin_unlock_irqrestore(&log_lock, flags);
	return found;
}

static void *log_seq_start(struct seq_file *s, loff_t *pos)
{
	struct log_entry *entry = s->private;

	if (!copy_entry(*pos, entry))
		return NULL;
	*pos = entry->number;
	return entry;
}

static void *log_seq_next(struct seq_file *s, void *v, loff_t *pos)
{
	++*pos;
	return log_seq_start(s, pos);
}

static void log_seq_stop(struct seq_file *s, void *v)
{
}

static void show_caller(struct seq_file *s, const struct ap_caller *caller)
{
	switch (caller->kind) {
	case AP_CALLER_BUS:
		seq_puts(s, "bus");
		break;
	case AP_CALLER_DRIVER:
		seq_puts(s, "driver");
		break;
	case AP_CALLER_GUEST:
		seq_printf(s, "guest=%llu vcpu=%u", caller->owner, caller->vcpu_id);
		break;
	}
}

static int log_seq_show(struct seq_file *s, void *v)
{
	const struct log_entry *entry = v;

	seq_printf(s, "%llu %llu ", entry->number, ktime_to_us(entry->time));
	show_caller(s, &entry->caller);
	seq_printf(s, " %s %02x.%04x rc=%02x status=%08x\n",
		   instruction_names[entry->instruction], AP_APQN_APID(entry->apqn),
		   AP_APQN_APQI(entry->apqn), AP_STATUS_RC(entry->status), entry->status);
	return 0;
}

static const struct seq_operations log_seq_ops = {
	.start = log_seq_start,
	.next = log_seq_next,
	.stop = log_seq_stop,
	.show = log_seq_show,
};

static int log_open(struct inode *inode, struct file *file)
{
	return seq_open_private(file, &log_seq_ops, sizeof(struct log_entry));
}

/* Writing anything empties the log. */
static ssize_t log_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	unsigned long flags;

	spin_lock_irqsave(&log_lock, flags);
	first_kept = n_logged;
	spin_unlock_irqrestore(&log_lock, flags);
	return count;
}

static const struct file_operations log_fops = {
	.owner = THIS_MODULE,
	.open = log_open,
	.read = seq_read,
	.write = log_write,
	.llseek = seq_lseek,
	.release = seq_release_private,
};

/* One line for each queue: its APQN, then NAME=VALUE for each counter. */
static void show_counters(struct seq_file *s, struct ap_card_queue *queue)
{
	struct ap_queue_counters counters;
	unsigned long flags;
	unsigned int i;
	u64 owner;

	spin_lock_irqsave(&queue->lock, flags);
	ap_card_queue_advance(queue);
	counters = queue->counters;
	owner = queue->owner;
	spin_unlock_irqrestore(&queue->lock, flags);

	seq_printf(s, "%02x.%04x", AP_APQN_APID(queue->apqn), AP_APQN_APQI(queue->apqn));
	for (i = 0; i < AP_INSTRUCTIONS; i++)
		seq_printf(s, " %s=%llu", instruction_names[i], counters.executed[i]);
	seq_printf(s, " resets_started=%llu resets_completed=%llu messages=%llu replies=%llu",
		   counters.resets_started, counters.resets_completed,
		   counters.messages, counters.replies);
	seq_printf(s, " notifications=%llu violations=%llu premature=%llu owner=%llu\n",
		   counters.notifications, counters.violations, counters.premature, owner);
}

static int queues_show(struct seq_file *s, void *v)
{
	struct ap_card_queue *queue;
	unsigned long apqn;

	for_each_card_queue(apqn, queue)
		show_counters(s, queue);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(queues);

/* The sums over all queues: 0 unless isolation between guests failed. */
static struct ap_queue_counters sum_counters(void)
{
	struct ap_queue_counters sum = {};
	struct ap_card_queue *queue;
	unsigned long apqn, flags;

	for_each_card_queue(apqn, queue) {
		spin_lock_irqsave(&queue->lock, flags);
		sum.violations += queue->counters.violations;
		sum.premature += queue->counters.premature;
		spin_unlock_irqrestore(&queue->lock, flags);
	}
	return sum;
}

static int violations_show(struct seq_file *s, void *v)
{
	seq_printf(s, "%llu\n", sum_counters().violations);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(violations);

static int premature_show(struct seq_file *s, void *v)
{
	seq_printf(s, "%llu\n", sum_counters().premature);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(premature);

int ap_log_init(void)
{
	entries = kvcalloc(LOG_ENTRIES, sizeof(*entries), GFP_KERNEL);
	return entries ? 0 : -ENOMEM;
}

void ap_log_exit(void)
{
	kvfree(entries);
}

int ap_log_show(void)
{
	ap_sim_debugfs = debugfs_create_dir("ap_sim", NULL);
	debugfs_create_file("log", 0600, ap_sim_debugfs, NULL, &log_fops);
	debugfs_create_file("queues", 0400, ap_sim_debugfs, NULL, &queues_fops);
	debugfs_create_file("violations", 0400, ap_sim_debugfs, NULL, &violations_fops);
	debugfs_create_file("premature", 0400, ap_sim_debugfs, NULL, &premature_fops);
	return 0;
}

void ap_log_hide(void)
{
	debugfs_remove_recursive(ap_sim_debugfs);
}
