// SPDX-License-Identifier: GPL-2.0
/*
 * debugfs: ap_sim/guests/ID/, one directory for each facility.
 *
 * A directory goes away first when its facility is released, and debugfs waits for
 * the readers, so nothing here can meet a facility that is torn down.
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>

#include "guest.h"
#include "instruction_log.h"

static struct dentry *guests_dir;

static void show_mask(struct seq_file *s, const char *name, const struct ap_mask *m)
{
	seq_printf(s, "%s 0x%016llx%016llx%016llx%016llx\n", name, m->w[0], m->w[1], m->w[2],
		   m->w[3]);
}

static void show_matrix(struct seq_file *s, const struct ap_matrix *matrix)
{
	show_mask(s, "apm", &matrix->apm);
	show_mask(s, "aqm", &matrix->aqm);
	show_mask(s, "adm", &matrix->adm);
}

static int masks_show(struct seq_file *s, void *unused)
{
	struct ap_facility *facility = s->private;
	struct ap_matrix apcb;

	ap_sie_effective(&facility->guest->sie, &apcb);
	show_matrix(s, &apcb);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(masks);

/* The masks that were set, whether there is a hook or not. */
static int apcb_show(struct seq_file *s, void *unused)
{
	struct ap_facility *facility = s->private;
	struct ap_sie *sie = &facility->guest->sie;
	struct ap_matrix apcb;

	spin_lock(&sie->lock);
	apcb = sie->apcb;
	spin_unlock(&sie->lock);
	show_matrix(s, &apcb);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(apcb);

static int vcpus_show(struct seq_file *s, void *unused)
{
	static const char * const states[] = {
		[AP_VCPU_OUT] = "out",
		[AP_VCPU_IN_SIE] = "sie",
		[AP_VCPU_INTERCEPTED] = "aqic",
	};
	struct ap_facility *facility = s->private;
	struct ap_vcpu *part;
	unsigned long id;

	seq_puts(s, "vcpu executed kicked flags state\n");
	xa_for_each(&facility->vcpus, id, part)
		seq_printf(s, "%u %llu %llu 0x%x %s\n", part->id, READ_ONCE(part->executed),
			   READ_ONCE(part->kicked), READ_ONCE(part->flags),
			   states[READ_ONCE(part->state)]);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(vcpus);

static int interrupts_show(struct seq_file *s, void *unused)
{
	struct ap_facility *facility = s->private;
	int isc;

	for (isc = 0; isc < 8; isc++)
		seq_printf(s, "%d %llu\n", isc,
			   ap_interrupts_count(facility->guest->interrupts, isc));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(interrupts);

static int pid_show(struct seq_file *s, void *unused)
{
	struct ap_facility *facility = s->private;

	seq_printf(s, "%d\n", facility->pid);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(pid);

static int slow_ms_get(void *data, u64 *ms)
{
	struct ap_facility *facility = data;

	*ms = facility->slow_ms;
	return 0;
}

static int slow_ms_set(void *data, u64 ms)
{
	struct ap_facility *facility = data;

	if (ms > U32_MAX)
		return -ERANGE;
	WRITE_ONCE(facility->slow_ms, ms);
	wake_up_all(&facility->guest->sie.wait);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(slow_ms_fops, slow_ms_get, slow_ms_set, "%llu\n");

static int slow_aqic_ms_get(void *data, u64 *ms)
{
	struct ap_facility *facility = data;

	*ms = facility->slow_aqic_ms;
	return 0;
}

static int slow_aqic_ms_set(void *data, u64 ms)
{
	struct ap_facility *facility = data;

	if (ms > U32_MAX)
		return -ERANGE;
	WRITE_ONCE(facility->slow_aqic_ms, ms);
	wake_up_all(&facility->guest->sie.wait);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(slow_aqic_ms_fops, slow_aqic_ms_get, slow_aqic_ms_set, "%llu\n");

void ap_facility_debug_add(struct ap_facility *facility)
{
	struct dentry *dir;
	char name[24];

	snprintf(name, sizeof(name), "%llu", facility->id);
	dir = debugfs_create_dir(name, guests_dir);
	debugfs_create_file("masks", 0400, dir, facility, &masks_fops);
	debugfs_create_file("apcb", 0400, dir, facility, &apcb_fops);
	debugfs_create_file("vcpus", 0400, dir, facility, &vcpus_fops);
	debugfs_create_file("interrupts", 0400, dir, facility, &interrupts_fops);
	debugfs_create_file("pid", 0400, dir, facility, &pid_fops);
	debugfs_create_atomic_t("updates", 0400, dir, &facility->updates);
	debugfs_create_file_unsafe("slow_ms", 0600, dir, facility, &slow_ms_fops);
	debugfs_create_file_unsafe("slow_aqic_ms", 0600, dir, facility, &slow_aqic_ms_fops);
	facility->debugfs = dir;
}

void ap_facility_debug_remove(struct ap_facility *facility)
{
	debugfs_remove(facility->debugfs);
	facility->debugfs = NULL;
}

void ap_guest_debug_init(void)
{
	guests_dir = debugfs_create_dir("guests", ap_sim_debugfs);
	debugfs_create_atomic_t("interrupts_held", 0400, ap_sim_debugfs, &ap_interrupts_held);
	debugfs_create_atomic_t("shared_queues", 0400, ap_sim_debugfs, &ap_shared_queues);
	debugfs_create_atomic_t("needless_updates", 0400, ap_sim_debugfs, &ap_needless_updates);
}

void ap_guest_debug_exit(void)
{
	debugfs_remove(guests_dir);
}
