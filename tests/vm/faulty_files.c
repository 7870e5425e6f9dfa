// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files of sysfs and configfs, and modules.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "faulty.h"

static int store(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

static void must(int ret, const char *what)
{
	if (ret) {
		errno = -ret;
		err(1, "%s", what);
	}
}

static int run_write(char **args)
{
	return store(args[0], args[1]);
}

static void undo_write(char **args)
{
	if (args[2])
		must(store(args[3] ? args[3] : args[0], args[2]), "undo");
}

static char *expected;

/* Returns the length or a negative errno. */
static ssize_t read_all(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t length = 0;
	ssize_t n;

	if (fd < 0)
		return -errno;
	while ((n = read(fd, text + length, size - length)) > 0)
		length += n;
	if (n < 0)
		n = -errno;
	close(fd);
	text[length] = 0;
	return n < 0 ? n : (ssize_t)length;
}

static char text[1 << 20];

static void prepare_read(char **args)
{
	if (read_all(args[0], text, sizeof(text) - 1) < 0)
		err(1, "%s", args[0]);
	expected = strdup(text);
}

/* Either all of the text or an error. */
static int run_read(char **args)
{
	ssize_t length = read_all(args[0], text, sizeof(text) - 1);

	if (length < 0)
		return length;
	if (strcmp(text, expected))
		errx(1, "%s: another text after a fault: %s", args[0], text);
	return 0;
}

static int run_mkdir(char **args)
{
	return mkdir(args[0], 0755) ? -errno : 0;
}

static void undo_mkdir(char **args)
{
	must(rmdir(args[0]) ? -errno : 0, args[0]);
}

/* What a scan did not get to, the next one does. Then the adapter leaves, and returns. */
static void undo_scan(char **args)
{
	must(run_write(args), args[0]);
	must(access(args[3], F_OK) ? -errno : 0, args[3]);
	must(store(args[2], "0"), args[2]);
	must(run_write(args), args[0]);
	must(store(args[2], "1"), args[2]);
}

static int load(const char *path, const char *parameters)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), ret = 0;

	if (fd < 0)
		return -errno;
	if (syscall(SYS_finit_module, fd, parameters ? parameters : "", 0))
		ret = -errno;
	close(fd);
	return ret;
}

/* /lib/modules/.../vfio_ap.ko */
static int unload(const char *path)
{
	char *name = strdup(strrchr(path, '/') + 1);
	int ret;

	*strchrnul(name, '.') = 0;
	ret = syscall(SYS_delete_module, name, O_NONBLOCK) ? -errno : 0;
	free(name);
	return ret;
}

static int run_load(char **args)
{
	return load(args[0], args[1]);
}

static void undo_load(char **args)
{
	must(unload(args[0]), "unload");
}

static int run_unload(char **args)
{
	return unload(args[0]);
}

/* With the device that went with the module. */
static void undo_unload(char **args)
{
	must(load(args[0], args[1]), "load");
	if (args[2])
		must(store(args[2], args[3]), args[2]);
}

const struct operation file_operations[] = {
	{"write", "PATH TEXT [UNDO-TEXT [UNDO-PATH]]", 2, 4, NULL, run_write, NULL, undo_write,
	 NULL},
	{"read", "PATH", 1, 1, prepare_read, run_read, NULL, NULL, NULL},
	{"scan", "SCANS 1 LIVE QUEUE", 4, 4, NULL, run_write, NULL, undo_scan, NULL},
	{"mkdir", "PATH", 1, 1, NULL, run_mkdir, NULL, undo_mkdir, NULL},
	{"load", "MODULE [PARAMETERS]", 1, 2, NULL, run_load, NULL, undo_load, NULL},
	{"unload", "MODULE [PARAMETERS [CREATE UUID]]", 1, 4, NULL, run_unload, NULL, undo_unload,
	 NULL},
	{},
};
