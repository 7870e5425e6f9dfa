// SPDX-License-Identifier: GPL-2.0-or-later
/* Without libFuzzer: feeds the files of the directories that are its arguments. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"

#define INPUT_MAX (1 << 20)

static void replay(const char *directory, const char *name)
{
	uint8_t *data = malloc(INPUT_MAX);
	char path[4096];
	size_t size;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "r");
	REQUIRE(data && file);
	size = fread(data, 1, INPUT_MAX, file);
	fclose(file);
	fprintf(stderr, "%s\n", path);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
}

static unsigned int replay_all(const char *directory)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	unsigned int count = 0;

	REQUIRE(dir);
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.') {
			replay(directory, entry->d_name);
			count++;
		}
	closedir(dir);
	return count;
}

int main(int argc, char **argv)
{
	unsigned int count = 0;
	int i;

	for (i = 1; i < argc; i++)
		count += replay_all(argv[i]);
	printf("%u inputs\n", count);
	return count ? 0 : 1;
}
