// SPDX-License-Identifier: GPL-2.0
/*
 * The files matrix and guest_matrix.
 *
 * One read(2) returns a page at most, and 65536 queues need 128 of them. So that a
 * reader sees one state from the first line to the last one, a read at offset 0 takes
 * a snapshot, and reads further on are answered from it. A snapshot is two masks, so
 * some may be left behind by readers who did not read to the end.
 *
 * The open file has the number of its pass, in the private pointer that kernfs keeps for
 * the owner of a file, and that is NULL when the file is opened. The address of the open
 * file would not do: the next one who opens may be given the same.
 */
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/kernfs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "config_text.h"
#include "defect.h"
#include "locks.h"
#include "matrix_file.h"
#include "mdev.h"

/* When more read at once, the one who has not read for the longest time has to start over. */
#define MAX_PASSES	64

/**
 * struct pass - one pass of a reader through a file
 * @node: in the list
 * @number: of this pass; none has it twice
 * @matrix: what the reader sees
 */
struct pass {
	struct list_head node;
	unsigned long number;
	struct ap_matrix matrix;
};

void vfio_ap_passes_init(struct vfio_ap_passes *passes)
{
	mutex_init(&passes->lock);
	INIT_LIST_HEAD(&passes->list);
}

void vfio_ap_passes_free(struct vfio_ap_passes *passes)
{
	struct pass *pass, *next;

	list_for_each_entry_safe(pass, next, &passes->list, node)
		kfree(pass);
	mutex_destroy(&passes->lock);
}

/* Where an open file has the number of its pass; sysfs lets one read of it in at a time. */
static void **pass_number(const struct file *file)
{
	const struct seq_file *seq = file->private_data;
	struct kernfs_open_file *open_file = seq->private;

	return &open_file->priv;
}

static struct pass *pass_find(struct vfio_ap_passes *passes, const struct file *file)
{
	unsigned long number = (unsigned long)*pass_number(file);
	struct pass *pass;

	list_for_each_entry(pass, &passes->list, node)
		if (pass->number == number)
			return pass;
	return NULL;
}

static struct pass *pass_new(struct vfio_ap_passes *passes)
{
	struct pass *pass;

	if (passes->count == MAX_PASSES)
		return list_last_entry(&passes->list, struct pass, node);
	pass = kzalloc(sizeof(*pass), GFP_KERNEL);
	if (!pass)
		return NULL;
	passes->count++;
	list_add(&pass->node, &passes->list);
	return pass;
}

/* With passes->lock held: start a pass, or start it over. */
static int pass_begin(struct vfio_ap_passes *passes, const struct file *file,
		      const struct ap_matrix *matrix)
{
	struct pass *pass = pass_find(passes, file);

	if (!pass)
		pass = pass_new(passes);
	if (!pass)
		return -ENOMEM;
	pass->number = ++passes->last_number;
	*pass_number(file) = (void *)pass->number;
	pass->matrix = *matrix;
	list_move(&pass->node, &passes->list);
	return 0;
}

/* With passes->lock held: what the reader saw at the start of his pass. */
static int pass_continue(struct vfio_ap_passes *passes, const struct file *file,
			 struct ap_matrix *matrix)
{
	struct pass *pass = pass_find(passes, file);

	if (!pass)
		return -ESTALE;
	*matrix = pass->matrix;
	list_move(&pass->node, &passes->list);
	return 0;
}

static ssize_t read_pass(struct vfio_ap_mdev *mdev, const struct file *file,
			 struct ap_matrix *matrix, char *buf, loff_t offset, size_t size)
{
	struct vfio_ap_passes *passes = &mdev->passes;
	int ret;

	mutex_lock(&passes->lock);
	if (offset)
		ret = pass_continue(passes, file, matrix);
	else
		ret = pass_begin(passes, file, matrix);
	mutex_unlock(&passes->lock);
	if (ret)
		return DEFECT(F15) ? 0 : ret;
	return config_read_matrix(matrix, offset, buf, size);
}

static ssize_t matrix_read(struct file *file, struct kobject *kobj, struct bin_attribute *attr,
			   char *buf, loff_t offset, size_t size)
{
	struct vfio_ap_mdev *mdev = dev_get_drvdata(kobj_to_dev(kobj));
	struct ap_matrix matrix;

	state_lock();
	matrix = mdev->matrix;
	state_unlock();
	return read_pass(mdev, file, &matrix, buf, offset, size);
}
static BIN_ATTR_RO(matrix, MATRIX_TEXT_SIZE);

static ssize_t guest_matrix_read(struct file *file, struct kobject *kobj,
				 struct bin_attribute *attr, char *buf, loff_t offset, size_t size)
{
	struct vfio_ap_mdev *mdev = dev_get_drvdata(kobj_to_dev(kobj));
	struct ap_matrix matrix;

	state_lock();
	matrix = mdev->shadow;
	state_unlock();
	return read_pass(mdev, file, &matrix, buf, offset, size);
}
static BIN_ATTR_RO(guest_matrix, MATRIX_TEXT_SIZE);

struct bin_attribute *vfio_ap_matrix_files[] = {
	&bin_attr_matrix,
	&bin_attr_guest_matrix,
	NULL,
};
