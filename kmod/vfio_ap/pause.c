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
 * @node: in the list, as long as it is armed
 * @name: its name
 * @armed: not yet released
 * @waiting: somebody waits there; he frees a released point
 */
struct point {
	struct list_head node;
	char name[NAME_SIZE];
	bool armed;
	bool waiting;
};

static DEFINE_SPINLOCK(lock);
static LIST_HEAD(points);
static DECLARE_WAIT_QUEUE_HEAD(released);
static struct dentry *directory;

/* The point at which the loading of the module shall wait: there is no debugfs file yet. */
static char *pause_load;
module_param_named(pause, pause_load, charp, 0);
MODULE_PARM_DESC(pause, "name of a pause point to arm");

static struct point *point_find(const char *name)
{
	struct point *point;

	list_for_each_entry(point, &points, node)
		if (!strcmp(point->name, name))
			return point;
	return NULL;
}

static struct point *wait_begin(const char *name)
{
	struct point *point;

	spin_lock(&lock);
	point = point_find(name);
	if (point && point->waiting)
		point = NULL;
	if (point)
		point->waiting = true;
	spin_unlock(&lock);
	return point;
}

static void wait_end(struct point *point)
{
	bool released;

	spin_lock(&lock);
	point->waiting = false;
	released = !point->armed;
	spin_unlock(&lock);
	if (released)
		kfree(point);
}

/* The first one who comes here waits as long as the point is armed; others pass. */
void vfio_ap_pause(const char *name)
{
	struct point *point = wait_begin(name);

	if (!point)
		return;
	wait_event_timeout(released, !READ_ONCE(point->armed), LONGEST_PAUSE);
	wait_end(point);
}

static int point_arm(const char *name)
{
	struct point *point = kzalloc(sizeof(*point), GFP_KERNEL);

	if (!point)
		return -ENOMEM;
	strscpy(point->name, name, sizeof(point->name));
	point->armed = true;
	spin_lock(&lock);
	if (!point_find(name)) {
		list_add(&point->node, &points);
		point = NULL;
	}
	spin_unlock(&lock);
	kfree(point);
	return 0;
}

static int point_release(const char *name)
{
	struct point *point;
	bool unused = false;

	spin_lock(&lock);
	point = point_find(name);
	if (point) {
		list_del(&point->node);
		WRITE_ONCE(point->armed, false);
		unused = !point->waiting;
	}
	spin_unlock(&lock);
	if (!point)
		return -ENOENT;
	if (unused)
		kfree(point);
	wake_up_all(&released);
	return 0;
}

static int name_get(const char __user *buf, size_t count, char *name)
{
	if (count >= NAME_SIZE)
		return -EINVAL;
	if (copy_from_user(name, buf, count))
		return -EFAULT;
	name[count] = 0;
	return 0;
}

static ssize_t arm_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	char name[NAME_SIZE];
	int ret;

	ret = name_get(buf, count, name);
	if (!ret)
		ret = point_arm(strim(name));
	return ret ? ret : count;
}

static ssize_t release_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	char name[NAME_SIZE];
	int ret;

	ret = name_get(buf, count, name);
	if (!ret)
		ret = point_release(strim(name));
	return ret ? ret : count;
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
	int ret;

	directory = debugfs_create_dir("vfio_ap", NULL);
	pause = debugfs_create_dir("pause", directory);
	debugfs_create_file("arm", 0200, pause, NULL, &arm_fops);
	debugfs_create_file("release", 0200, pause, NULL, &release_fops);
	debugfs_create_file("waiting", 0400, pause, NULL, &waiting_fops);
	ret = pause_load ? point_arm(pause_load) : 0;
	if (ret)
		debugfs_remove_recursive(directory);
	return ret;
}

void vfio_ap_pause_stop(void)
{
	struct point *point, *next;

	debugfs_remove_recursive(directory);
	list_for_each_entry_safe(point, next, &points, node)
		kfree(point);
}
