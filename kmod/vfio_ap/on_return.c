// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel calls the release of a file whose last reference is dropped in a system call when the
 * thread is about to return to its program, and by then every function that it is in now has ended.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

#include "core_calls.h"
#include "on_return.h"

/* How long until a file is asked for again. */
#define FILE_RETRY		(HZ / 10)

/**
 * struct file_work - a worker gets a file, since he is not limited in files or memory as a VMM is
 * @work: the work
 * @name: of the file
 * @fops: its operations
 * @data: what they find as the private data
 * @file: what he gets
 */
struct file_work {
	struct work_struct work;
	const char *name;
	const struct file_operations *fops;
	void *data;
	struct file *file;
};

/* Only makes files, so nobody can keep it busy. */
static struct workqueue_struct *file_queue;

int vfio_ap_on_return_start(void)
{
	file_queue = alloc_workqueue("vfio_ap_file", WQ_UNBOUND, 0);
	return file_queue ? 0 : -ENOMEM;
}

void vfio_ap_on_return_stop(void)
{
	destroy_workqueue(file_queue);
}

static void file_work(struct work_struct *work)
{
	struct file_work *want = container_of(work, struct file_work, work);

	for (;;) {
		want->file = vfio_ap_core_file(want->name, want->fops, want->data);
		if (!IS_ERR(want->file))
			return;
		schedule_timeout_idle(FILE_RETRY);
	}
}

/**
 * vfio_ap_release_on_return - call the release of a file when the thread leaves the kernel
 * @name: of the file, which nobody can see
 * @fops: the release is all that is called; with the owner, so that the module stays until then
 * @data: what it finds as the private data
 *
 * In a system call, with no lock that memory may be wanted under. Waits until there is a file.
 */
void vfio_ap_release_on_return(const char *name, const struct file_operations *fops, void *data)
{
	struct file_work want = { .name = name, .fops = fops, .data = data };

	INIT_WORK_ONSTACK(&want.work, file_work);
	queue_work(file_queue, &want.work);
	flush_work(&want.work);
	destroy_work_on_stack(&want.work);
	fput(want.file);
}
