// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The simulated AP bus: its machine, and the faults of that, are files in configfs.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "error.h"
#include "plan.h"
#include "sysfs.h"

#define PATH_SIM "/sys/kernel/config/ap_sim"
#define PATH_ADAPTERS PATH_SIM "/adapters"

/* In the order in which they are set: an adapter becomes part of the machine at the end. */
static const char *const machine_knobs[] = { "max_adapter_id", "max_domain_id", "qci",
					     "qci_flags", "domains", "control_domains", NULL };
static const char *const adapter_knobs[] = { "type", "mode", "depth", "config", "chkstop",
					     "live", NULL };
static const char *const queue_knobs[] = { "reset_ms", "stuck", "aqic_ms", "message_ms",
					   "rc_tapq", "rc_rapq", "rc_zapq", "rc_aqic",
					   "rc_nqap", "rc_dqap", "async_error", NULL };

struct vfioap_sim {
	struct vfioap_knob *knobs;
	size_t count;
};

static const char *const *knobs_of(int adapter, int domain)
{
	return adapter < 0 ? machine_knobs : domain < 0 ? adapter_knobs : queue_knobs;
}

static const char *knob_name(int adapter, int domain, const char *name)
{
	const char *const *known;

	for (known = knobs_of(adapter, domain); *known; known++) {
		if (!strcmp(*known, name))
			return *known;
	}
	return NULL;
}

const char *vfioap_sim_knob_name(int adapter, int domain, size_t index)
{
	const char *const *known = knobs_of(adapter, domain);

	while (*known && index--)
		known++;
	return *known;
}

static int check_sim(const struct vfioap_ctx *ctx, struct vfioap_error **error)
{
	if (sysfs_exists(ctx, PATH_SIM))
		return 0;
	return error_fail(error, VFIOAP_UNSUPPORTED, EOPNOTSUPP,
			  "there is no simulated AP bus here: %s does not exist", PATH_SIM);
}

/* The directory of the machine, of an adapter, or of a queue. */
static char *directory_of(int adapter, int domain)
{
	char *path = NULL;
	int length;

	if (adapter < 0)
		return strdup(PATH_SIM);
	if (domain < 0)
		length = asprintf(&path, PATH_ADAPTERS "/%02x", (unsigned int)adapter);
	else
		length = asprintf(&path, PATH_ADAPTERS "/%02x/%04x", (unsigned int)adapter,
				  (unsigned int)domain);
	return length < 0 ? NULL : path;
}

/* ---- Reading ---- */

void vfioap_sim_free(struct vfioap_sim *sim)
{
	size_t i;

	if (!sim)
		return;
	for (i = 0; i < sim->count; i++)
		free((char *)sim->knobs[i].value);
	free(sim->knobs);
	free(sim);
}

static int add_knob(struct vfioap_sim *sim, int adapter, int domain, const char *name,
		    const char *value)
{
	struct vfioap_knob *larger = realloc(sim->knobs, (sim->count + 1) * sizeof(*larger));
	char *copy = strdup(value);

	if (larger)
		sim->knobs = larger;
	if (!larger || !copy) {
		free(copy);
		return -ENOMEM;
	}
	sim->knobs[sim->count++] = (struct vfioap_knob){ adapter, domain, name, copy };
	return 0;
}

static int read_knobs(struct vfioap_sim *sim, const struct vfioap_ctx *ctx, int adapter,
		      int domain)
{
	_cleanup_text_ char *path = directory_of(adapter, domain);
	_cleanup_fd_ int dir = path ? sysfs_open(ctx, path, O_RDONLY | O_DIRECTORY) : -ENOMEM;
	const char *const *name;
	int rc = 0;

	if (dir < 0)
		return dir;
	for (name = knobs_of(adapter, domain); *name && !rc; name++) {
		char line[SYSFS_LINE_SIZE];

		rc = sysfs_read_line(dir, *name, line);
		if (!rc)
			rc = add_knob(sim, adapter, domain, *name, line);
		else if (rc == -ENOENT)
			rc = 0; /* of a newer simulator */
	}
	return rc;
}

/* The numbers that the subdirectories are called by, in ascending order. */
static int read_names(const struct vfioap_ctx *ctx, int adapter, struct vfioap_ids *ids)
{
	_cleanup_text_ char *path = adapter < 0 ? strdup(PATH_ADAPTERS) :
						  directory_of(adapter, -1);
	_cleanup_dir_ DIR *dir = path ? sysfs_open_dir(ctx, path) : NULL;
	const int digits = adapter < 0 ? VFIOAP_ADAPTER_DIGITS : VFIOAP_DOMAIN_DIGITS;
	struct dirent *entry;

	*ids = (struct vfioap_ids){ 0 };
	if (!dir)
		return path ? -errno : -ENOMEM;
	while ((entry = readdir(dir))) {
		unsigned int id;
		int length = 0;

		if (sscanf(entry->d_name, "%4x%n", &id, &length) == 1 && length == digits &&
		    !entry->d_name[length])
			vfioap_ids_add(ids, id);
	}
	return 0;
}

static int read_adapter(struct vfioap_sim *sim, const struct vfioap_ctx *ctx,
			unsigned int adapter)
{
	struct vfioap_ids domains;
	unsigned int domain;
	int rc;

	rc = read_knobs(sim, ctx, (int)adapter, -1);
	if (!rc)
		rc = read_names(ctx, (int)adapter, &domains);
	if (rc)
		return rc;
	vfioap_ids_for_each(domain, &domains) {
		rc = read_knobs(sim, ctx, (int)adapter, (int)domain);
		if (rc)
			return rc;
	}
	return 0;
}

static int read_machine(struct vfioap_sim *sim, const struct vfioap_ctx *ctx)
{
	struct vfioap_ids adapters;
	unsigned int adapter;
	int rc;

	rc = read_knobs(sim, ctx, -1, -1);
	if (!rc)
		rc = read_names(ctx, -1, &adapters);
	if (rc)
		return rc;
	vfioap_ids_for_each(adapter, &adapters) {
		rc = read_adapter(sim, ctx, adapter);
		if (rc)
			return rc;
	}
	return 0;
}

int vfioap_sim_read(struct vfioap_ctx *ctx, struct vfioap_sim **sim, struct vfioap_error **error)
{
	struct vfioap_sim *result;
	int rc;

	rc = check_sim(ctx, error);
	if (rc)
		return rc;
	result = calloc(1, sizeof(*result));
	if (!result)
		return error_no_memory(error);
	rc = read_machine(result, ctx);
	if (rc) {
		vfioap_sim_free(result);
		rc = error_from_errno(error, -rc, "cannot read %s", PATH_SIM);
		error_at(error, "read", PATH_SIM);
		return rc;
	}
	*sim = result;
	return 0;
}

size_t vfioap_sim_get_num_knobs(const struct vfioap_sim *sim)
{
	return sim->count;
}

const struct vfioap_knob *vfioap_sim_get_knob(const struct vfioap_sim *sim, size_t index)
{
	return index < sim->count ? &sim->knobs[index] : NULL;
}

/* ---- Steps ---- */

static int read_knob(const struct vfioap_ctx *ctx, const char *path, char line[SYSFS_LINE_SIZE])
{
	const char *name = strrchr(path, '/') + 1;
	_cleanup_text_ char *parent = strndup(path, (size_t)(name - path));
	_cleanup_fd_ int dir = parent ? sysfs_open(ctx, parent, O_RDONLY | O_DIRECTORY) : -ENOMEM;

	return dir < 0 ? dir : sysfs_read_line(dir, name, line);
}

static bool same_number(const char *a, const char *b)
{
	char *end_of_a, *end_of_b;
	unsigned long long first, second;

	errno = 0;
	first = strtoull(a, &end_of_a, 0);
	second = strtoull(b, &end_of_b, 0);
	/* a mask is beyond any number */
	return !errno && end_of_a != a && end_of_b != b && first == second &&
	       !strcmp(end_of_a, end_of_b);
}

/* A value has several notations. */
static bool same_value(const char *a, const char *b)
{
	return same_number(a, b) || !strcmp(a, b);
}

/* A knob of a directory that an earlier step made has a value by now. */
static int keep_old(struct vfioap_plan *plan, struct vfioap_step *step)
{
	char line[SYSFS_LINE_SIZE];

	if (step->old || read_knob(plan->ctx, step->path, line))
		return 0;
	step->old = strdup(line);
	return step->old ? 0 : -ENOMEM;
}

static int knob_run(struct vfioap_plan *plan, struct vfioap_step *step,
		    struct vfioap_error **error)
{
	char line[SYSFS_LINE_SIZE] = "";
	int rc;

	if (keep_old(plan, step))
		return error_no_memory(error);
	rc = step_write(plan, step, error);
	if (rc == -EINVAL || rc == -ERANGE) {
		error_clear(error);
		error_fail(error, VFIOAP_INVALID, -rc, "'%.80s' is not a value of %s", step->data,
			   step->path);
		error_at(error, step->operation, step->path);
	}
	if (rc)
		return rc;
	rc = read_knob(plan->ctx, step->path, line);
	if (rc) {
		rc = error_from_errno(error, -rc, "cannot read back %s", step->path);
		error_at(error, step->operation, step->path);
		return rc;
	}
	if (!same_value(line, step->data) && step->old && !strcmp(line, step->old))
		return step_without_effect(step, line, error);
	return 0;
}

static int knob_undo(struct vfioap_plan *plan, struct vfioap_step *step,
		     struct vfioap_error **error)
{
	int rc = step->old ? sysfs_write(plan->ctx, step->path, step->old) : 0;

	return rc ? error_from_errno(error, -rc, "cannot write %s to %s", step->old,
				     step->path) : 0;
}

static int change_directory(struct vfioap_plan *plan, const char *path, bool make)
{
	const char *name = strrchr(path, '/') + 1;
	_cleanup_text_ char *parent = strndup(path, (size_t)(name - path));
	_cleanup_fd_ int dir = parent ? sysfs_open(plan->ctx, parent, O_RDONLY | O_DIRECTORY) :
					-ENOMEM;

	if (dir < 0)
		return dir;
	return (make ? mkdirat(dir, name, 0755) : unlinkat(dir, name, AT_REMOVEDIR)) ? -errno : 0;
}

static int mkdir_run(struct vfioap_plan *plan, struct vfioap_step *step,
		     struct vfioap_error **error)
{
	int rc = change_directory(plan, step->data, true);

	if (rc) {
		rc = error_from_errno(error, -rc, "cannot make the directory %s", step->data);
		error_at(error, step->operation, step->data);
		return rc;
	}
	if (!sysfs_exists(plan->ctx, step->data)) {
		rc = error_fail(error, VFIOAP_IO, EIO, "%s was made, but it is not there",
				step->data);
		error_at(error, step->operation, step->data);
		return rc;
	}
	step->done = true;
	return 0;
}

static int mkdir_undo(struct vfioap_plan *plan, struct vfioap_step *step,
		      struct vfioap_error **error)
{
	int rc = change_directory(plan, step->data, false);

	return rc ? error_from_errno(error, -rc, "cannot remove the directory %s", step->data) : 0;
}

/* The bus counts its scans. */
static int scan_run(struct vfioap_plan *plan, struct vfioap_step *step, struct vfioap_error **error)
{
	char before[SYSFS_LINE_SIZE] = "", after[SYSFS_LINE_SIZE] = "";
	int rc;

	read_knob(plan->ctx, step->path, before);
	rc = step_write(plan, step, error);
	if (rc)
		return rc;
	read_knob(plan->ctx, step->path, after);
	return strcmp(before, after) ? 0 : step_without_effect(step, after, error);
}

static const struct step_class knob_class = { knob_run, knob_undo };
static const struct step_class mkdir_class = { mkdir_run, mkdir_undo };
/* What a scan found cannot be unfound; the next one finds what was undone. */
static const struct step_class scan_class = { scan_run, NULL };

/* Is there, or will there be after the steps so far, a directory of this path? */
static bool will_exist(const struct vfioap_plan *plan, const char *path)
{
	size_t i;

	for (i = 0; i < plan->num_steps; i++) {
		if (plan->steps[i]->class == &mkdir_class && !strcmp(plan->steps[i]->data, path))
			return true;
	}
	return sysfs_exists(plan->ctx, path);
}

static int add_directory(struct vfioap_plan *plan, int adapter, int domain)
{
	_cleanup_text_ char *path = directory_of(adapter, domain);

	if (!path)
		return -ENOMEM;
	if (will_exist(plan, path))
		return 0;
	return plan_add_step(plan, &mkdir_class, "mkdir", NULL, path) ? 0 : -ENOMEM;
}

static int add_directories(struct vfioap_plan *plan, int adapter, int domain)
{
	int rc = adapter < 0 ? 0 : add_directory(plan, adapter, -1);

	return rc || domain < 0 ? rc : add_directory(plan, adapter, domain);
}

static int unknown_knob(const struct vfioap_knob *knob, struct vfioap_error **error)
{
	const char *const *name;
	char expected[200] = "";

	for (name = knobs_of(knob->adapter, knob->domain); *name; name++)
		snprintf(expected + strlen(expected), sizeof(expected) - strlen(expected), "%s%s",
			 *expected ? ", " : "", *name);
	return error_fail(error, VFIOAP_INVALID, EINVAL, "unknown setting '%.80s': expected one of %s",
			  knob->name, expected);
}

static int add_knob_step(struct vfioap_plan *plan, const struct vfioap_knob *knob,
			 const char *name)
{
	_cleanup_text_ char *directory = directory_of(knob->adapter, knob->domain);
	char line[SYSFS_LINE_SIZE];
	struct vfioap_step *step;
	bool present;
	char *path;

	if (!directory || asprintf(&path, "%s/%s", directory, name) < 0)
		return -ENOMEM;
	present = !read_knob(plan->ctx, path, line);
	if (present && !strcmp(line, knob->value)) {
		free(path);
		return 0;
	}
	step = plan_add_step(plan, &knob_class, name, path, knob->value);
	if (!step)
		return -ENOMEM;
	step->old = present ? strdup(line) : NULL;
	return present && !step->old ? -ENOMEM : 0;
}

static int check_plan(const struct vfioap_plan *plan, struct vfioap_error **error)
{
	int rc = plan_check_open(plan, error);

	return rc ? rc : check_sim(plan->ctx, error);
}

int vfioap_plan_sim_set(struct vfioap_plan *plan, const struct vfioap_knob *knob,
			struct vfioap_error **error)
{
	const char *name = knob_name(knob->adapter, knob->domain, knob->name);
	size_t first = plan->num_steps;
	int rc;

	rc = check_plan(plan, error);
	if (rc)
		return rc;
	if (!name || knob->adapter >= VFIOAP_IDS || knob->domain >= VFIOAP_IDS)
		return unknown_knob(knob, error);
	if (add_directories(plan, knob->adapter, knob->domain) ||
	    add_knob_step(plan, knob, name)) {
		plan_drop_steps(plan, first);
		return error_no_memory(error);
	}
	return 0;
}

int vfioap_plan_sim_scan(struct vfioap_plan *plan, struct vfioap_error **error)
{
	char *path;
	int rc;

	rc = check_plan(plan, error);
	if (rc)
		return rc;
	path = strdup(PATH_BUS "/scans");
	if (!path || !plan_add_step(plan, &scan_class, "scans", path, "1"))
		return error_no_memory(error);
	return 0;
}
