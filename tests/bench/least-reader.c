// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The least possible program that reads what tells of cards and queues: which driver each
 * has (one directory for each driver), and of each its files. It keeps nothing and says
 * nothing but how many files it read.
 */
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CARDS "/sys/devices/ap"
#define DRIVERS "/sys/bus/ap/drivers"

static const char *const of_card[] = { "type", "serialnr", "hwtype", "online", "config", "chkstop" };

static int files;
/* For each APQN: one of the host's drivers has it, so that it is online or not. */
static bool of_host[1 << 16];

static void read_file(int dir, const char *name)
{
	char text[4096];
	int fd = openat(dir, name, O_RDONLY);

	if (fd < 0)
		return;
	if (read(fd, text, sizeof(text)) < 0)
		err(1, "%s", name);
	close(fd);
	files++;
}

static bool parse_queue(const char *name, unsigned int *apqn)
{
	unsigned int adapter, domain;

	if (sscanf(name, "%2x.%4x", &adapter, &domain) != 2)
		return false;
	*apqn = (adapter << 8 | domain) & 0xffff;
	return true;
}

static void read_driver(const char *name)
{
	bool host = strcmp(name, "vfio_ap") != 0;
	char path[300];
	struct dirent *entry;
	unsigned int apqn;
	DIR *dir;

	snprintf(path, sizeof(path), DRIVERS "/%s", name);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (parse_queue(entry->d_name, &apqn))
			of_host[apqn] = host;
	}
	if (dir)
		closedir(dir);
}

static void read_queue(int card, const char *name)
{
	unsigned int apqn;
	char path[300];

	if (!parse_queue(name, &apqn))
		return;
	snprintf(path, sizeof(path), "%s/config", name);
	read_file(card, path);
	snprintf(path, sizeof(path), "%s/chkstop", name);
	read_file(card, path);
	if (!of_host[apqn])
		return;
	snprintf(path, sizeof(path), "%s/online", name);
	read_file(card, path);
}

static void read_card(int cards, const char *name)
{
	int card = openat(cards, name, O_RDONLY | O_DIRECTORY);
	struct dirent *entry;
	size_t i;
	DIR *dir;

	if (card < 0)
		err(1, "%s", name);
	for (i = 0; i < sizeof(of_card) / sizeof(of_card[0]); i++)
		read_file(card, of_card[i]);
	dir = fdopendir(card);
	while (dir && (entry = readdir(dir)))
		read_queue(card, entry->d_name);
	if (dir)
		closedir(dir);
}

static DIR *open_dir(const char *path)
{
	DIR *dir = opendir(path);

	if (!dir)
		err(1, "%s", path);
	return dir;
}

int main(void)
{
	DIR *drivers = open_dir(DRIVERS), *cards = open_dir(CARDS);
	struct dirent *entry;

	while ((entry = readdir(drivers))) {
		if (entry->d_name[0] != '.')
			read_driver(entry->d_name);
	}
	while ((entry = readdir(cards))) {
		if (!strncmp(entry->d_name, "card", 4))
			read_card(dirfd(cards), entry->d_name);
	}
	closedir(drivers);
	closedir(cards);
	printf("%d\n", files);
	return 0;
}
