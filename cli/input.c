// SPDX-License-Identifier: GPL-2.0-or-later
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json_document.h"

/* What is read is smaller; the library says so of what is not. */
#define READ_MAX (8 << 20)

const char *input_name(const char *path)
{
	return strcmp(path, "-") ? path : "standard input";
}

static int file_failed(struct document *doc, const char *path, int number)
{
	const char *code = number == ENOENT ? "not_found" :
			   number == EACCES || number == EPERM ? "permission" : "io";

	return document_fail(doc, code, NULL, "cannot read '%s': %s", path, strerror(number));
}

static int read_to_end(int fd, char *text, size_t *length)
{
	ssize_t n;

	do {
		n = read(fd, text + *length, READ_MAX - *length);
		if (n < 0)
			return errno;
		*length += (size_t)n;
	} while (n);
	return 0;
}

int input_read(const char *path, char **text, size_t *length, struct document *doc)
{
	bool standard = !strcmp(path, "-");
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int failed;

	*length = 0;
	if (fd < 0)
		return file_failed(doc, path, errno);
	*text = malloc(READ_MAX);
	failed = *text ? read_to_end(fd, *text, length) : ENOMEM;
	if (!standard)
		close(fd);
	if (!failed)
		return 0;
	free(*text);
	return file_failed(doc, input_name(path), failed);
}
