// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bare-writes LIST: makes the devices of LIST, a line "UUID AP_CONFIG" for each, with two
 * writes each, and looks at nothing.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MATRIX "/sys/devices/vfio_ap/matrix"

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err(1, "%s", path);
	close(fd);
}

int main(int argc, char **argv)
{
	FILE *list = argc == 2 ? fopen(argv[1], "r") : NULL;
	char uuid[40], config[220], path[200];

	if (!list)
		err(1, "usage: bare-writes LIST");
	while (fscanf(list, "%39s %219s", uuid, config) == 2) {
		write_file(MATRIX "/mdev_supported_types/vfio_ap-passthrough/create", uuid);
		snprintf(path, sizeof(path), MATRIX "/%s/ap_config", uuid);
		write_file(path, config);
	}
	fclose(list);
	return 0;
}
