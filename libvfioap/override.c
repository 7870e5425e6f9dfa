// SPDX-License-Identifier: LGPL-2.1-or-later
#include "override.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "binding.h"
#include "bus.h"
#include "cleanup.h"
#include "conflict.h"
#include "error.h"
#include "predict.h"
#include "queue_id.h"
#include "sysfs.h"

#define OVERRIDE "driver_override"

/* ---- Reading ---- */

static int read_override(const struct vfioap_ctx *ctx, uint16_t apqn, char line[SYSFS_LINE_SIZE])
{
	_cleanup_text_ char *path = binding_path(apqn, "");
	_cleanup_fd_ int dir = path ? sysfs_open(ctx, path, O_RDONLY | O_DIRECTORY) : -ENOMEM;

	return dir < 0 ? dir : sysfs_read_line(dir, OVERRIDE, line);
}

static bool all_ones(const struct vfioap_ids *mask)
{
	return vfioap_ids_count(mask) == VFIOAP_IDS;
}

bool overrides_rule(const struct vfioap_host *host)
{
	return host->overrides && all_ones(&host->apmask) && all_ones(&host->aqmask);
}

int overrides_read(struct vfioap_host *host, const struct vfioap_ctx *ctx)
{
	char line[SYSFS_LINE_SIZE];
	size_t i;

	/* with any other masks the kernel takes no override */
	if (!host->num_queues || !all_ones(&host->apmask) || !all_ones(&host->aqmask) ||
	    read_override(ctx, host->queues[0].apqn, line))
		return 0;
	host->overrides = calloc(VFIOAP_IDS * VFIOAP_IDS, sizeof(*host->overrides));
	if (!host->overrides)
		return -ENOMEM;
	for (i = 0; i < host->num_queues; i++) {
		uint16_t apqn = host->queues[i].apqn;

		if (read_override(ctx, apqn, line) || !*line)
			continue;
		host->overrides[apqn] = strcmp(line, DRIVER_NAME) ? OVERRIDE_HOST :
								    OVERRIDE_VFIO_AP;
	}
	return 0;
}

size_t overrides_count(const struct vfioap_host *host)
{
	size_t count = 0, i;

	for (i = 0; host->overrides && i < host->num_queues; i++)
		count += host->overrides[host->queues[i].apqn] != OVERRIDE_NONE;
	return count;
}

int override_check_masks(const struct vfioap_host *host, struct vfioap_error **error)
{
	_cleanup_queues_ uint16_t *queues = NULL;
	_cleanup_text_ char *which = NULL;
	size_t count = 0, i;
	int rc;

	if (!overrides_count(host))
		return 0;
	queues = calloc(host->num_queues, sizeof(*queues));
	if (!queues)
		return error_no_memory(error);
	for (i = 0; i < host->num_queues; i++) {
		if (host->overrides[host->queues[i].apqn] != OVERRIDE_NONE)
			queues[count++] = host->queues[i].apqn;
	}
	which = queue_list_describe(queues, count);
	if (!which)
		return error_no_memory(error);
	rc = error_fail(error, VFIOAP_INVALID, EINVAL,
			"%s: given away by " OVERRIDE ", and as long as that is so the kernel refuses to change apmask and aqmask",
			which);
	error_which(error, queues, count);
	error_at(error, "apmask", PATH_BUS "/apmask");
	error_hint(error, "vfioap-ctl pool reserve '*.%04x'", vfioap_apqn_domain(queues[0]));
	return rc;
}

/* ---- Steps ---- */

static int override_failed(const struct vfioap_step *step, int rc, struct vfioap_error **error)
{
	if (rc != -EINVAL)
		return rc;
	error_clear(error);
	error_fail(error, VFIOAP_INVALID, EINVAL,
		   "the kernel takes no " OVERRIDE " while a bit of apmask or aqmask is clear");
	error_at(error, step->operation, step->path);
	error_hint(error, "vfioap-ctl pool set --adapters none --domains none");
	return rc;
}

static int override_run(struct vfioap_plan *plan, struct vfioap_step *step,
			struct vfioap_error **error)
{
	char line[SYSFS_LINE_SIZE] = "";
	int rc = step_write(plan, step, error);

	if (rc)
		return override_failed(step, rc, error);
	rc = read_override(plan->ctx, binding_queue_of(step), line);
	if (rc) {
		rc = error_from_errno(error, -rc, "cannot read back %s", step->path);
		error_at(error, step->operation, step->path);
		return rc;
	}
	if (strlen(line) == strcspn(step->data, "\n") && !strncmp(line, step->data, strlen(line)))
		return 0;
	return step_without_effect(step, line, error);
}

/* Also undoes the steps that followed it: the queue goes back to who had it. */
static int override_undo(struct vfioap_plan *plan, struct vfioap_step *step,
			 struct vfioap_error **error)
{
	char driver[SYSFS_LINE_SIZE];
	int rc;

	rc = sysfs_write(plan->ctx, step->path, *step->old ? step->old : "\n");
	binding_read(plan->ctx, binding_queue_of(step), driver);
	if (!rc && (!*driver || !strcmp(driver, DRIVER_NAME) == (step->flags != 0)))
		rc = binding_renew(plan->ctx, binding_queue_of(step));
	if (!rc)
		rc = binding_await(plan->ctx, binding_queue_of(step), !step->flags);
	return rc ? error_from_errno(error, -rc, "cannot set back %s", step->path) : 0;
}

static const struct step_class override_class = { override_run, override_undo };

/* The override comes first, or the bus would give the queue back to whom it was taken from. */
static int add_steps(struct vfioap_plan *plan, const struct vfioap_queue *queue, bool to_vfio_ap)
{
	const char *driver = queue->host->drivers[queue->driver];
	uint16_t apqn = queue->apqn;
	char previous[SYSFS_LINE_SIZE] = "";
	struct vfioap_step *step;

	read_override(plan->ctx, apqn, previous);
	step = binding_add_step(plan, &override_class, OVERRIDE, binding_path(apqn, OVERRIDE),
				to_vfio_ap ? DRIVER_NAME "\n" : "\n", apqn, to_vfio_ap);
	if (!step || !(step->old = strdup(previous)))
		return -ENOMEM;
	if (driver && !strcmp(driver, DRIVER_NAME) == to_vfio_ap)
		return 0;
	if (driver && binding_add_unbind(plan, driver, apqn, to_vfio_ap))
		return -ENOMEM;
	return binding_add_probe(plan, apqn, to_vfio_ap);
}

/* ---- Plans ---- */

static bool is_meant(const struct vfioap_host *host, const struct vfioap_queue *queue,
		     const struct vfioap_queue_pattern *patterns, size_t count, bool to_vfio_ap)
{
	size_t i;

	if (bus_reserves(host, queue->apqn) != to_vfio_ap)
		return false;
	for (i = 0; i < count; i++) {
		if (vfioap_queue_pattern_matches(&patterns[i], queue->apqn))
			return true;
	}
	return false;
}

static int move_queues(struct vfioap_plan *plan, const bool *moved, bool to_vfio_ap)
{
	struct vfioap_host *host = plan->after;
	size_t i;

	for (i = 0; i < host->num_queues; i++) {
		uint16_t apqn = host->queues[i].apqn;

		if (!moved[apqn])
			continue;
		if (add_steps(plan, &host->queues[i], to_vfio_ap))
			return -ENOMEM;
		host->overrides[apqn] = to_vfio_ap ? OVERRIDE_VFIO_AP : OVERRIDE_NONE;
	}
	return predict_bindings(host);
}

static void free_moved(bool **moved)
{
	free(*moved);
}

int override_queues(struct vfioap_plan *plan, const struct vfioap_queue_pattern *patterns,
		    size_t count, bool to_vfio_ap, struct vfioap_error **error)
{
	struct vfioap_host *host = plan->after;
	_cleanup_(free_moved) bool *moved = calloc(VFIOAP_IDS * VFIOAP_IDS, sizeof(*moved));
	size_t i;
	int rc = 0;

	if (!moved)
		return error_no_memory(error);
	for (i = 0; i < host->num_queues; i++) {
		const struct vfioap_queue *queue = &host->queues[i];

		moved[queue->apqn] = is_meant(host, queue, patterns, count, to_vfio_ap);
	}
	if (!to_vfio_ap)
		rc = conflict_of_queues(host, moved, error);
	if (rc)
		return rc;
	return move_queues(plan, moved, to_vfio_ap) ? error_no_memory(error) : 0;
}
