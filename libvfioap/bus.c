// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bus.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "error.h"
#include "override.h"
#include "owner.h"
#include "sysfs.h"

char **split_words(const char *line)
{
	size_t count = 0, size = strlen(line) / 2 + 2;
	_cleanup_text_ char *copy = strdup(line);
	char **words = calloc(size, sizeof(*words));
	char *rest = NULL, *word;

	if (!copy || !words)
		goto no_memory;
	for (word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		words[count] = strdup(word);
		if (!words[count++])
			goto no_memory;
	}
	return words;
no_memory:
	free_words(words);
	return NULL;
}

void free_words(char **words)
{
	size_t i;

	for (i = 0; words && words[i]; i++)
		free(words[i]);
	free(words);
}

static int read_failed(const char *dir, const char *name, int rc, struct vfioap_error **error)
{
	char path[SYSFS_LINE_SIZE];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	rc = error_from_errno(error, -rc, "cannot read %s", path);
	error_at(error, "read", path);
	return rc;
}

static int read_mask(int dir, const char *name, struct vfioap_ids *mask,
		     struct vfioap_error **error)
{
	char line[SYSFS_LINE_SIZE];
	int rc;

	rc = sysfs_read_line(dir, name, line);
	if (!rc && vfioap_ids_parse_mask(line, mask, NULL))
		rc = -EIO;
	return rc ? read_failed(PATH_BUS, name, rc, error) : 0;
}

/* A mask of the host's configuration: a machine without QCI says "not supported". */
static void read_config_mask(int dir, const char *name, struct vfioap_ids *mask)
{
	char line[SYSFS_LINE_SIZE];

	if (sysfs_read_line(dir, name, line) || vfioap_ids_parse_mask(line, mask, NULL))
		*mask = (struct vfioap_ids){ 0 };
}

static void read_optional_number(int dir, const char *name, int *value)
{
	if (sysfs_read_number(dir, name, value))
		*value = -1;
}

static void read_bindings_count(struct vfioap_host *host, int dir)
{
	char line[SYSFS_LINE_SIZE];
	int bound, total;

	if (sysfs_read_line(dir, "bindings", line) ||
	    sscanf(line, "%d/%d", &bound, &total) != 2)
		return;
	host->bound_queues = bound;
	host->total_queues = total;
}

int bus_read(struct vfioap_host *host, const struct vfioap_ctx *ctx, struct vfioap_error **error)
{
	_cleanup_fd_ int dir = sysfs_open(ctx, PATH_BUS, O_RDONLY | O_DIRECTORY);
	char line[SYSFS_LINE_SIZE];
	int rc;

	host->has_bus = dir != -ENOENT;
	host->simulated = sysfs_exists(ctx, PATH_MODULES "/ap_sim");
	if (sysfs_read_line(dir, "features", line) || !strcmp(line, "-"))
		line[0] = '\0';
	host->bus_features = split_words(line);
	if (!host->bus_features)
		return error_no_memory(error);
	if (!host->has_bus)
		return 0;
	if (dir < 0)
		return read_failed(PATH_BUS, "", dir, error);
	rc = read_mask(dir, "apmask", &host->apmask, error);
	if (!rc)
		rc = read_mask(dir, "aqmask", &host->aqmask, error);
	if (rc)
		return rc;
	read_config_mask(dir, "ap_adapter_mask", &host->matrix.adapters);
	read_config_mask(dir, "ap_usage_domain_mask", &host->matrix.domains);
	read_config_mask(dir, "ap_control_domain_mask", &host->matrix.control_domains);
	read_optional_number(dir, "ap_max_adapter_id", &host->max_adapter);
	read_optional_number(dir, "ap_max_domain_id", &host->max_domain);
	read_optional_number(dir, "ap_domain", &host->default_domain);
	read_bindings_count(host, dir);
	return 0;
}

bool bus_reserves(const struct vfioap_host *host, uint16_t apqn)
{
	if (host->overrides && host->overrides[apqn] != OVERRIDE_NONE)
		return host->overrides[apqn] == OVERRIDE_HOST;
	return vfioap_ids_has(&host->apmask, vfioap_apqn_adapter(apqn)) &&
	       vfioap_ids_has(&host->aqmask, vfioap_apqn_domain(apqn));
}

bool vfioap_host_reserves(const struct vfioap_host *host, uint16_t apqn)
{
	return bus_reserves(host, apqn);
}

int bus_driver_index(struct vfioap_host *host, const char *name)
{
	struct vfioap_owner *owner;
	char *copy;
	size_t i;

	for (i = 1; i < host->num_drivers; i++) {
		if (!strcmp(host->drivers[i], name))
			return (int)i;
	}
	if (i == DRIVERS_MAX)
		return -E2BIG;
	copy = strdup(name);
	owner = owner_new(VFIOAP_OWNER_HOST, NULL, name);
	if (!copy || !owner) {
		free(copy);
		owner_free(owner);
		return -ENOMEM;
	}
	host->drivers[i] = copy;
	host->as_host[i] = owner;
	host->num_drivers = i + 1;
	return (int)i;
}

int bus_card_of_name(const char *name)
{
	unsigned int adapter;
	int length = 0;

	if (sscanf(name, "card%2x%n", &adapter, &length) != 1 || length != 6 || name[6])
		return -1;
	return (int)adapter;
}

int bus_queue_of_name(const char *name)
{
	uint16_t apqn;

	return vfioap_apqn_parse(name, &apqn, NULL) ? -1 : apqn;
}

static void read_driver(struct bindings *bindings, DIR *dir, uint8_t driver)
{
	struct dirent *entry;
	int id;

	while ((entry = readdir(dir))) {
		if ((id = bus_queue_of_name(entry->d_name)) >= 0)
			bindings->queues[id] = driver;
		else if ((id = bus_card_of_name(entry->d_name)) >= 0)
			bindings->cards[id] = driver;
	}
}

int bus_read_bindings(struct vfioap_host *host, const struct vfioap_ctx *ctx,
		      struct bindings *bindings, struct vfioap_error **error)
{
	_cleanup_dir_ DIR *drivers = sysfs_open_dir(ctx, PATH_BUS "/drivers");
	struct dirent *entry;

	if (!drivers)
		return read_failed(PATH_BUS, "drivers", -errno, error);
	while ((entry = readdir(drivers))) {
		_cleanup_dir_ DIR *dir = NULL;
		int driver;

		if (entry->d_name[0] == '.')
			continue;
		driver = bus_driver_index(host, entry->d_name);
		if (driver < 0)
			return read_failed(PATH_BUS, "drivers", driver, error);
		dir = sysfs_open_dir_at(dirfd(drivers), entry->d_name);
		if (dir)
			read_driver(bindings, dir, (uint8_t)driver);
	}
	return 0;
}
