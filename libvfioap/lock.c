// SPDX-License-Identifier: LGPL-2.1-or-later
#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "error.h"
#include "owner.h"
#include "sysfs.h"
#include "user.h"

/* A pid and a newline; a longer file was made by nobody who follows the protocol. */
#define CONTENT_SIZE 32
/* An empty file may be a lock in the making for that many seconds. */
#define EMPTY_IS_STALE_AFTER 120
/* How often a held lock is looked at, in milliseconds. */
#define INTERVAL 30

/**
 * struct lock - the lock, held
 * @dir: the directory, kept open: it stays the same one whatever happens to its name
 */
struct lock {
	int dir;
};

/**
 * struct holder - what the lock file tells
 * @pid: of the owner; 0: not known
 * @inode: of the file, to recognise it
 */
struct holder {
	enum lock_state state;
	pid_t pid;
	dev_t device;
	ino_t inode;
};

/* The pid in a lock file: 0 if there is none, -1 if it is no lock file. */
static long parse_pid(const char *content)
{
	size_t digits = strspn(content, "0123456789");
	long pid;

	if (content[digits] && strcmp(content + digits, "\n"))
		return -1;
	if (digits > 10)
		return -1;
	pid = digits ? strtol(content, NULL, 10) : 0;
	/* init takes no locks, but its pid is always alive */
	return pid == 1 || pid > INT_MAX ? -1 : pid;
}

static enum lock_state judge_content(int fd, const struct stat *stat, struct holder *holder)
{
	char content[CONTENT_SIZE + 1];
	ssize_t n;
	long pid;

	if (stat->st_size > CONTENT_SIZE)
		return LOCK_FORGED;
	n = read(fd, content, CONTENT_SIZE);
	if (n < 0)
		return LOCK_FORGED;
	content[n] = '\0';
	if (strlen(content) != (size_t)n)
		return LOCK_FORGED;
	pid = parse_pid(content);
	if (pid < 0)
		return LOCK_FORGED;
	if (!pid)
		return time(NULL) - stat->st_mtime > EMPTY_IS_STALE_AFTER ? LOCK_STALE : LOCK_HELD;
	holder->pid = (pid_t)pid;
	return kill(holder->pid, 0) && errno == ESRCH ? LOCK_STALE : LOCK_HELD;
}

static bool is_trusted(const struct stat *stat)
{
	return S_ISREG(stat->st_mode) && (stat->st_uid == 0 || stat->st_uid == geteuid());
}

static enum lock_state judge(int dir, struct holder *holder)
{
	_cleanup_fd_ int fd = -1;
	struct stat stat;

	if (fstatat(dir, LOCK_NAME, &stat, AT_SYMLINK_NOFOLLOW))
		return LOCK_GONE;
	holder->device = stat.st_dev;
	holder->inode = stat.st_ino;
	if (!is_trusted(&stat))
		return LOCK_FORGED;
	fd = openat(dir, LOCK_NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? LOCK_GONE : LOCK_FORGED;
	if (fstat(fd, &stat))
		return LOCK_GONE;
	if (stat.st_dev != holder->device || stat.st_ino != holder->inode)
		return LOCK_GONE; /* another one by now */
	return judge_content(fd, &stat, holder);
}

enum lock_state lock_inspect(const struct vfioap_ctx *ctx)
{
	_cleanup_fd_ int dir = sysfs_open(ctx, PATH_LOCK, O_RDONLY | O_DIRECTORY);
	struct holder holder = { 0 };

	return dir < 0 ? LOCK_GONE : judge(dir, &holder);
}

static int temporary_name(char name[64], const char *purpose)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return snprintf(name, 64, LOCK_NAME ".vfioap-%s-%d-%ld", purpose, (int)getpid(),
			now.tv_nsec);
}

/*
 * Take a bad lock file away. Between judging and unlinking, somebody else may have done
 * the same and taken the lock: so move it aside first, look at what was moved, and put
 * it back if it is another one.
 */
static int clear_away(int dir, const struct holder *holder)
{
	struct stat stat;
	char aside[64];

	temporary_name(aside, "stale");
	if (renameat(dir, LOCK_NAME, dir, aside))
		return errno == ENOENT ? 0 : -errno;
	if (!fstatat(dir, aside, &stat, AT_SYMLINK_NOFOLLOW) &&
	    (stat.st_dev != holder->device || stat.st_ino != holder->inode))
		linkat(dir, aside, dir, LOCK_NAME, 0);
	if (unlinkat(dir, aside, 0) && errno == EISDIR)
		unlinkat(dir, aside, AT_REMOVEDIR);
	return 0;
}

static int make_content(int dir, char name[64])
{
	_cleanup_fd_ int fd = -1;
	char content[CONTENT_SIZE];
	int length;

	temporary_name(name, "new");
	length = snprintf(content, sizeof(content), "%d\n", (int)getpid());
	fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	/* others must be able to read whose lock it is, whatever the umask */
	if (fchmod(fd, 0644) || write(fd, content, (size_t)length) != length) {
		int rc = errno ? -errno : -EIO;

		unlinkat(dir, name, 0);
		return rc;
	}
	return 0;
}

/* 0, -EEXIST if there is a lock file, or why it cannot work at all. */
static int try_link(int dir)
{
	char name[64];
	int rc = make_content(dir, name);

	if (rc)
		return rc;
	rc = linkat(dir, name, dir, LOCK_NAME, 0) ? -errno : 0;
	unlinkat(dir, name, 0);
	return rc;
}

/* 0; -EEXIST if it is held, with the holder; or what the file system says. */
static int try_lock(const struct vfioap_ctx *ctx, int dir, struct holder *holder)
{
	int rc, tries;

	for (tries = 0; tries < 4; tries++) {
		rc = try_link(dir);
		if (rc != -EEXIST)
			return rc;
		*holder = (struct holder){ 0 };
		holder->state = judge(dir, holder);
		if (holder->state == LOCK_HELD)
			return -EEXIST;
		if (holder->state == LOCK_GONE)
			continue;
		ctx_log(ctx, VFIOAP_LOG_WARNING, "%s is %s, removing it", LOCK_PATH,
			holder->state == LOCK_STALE ? "left over from a dead process" :
							"not a lock file");
		rc = clear_away(dir, holder);
		if (rc)
			return rc;
	}
	return -EEXIST;
}

static struct vfioap_owner *find_holder(const struct vfioap_ctx *ctx, const struct holder *holder)
{
	if (!holder->pid)
		return owner_new(VFIOAP_OWNER_UNKNOWN, NULL, NULL);
	return user_of_process(ctx, VFIOAP_OWNER_PROCESS, holder->pid);
}

static int wait_failed(const struct vfioap_ctx *ctx, const struct holder *holder, int number,
		       struct vfioap_error **error)
{
	_cleanup_owner_ struct vfioap_owner *owner = find_holder(ctx, holder);
	char who[OWNER_TEXT_SIZE] = "another process";
	int rc;

	if (owner)
		owner_describe(owner, who);
	rc = error_fail(error, number == ETIMEDOUT ? VFIOAP_TIMEOUT : VFIOAP_FAILED, number,
			"the AP configuration is locked by %s (%s)%s", who, LOCK_PATH,
			number == ETIMEDOUT ? "" : ", and waiting was interrupted");
	error_at(error, "lock", LOCK_PATH);
	error_whose(error, owner);
	return rc;
}

static int lock_failed(int number, struct vfioap_error **error)
{
	int rc = error_from_errno(error, number, "cannot make the lock file %s", LOCK_PATH);

	error_at(error, "lock", LOCK_PATH);
	return rc;
}

static int wait_for_lock(const struct vfioap_ctx *ctx, int dir, struct vfioap_error **error)
{
	struct holder holder = { 0 };
	struct wait wait;
	int rc;

	wait_start(&wait, ctx, "waiting for the AP configuration lock", ctx->lock_timeout);
	for (;;) {
		rc = try_lock(ctx, dir, &holder);
		if (rc != -EEXIST)
			return rc ? lock_failed(-rc, error) : 0;
		rc = wait_pause(&wait, INTERVAL);
		if (rc)
			return wait_failed(ctx, &holder, -rc, error);
	}
}

int lock_acquire(const struct vfioap_ctx *ctx, struct lock **result, struct vfioap_error **error)
{
	struct lock *lock;
	int rc;

	lock = calloc(1, sizeof(*lock));
	if (!lock)
		return error_no_memory(error);
	lock->dir = sysfs_open(ctx, PATH_LOCK, O_RDONLY | O_DIRECTORY);
	rc = lock->dir < 0 ? lock_failed(-lock->dir, error) : wait_for_lock(ctx, lock->dir, error);
	if (rc) {
		if (lock->dir >= 0)
			close(lock->dir);
		free(lock);
		return rc;
	}
	*result = lock;
	return 0;
}

void lock_release(struct lock *lock)
{
	struct holder holder = { 0 };

	if (!lock)
		return;
	/* somebody may have taken ours for stale: never unlink another's */
	judge(lock->dir, &holder);
	if (holder.pid == getpid())
		unlinkat(lock->dir, LOCK_NAME, 0);
	close(lock->dir);
	free(lock);
}
