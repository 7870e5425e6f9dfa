// SPDX-License-Identifier: GPL-2.0
/*
 * Pause points, for tests only.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include "pause.h"

/* Nobody waits longer, even if the test forgets to release. */
#define LONGEST_PAUSE	(60 * HZ)
#define NAME_SIZE	32

/**
 * struct point - an armed pause point
 * @node: in the list
 * @name: its name
 * @waiting: number of those who wait there
 */
struct point {
	struct list_head node;
	char name[NAME_SIZE];
	unsigned int waiting;
};

static DEFINE_SPINLOCK(lock);
static LIST_HEAD(points);
static DECLARE_WAIT_QUEUE_HEAD(released);
static struct dentry *directory;

static struct point *point_find(const char *name)
{
	struct point *point;

	list_for_each_entry(point, &points, node)
		if (!strcmp(point->name, name))
			return point;
	return NULL;
}

static bool is_armed(const char *name)
{
	bool armed;

	spin_lock(&lock);
	armed = point_find(name);
	spin_unlock(&lock);
	return armed;
}

static bool point_count(const char *name, int change)
{
	struct point *point;

	spin_lock(&lock);
	point = point_find(name);
	if (point)
		point->waiting += change;
	spin_unlock(&lock);
	return point;
}

/* Wait here as long as the point is armed. */
void vfio_ap_pause(const char *name)
{
	if (!point_count(name, 1))
		return;
	wait_event_timeout(released, !is_armed(name), LONGEST_PAUSE);
	point_count(name, -1);
}

static int name_get(const char __user *buf, size_t count, char *name)
{
	if (count >= NAME_SIZE)
		return -EINVAL;
	if (copy_from_user(name, buf, count))
		return -EFAULT;
	name[count] = 0;
	strim(name);
	return *name ? 0 : -EINVAL;
}

static ssize_t arm_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	struct point *point = kzalloc(sizeof(*point), GFP_KERNEL);
	int ret;

	if (!point)
		return -ENOMEM;
	ret = name_get(buf, count, point->name);
	spin_lock(&lock);
	if (!ret && !point_find(point->name)) {
		list_add(&point->node, &points);
		point = NULL;
	}
	spin_unlock(&lock);
	kfree(point);
	return ret ? ret : count;
}

static ssize_t release_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	struct point *point = NULL;
	char name[NAME_SIZE];
	int ret;

	ret = name_get(buf, count, name);
	if (ret)
		return ret;
	spin_lock(&lock);
	point = point_find(name);
	if (point)
		list_del(&point->node);
	spin_unlock(&lock);
	kfree(point);
	wake_up_all(&released);
	return point ? count : -ENOENT;
}

static int waiting_show(struct seq_file *s, void *unused)
{
	struct point *point;

	spin_lock(&lock);
	list_for_each_entry(point, &points, node)
		if (point->waiting)
			seq_printf(s, "%s\n", point->name);
	spin_unlock(&lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(waiting);

static const struct file_operations arm_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = arm_write,
};

static const struct file_operations release_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = release_write,
};

int vfio_ap_pause_start(void)
{
	struct dentry *pause;

	directory = debugfs_create_dir("vfio_ap", NULL);
	pause = debugfs_create_dir("pause", directory);
	debugfs_create_file("arm", 0200, pause, NULL, &arm_fops);
	debugfs_create_file("release", 0200, pause, NULL, &release_fops);
	debugfs_create_file("waiting", 0400, pause, NULL, &waiting_fops);
	return 0;
}

void vfio_ap_pause_stop(void)
{
	struct point *point, *next;

	debugfs_remove_recursive(directory);
	list_for_each_entry_safe(point, next, &points, node)
		kfree(point);
}
