// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "state.h"

static void show_directory(FILE *out, const char *path)
{
	struct dirent **entries;
	int n = scandir(path, &entries, NULL, alphasort), i;

	for (i = 0; i < n; i++) {
		fprintf(out, "%s ", entries[i]->d_name);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

static void show_link(FILE *out, const char *path)
{
	char target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof(target));

	if (n > 0)
		fwrite(target, 1, n, out);
}

static void show_file(FILE *out, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char buffer[4096];
	ssize_t n;

	if (fd < 0)
		err(1, "%s", path);
	while ((n = read(fd, buffer, sizeof(buffer))) > 0)
		fwrite(buffer, 1, n, out);
	close(fd);
}

static void show(FILE *out, const char *path)
{
	struct stat status;

	fprintf(out, "%s: ", path);
	if (lstat(path, &status))
		fprintf(out, "not there");
	else if (S_ISDIR(status.st_mode))
		show_directory(out, path);
	else if (S_ISLNK(status.st_mode))
		show_link(out, path);
	else
		show_file(out, path);
	fputc('\n', out);
}

char *state_read(char *const *paths, int n)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int i;

	if (!out)
		err(1, "open_memstream");
	for (i = 0; i < n; i++)
		show(out, paths[i]);
	fclose(out);
	return text;
}
