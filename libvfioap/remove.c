// SPDX-License-Identifier: LGPL-2.1-or-later
#include "remove.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "change.h"
#include "cleanup.h"
#include "device.h"
#include "error.h"
#include "naming.h"
#include "owner.h"
#include "plan.h"
#include "predict.h"
#include "sysfs.h"

/* How long a device that nobody uses may take: its queues are reset. */
#define UNDO_TIMEOUT 10000
/* How often a device that somebody else removes is looked at, in milliseconds. */
#define INTERVAL 100

/*
 * In the child. Only async-signal-safe functions: another thread of the program may have
 * held any lock when it forked.
 */
static void become_detached(int remove_fd, int result_fd)
{
	int null = open("/dev/null", O_RDWR);
	sigset_t all;

	/* a program without standard streams has other files at their numbers */
	remove_fd = fcntl(remove_fd, F_DUPFD, STDERR_FILENO + 1);
	result_fd = fcntl(result_fd, F_DUPFD, STDERR_FILENO + 1);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	setsid();
	if (chdir("/"))
		_exit(1);
	/* whoever reads the program's output must not wait for this process */
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	dup2(remove_fd, STDIN_FILENO);
	dup2(result_fd, STDOUT_FILENO);
	syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0);
}

static void write_remove(void)
{
	int result = write(STDIN_FILENO, "1", 1) == 1 ? 0 : errno;

	if (write(STDOUT_FILENO, &result, sizeof(result)) < 0)
		_exit(1);
	_exit(0);
}

/*
 * Start the process that writes "remove": a child of a child, so that nobody has to
 * collect it. The result is read from *result_fd.
 */
static int start_remover(int remove_fd, int *result_fd)
{
	int pipe_fds[2];
	pid_t pid;

	if (pipe2(pipe_fds, O_CLOEXEC))
		return -errno;
	pid = _Fork();
	if (pid < 0) {
		int rc = -errno;

		close(pipe_fds[0]);
		close(pipe_fds[1]);
		return rc;
	}
	if (!pid) {
		become_detached(remove_fd, pipe_fds[1]);
		if (_Fork() == 0)
			write_remove();
		_exit(0);
	}
	close(pipe_fds[1]);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	*result_fd = pipe_fds[0];
	return 0;
}

/* What the kernel answered to the write of "remove". */
static int read_result(int result_fd)
{
	int result;

	if (read(result_fd, &result, sizeof(result)) != (ssize_t)sizeof(result))
		return -EIO;
	return -result;
}

/* 0 when the device is gone; -ETIMEDOUT, -ECANCELED, -EINTR; or the kernel's errno. */
static int wait_for_remover(struct wait *wait, int result_fd)
{
	struct pollfd pollfd = { .fd = result_fd, .events = POLLIN };

	for (;;) {
		int slice = wait_next(wait, 250);
		int rc;

		rc = poll(&pollfd, 1, slice > 0 ? slice : 0);
		if (rc > 0)
			return read_result(result_fd);
		if (rc < 0)
			return -errno;
		if (slice <= 0)
			return slice ? slice : -ETIMEDOUT;
	}
}

static bool exists(const struct vfioap_ctx *ctx, const char *uuid)
{
	_cleanup_text_ char *path = device_path(uuid, NULL);

	return !path || sysfs_exists(ctx, path);
}

/* The kernel tells nobody but the writer of "remove" when it is done. */
static int wait_until_gone(struct wait *wait, const char *uuid)
{
	int rc = 0;

	while (!rc && exists(wait->ctx, uuid))
		rc = wait_pause(wait, INTERVAL);
	return rc;
}

static int open_and_start(const struct vfioap_ctx *ctx, const char *path, int *result_fd)
{
	_cleanup_fd_ int remove_fd = sysfs_open(ctx, path, O_WRONLY);

	ctx_log(ctx, VFIOAP_LOG_INFO, "write %s 1", path);
	return remove_fd < 0 ? remove_fd : start_remover(remove_fd, result_fd);
}

static int finish(struct wait *wait, const char *uuid, int result_fd)
{
	int rc = wait_for_remover(wait, result_fd);

	/* somebody else is removing it: the aim is the same */
	if (rc == -ENODEV || rc == -EAGAIN)
		rc = wait_until_gone(wait, uuid);
	return rc;
}

int remove_now(const struct vfioap_ctx *ctx, const char *uuid, struct vfioap_error **error)
{
	_cleanup_text_ char *path = device_path(uuid, "remove");
	_cleanup_fd_ int result_fd = -1;
	struct wait wait;
	int rc;

	if (!path)
		return error_no_memory(error);
	if (!exists(ctx, uuid))
		return 0;
	wait_start(&wait, ctx, "removing the device again", UNDO_TIMEOUT);
	rc = open_and_start(ctx, path, &result_fd);
	if (!rc)
		rc = finish(&wait, uuid, result_fd);
	return rc ? error_from_errno(error, -rc, "device %s is left", uuid) : 0;
}

static int in_use(const struct vfioap_device *device, struct vfioap_error **error)
{
	_cleanup_text_ char *path = device_path(device->uuid, "remove");
	const struct vfioap_owner *user = device->num_users ? device->users[0] : NULL;
	char who[OWNER_TEXT_SIZE] = "somebody";
	int rc;

	if (user)
		owner_describe(user, who);
	if (device->state == VFIOAP_DEVICE_REMOVING)
		rc = error_fail(error, VFIOAP_BUSY, EBUSY,
				"device %s is being removed, but still used by %s", device->uuid,
				who);
	else
		rc = error_fail(error, VFIOAP_BUSY, EBUSY, "device %s is used by %s", device->uuid,
				who);
	error_at(error, "remove", path);
	error_whose(error, user);
	error_hint(error, "vfioap-ctl remove %s --wait", device->uuid);
	return rc;
}

/* Who uses the device now; NULL if that cannot be found out. */
static struct vfioap_host *look_again(struct vfioap_plan *plan, const struct vfioap_step *step,
				      const struct vfioap_device **device)
{
	struct vfioap_host *host;

	*device = NULL;
	if (vfioap_host_read(plan->ctx, VFIOAP_READ_DEVICES | VFIOAP_READ_USERS, &host, NULL))
		return NULL;
	*device = device_find(host, step->uuid);
	return host;
}

static int waiting_failed(struct vfioap_plan *plan, const struct vfioap_step *step, int rc,
			  struct vfioap_error **error)
{
	const struct vfioap_device *device;
	struct vfioap_host *host = look_again(plan, step, &device);
	char who[OWNER_TEXT_SIZE] = "its user";

	if (device && device->num_users)
		owner_describe(device->users[0], who);
	if (rc == -ETIMEDOUT)
		error_fail(error, VFIOAP_TIMEOUT, ETIMEDOUT,
			   "device %s is still being removed after %u s: %s has not let go of it",
			   step->uuid, step->timeout / 1000, who);
	else
		error_from_errno(error, -rc, "waiting for %s to let go of device %s", who,
				 step->uuid);
	if (device && device->num_users)
		error_whose(error, device->users[0]);
	error_at(error, step->operation, step->path);
	vfioap_host_free(host);
	return rc;
}

/* A guest may have opened the device since the plan was made. */
static int check_unused(struct vfioap_plan *plan, const struct vfioap_step *step,
			struct vfioap_error **error)
{
	const struct vfioap_device *device;
	struct vfioap_host *host;
	int rc = 0;

	if (step->flags)
		return 0;
	host = look_again(plan, step, &device);
	if (device && device->state != VFIOAP_DEVICE_IDLE)
		rc = in_use(device, error);
	vfioap_host_free(host);
	return rc;
}

static int remove_failed(const struct vfioap_step *step, int rc, struct vfioap_error **error)
{
	rc = error_from_errno(error, -rc, "cannot remove device %s", step->uuid);
	error_at(error, step->operation, step->path);
	return rc;
}

static int remove_run(struct vfioap_plan *plan, struct vfioap_step *step,
		      struct vfioap_error **error)
{
	_cleanup_fd_ int result_fd = -1;
	struct wait wait;
	int rc;

	rc = check_unused(plan, step, error);
	if (rc)
		return rc;
	rc = open_and_start(plan->ctx, step->path, &result_fd);
	if (rc)
		return remove_failed(step, rc, error);
	plan_release_lock(plan, step);
	wait_start(&wait, plan->ctx, "waiting for the device's user to let go", step->timeout);
	rc = finish(&wait, step->uuid, result_fd);
	step->pending = rc == -ETIMEDOUT || rc == -EINTR || rc == -ECANCELED;
	if (step->pending)
		return waiting_failed(plan, step, rc, error);
	if (rc)
		return remove_failed(step, rc, error);
	step->done = !exists(plan->ctx, step->uuid);
	return step->done ? 0 : step_without_effect(step, NULL, error);
}

/* A removed device can be made again, but its guest does not get it back. */
static int remove_undo(struct vfioap_plan *plan, struct vfioap_step *step,
		       struct vfioap_error **error)
{
	if (exists(plan->ctx, step->uuid))
		return error_fail(error, VFIOAP_BUSY, EBUSY, "device %s is still being removed",
				  step->uuid);
	return change_recreate(plan, step->uuid, &step->before, error);
}

static int wait_run(struct vfioap_plan *plan, struct vfioap_step *step,
		    struct vfioap_error **error)
{
	struct wait wait;
	int rc;

	plan_release_lock(plan, step);
	wait_start(&wait, plan->ctx, "waiting for the device's user to let go", step->timeout);
	rc = wait_until_gone(&wait, step->uuid);
	return rc ? waiting_failed(plan, step, rc, error) : 0;
}

static const struct step_class remove_class = { remove_run, remove_undo };
static const struct step_class wait_class = { wait_run, NULL };

static int add_remove_step(struct vfioap_plan *plan, const struct vfioap_device *device,
			   unsigned int flags, unsigned int timeout)
{
	bool removing = device->state == VFIOAP_DEVICE_REMOVING;
	char *path = removing ? NULL : device_path(device->uuid, "remove");
	struct vfioap_step *step;

	if (removing)
		step = plan_add_step(plan, &wait_class, "wait", NULL, device->uuid);
	else
		step = path ? plan_add_step(plan, &remove_class, "remove", path, "1") : NULL;
	if (!step)
		return -ENOMEM;
	memcpy(step->uuid, device->uuid, sizeof(step->uuid));
	step->before = device->matrix;
	step->flags = flags;
	step->timeout = timeout;
	return 0;
}

/* Take the queues out of the running guest first. */
static int add_unplug_steps(struct vfioap_plan *plan, const struct vfioap_device *device,
			    unsigned int flags)
{
	const struct vfioap_matrix nothing = { 0 };

	if (!(flags & VFIOAP_REMOVE_FORCE) || device->state != VFIOAP_DEVICE_IN_USE)
		return 0;
	return change_add_steps(plan, device->uuid, device->has_config, false, &device->matrix,
				&nothing);
}

int vfioap_plan_remove(struct vfioap_plan *plan, const char *text, unsigned int flags,
		       unsigned int timeout, struct vfioap_error **error)
{
	struct vfioap_device *device;
	char uuid[VFIOAP_UUID_SIZE];
	size_t first = plan->num_steps;
	int rc;

	rc = plan_check_uuid(plan, text, uuid, error);
	if (rc)
		return rc;
	device = device_find(plan->after, uuid);
	if (!device)
		return 0;
	if (device->state != VFIOAP_DEVICE_IDLE && !flags)
		return in_use(device, error);
	if (add_unplug_steps(plan, device, flags) ||
	    add_remove_step(plan, device, flags, timeout)) {
		plan_drop_steps(plan, first);
		return error_no_memory(error);
	}
	rc = naming_forget_running(plan, uuid, error);
	if (rc) {
		plan_drop_steps(plan, first);
		return rc;
	}
	predict_remove(plan->after, device);
	return 0;
}
