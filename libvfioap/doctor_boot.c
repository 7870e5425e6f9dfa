// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Problems that show at the next boot: masks that are not what they are now, and mdevctl's
 * rule that starts nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "doctor.h"
#include "hint.h"
#include "sysfs.h"

#define CHZDEV_RULES "41-ap.rules"
#define MDEVCTL_RULES "60-mdevctl.rules"
#define KERNEL_PARAMETERS "/proc/cmdline"

/* Where udev looks for rules; a file of an earlier directory replaces those of later ones. */
static const char *const rule_directories[] = {
	"/etc/udev/rules.d", "/run/udev/rules.d", "/usr/local/lib/udev/rules.d",
	"/usr/lib/udev/rules.d", "/lib/udev/rules.d",
};

static const struct mask_name {
	const char *name;
	const char *ids;
	unsigned int digits;
} mask_names[] = {
	{ "apmask", "adapters", VFIOAP_ADAPTER_DIGITS },
	{ "aqmask", "domains", VFIOAP_DOMAIN_DIGITS },
};

/* NULL if it cannot be read, with errno set. */
static char *read_file(const struct vfioap_ctx *ctx, const char *directory, const char *name)
{
	_cleanup_fd_ int dir = sysfs_open(ctx, directory, O_RDONLY | O_DIRECTORY);
	char *text = NULL;
	int rc = dir < 0 ? dir : sysfs_read_text(dir, name, &text);

	errno = -rc;
	return rc ? NULL : text;
}

/* The file of rules of that name that udev reads. Sets *directory. */
static char *read_rules(const struct vfioap_ctx *ctx, const char *name, const char **directory)
{
	char *text = NULL;
	size_t i;

	for (i = 0; !text && i < sizeof(rule_directories) / sizeof(rule_directories[0]); i++) {
		*directory = rule_directories[i];
		text = read_file(ctx, *directory, name);
	}
	return text;
}

/* The mask that follows @key in the text. False if there is none, or it is no mask. */
static bool mask_after(const char *text, const char *key, struct vfioap_ids *mask)
{
	const char *found = text ? strstr(text, key) : NULL;
	char value[VFIOAP_MASK_TEXT_SIZE];
	size_t length;

	if (!found)
		return false;
	found += strlen(key);
	length = strspn(found, "0123456789abcdefABCDEFx");
	if (!length || length >= sizeof(value))
		return false;
	memcpy(value, found, length);
	value[length] = '\0';
	return !vfioap_ids_parse_mask(value, mask, NULL);
}

/*
 * What the mask will be: from chzdev's rule, else from the kernel's command line, else all
 * ones. False if that cannot be told: the command line may have it in another grammar.
 */
static bool mask_at_boot(const char *rules, const char *parameters, const char *name,
			 struct vfioap_ids *mask)
{
	char key[40];

	snprintf(key, sizeof(key), "ATTR{../../bus/ap/%s}=\"", name);
	if (mask_after(rules, key, mask))
		return true;
	snprintf(key, sizeof(key), "ap.%s=", name);
	if (mask_after(parameters, key, mask))
		return true;
	memset(mask, 0xff, sizeof(*mask));
	return !parameters || !strstr(parameters, key);
}

static int compare_mask(struct vfioap_diagnosis *diagnosis, const struct mask_name *which,
			const struct vfioap_ids *now, const struct vfioap_ids *then)
{
	struct vfioap_ids to_host = vfioap_ids_minus(then, now);
	struct vfioap_ids to_vfio_ap = vfioap_ids_minus(now, then);
	bool lost = !vfioap_ids_empty(&to_host);
	_cleanup_text_ char *hint = NULL;
	char list[VFIOAP_IDS_TEXT_SIZE];
	struct vfioap_problem *problem;

	if (vfioap_ids_equal(now, then))
		return 0;
	hint = hint_keep_masks(diagnosis->host);
	vfioap_ids_format(lost ? &to_host : &to_vfio_ap, which->digits, list);
	problem = problem_add(diagnosis, "masks_change_at_boot",
			      "%s is not stored as it is: after the next boot, %s %s are %s",
			      which->name, which->ids, list,
			      lost ? "the host's drivers' again" : "vfio_ap's");
	if (!hint || !problem || problem_hint(problem, hint))
		return -ENOMEM;
	return problem_path(problem, "/etc/udev/rules.d/" CHZDEV_RULES);
}

int check_masks_at_boot(struct vfioap_diagnosis *diagnosis)
{
	const struct vfioap_host *host = diagnosis->host;
	const struct vfioap_ids *masks[] = { &host->apmask, &host->aqmask };
	const char *directory;
	_cleanup_text_ char *rules = read_rules(diagnosis->ctx, CHZDEV_RULES, &directory);
	_cleanup_text_ char *parameters = read_file(diagnosis->ctx, "/proc", "cmdline");
	struct vfioap_ids then;
	size_t i;
	int rc = 0;

	for (i = 0; !rc && host->has_bus && i < sizeof(masks) / sizeof(masks[0]); i++) {
		if (mask_at_boot(rules, parameters, mask_names[i].name, &then))
			rc = compare_mask(diagnosis, &mask_names[i], masks[i], &then);
	}
	return rc;
}

/* The program before " start-parent-mdevs": a path, to be freed. NULL if there is none. */
static char *program_of_rule(const char *rules)
{
	const char *end = strstr(rules, " start-parent-mdevs"), *start;

	if (!end)
		return NULL;
	for (start = end; start > rules && !strchr(" \t\"'{;", start[-1]); start--)
		;
	return *start == '/' ? strndup(start, (size_t)(end - start)) : NULL;
}

int check_mdevctl_rule(struct vfioap_diagnosis *diagnosis)
{
	const char *directory;
	_cleanup_text_ char *rules = read_rules(diagnosis->ctx, MDEVCTL_RULES, &directory);
	_cleanup_text_ char *program = rules ? program_of_rule(rules) : NULL;
	struct vfioap_problem *problem;
	char path[80];

	if (!program || sysfs_exists(diagnosis->ctx, program))
		return 0;
	snprintf(path, sizeof(path), "%s/" MDEVCTL_RULES, directory);
	problem = problem_add(diagnosis, "mdevctl_rule_broken",
			      "%s runs %s, which does not exist: mdevctl starts no device at boot "
			      "until there is such a link", path, program);
	return problem ? problem_path(problem, path) : -ENOMEM;
}
