// SPDX-License-Identifier: LGPL-2.1-or-later
#include "binding.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus.h"
#include "cleanup.h"
#include "error.h"
#include "predict.h"
#include "queue_id.h"
#include "sysfs.h"

#define PATH_PROBE PATH_BUS "/drivers_probe"
/* The bus offers a queue to a driver after its reset, in milliseconds. */
#define BIND_TIMEOUT 5000
#define INTERVAL 20

char *binding_path(uint16_t apqn, const char *file)
{
	char name[VFIOAP_APQN_TEXT_SIZE];
	char *path;

	vfioap_apqn_format(apqn, name);
	if (asprintf(&path, PATH_CARDS "/card%.2s/%s%s%s", name, name, *file ? "/" : "", file) < 0)
		return NULL;
	return path;
}

void binding_read(const struct vfioap_ctx *ctx, uint16_t apqn, char driver[SYSFS_LINE_SIZE])
{
	_cleanup_text_ char *path = binding_path(apqn, "");
	_cleanup_fd_ int dir = path ? sysfs_open(ctx, path, O_RDONLY | O_DIRECTORY) : -ENOMEM;

	if (dir < 0 || sysfs_read_link(dir, "driver", driver))
		*driver = '\0';
}

uint16_t binding_queue_of(const struct vfioap_step *step)
{
	return (uint16_t)vfioap_apqn(vfioap_ids_next(&step->after.adapters, 0),
				     vfioap_ids_next(&step->after.domains, 0));
}

int binding_await(const struct vfioap_ctx *ctx, uint16_t apqn, bool vfio_ap)
{
	char driver[SYSFS_LINE_SIZE];
	struct wait wait;
	int rc = 0;

	wait_start(&wait, ctx, "waiting for the queue's new driver", BIND_TIMEOUT);
	while (!rc || rc == -EINTR) {
		binding_read(ctx, apqn, driver);
		if (*driver && !strcmp(driver, DRIVER_NAME) == vfio_ap)
			return 0;
		rc = wait_pause(&wait, INTERVAL);
	}
	return rc;
}

static int probe_run(struct vfioap_plan *plan, struct vfioap_step *step,
		     struct vfioap_error **error)
{
	int rc = step_write(plan, step, error);

	if (rc)
		return rc;
	rc = binding_await(plan->ctx, binding_queue_of(step), step->flags);
	if (rc == -ETIMEDOUT)
		return step_without_effect(step, "another driver, or none", error);
	return rc ? error_from_errno(error, -rc, "waiting for a driver of %s", step->data) : 0;
}

static int unbind_run(struct vfioap_plan *plan, struct vfioap_step *step,
		      struct vfioap_error **error)
{
	char driver[SYSFS_LINE_SIZE];
	int rc = step_write(plan, step, error);

	if (rc)
		return rc;
	binding_read(plan->ctx, binding_queue_of(step), driver);
	if (step->old && !strcmp(driver, step->old))
		return step_without_effect(step, driver, error);
	return 0;
}

static char *unbind_path(const char *driver)
{
	char *path;

	return asprintf(&path, PATH_BUS "/drivers/%s/unbind", driver) < 0 ? NULL : path;
}

/* Whichever driver has the queue now, without a plan. */
static int leave_driver(const struct vfioap_ctx *ctx, uint16_t apqn)
{
	char name[VFIOAP_APQN_TEXT_SIZE], driver[SYSFS_LINE_SIZE];
	_cleanup_text_ char *path = NULL;

	binding_read(ctx, apqn, driver);
	if (!*driver)
		return 0;
	path = unbind_path(driver);
	if (!path)
		return -ENOMEM;
	vfioap_apqn_format(apqn, name);
	return sysfs_write(ctx, path, name);
}

int binding_renew(const struct vfioap_ctx *ctx, uint16_t apqn)
{
	char name[VFIOAP_APQN_TEXT_SIZE];
	int rc = leave_driver(ctx, apqn);

	vfioap_apqn_format(apqn, name);
	return rc ? rc : sysfs_write(ctx, PATH_PROBE, name);
}

static int bind_undo(struct vfioap_plan *plan, struct vfioap_step *step,
		     struct vfioap_error **error)
{
	int rc = leave_driver(plan->ctx, binding_queue_of(step));

	return rc ? error_from_errno(error, -rc, "cannot unbind %s again", step->data) : 0;
}

static const struct step_class unbind_class = { unbind_run, NULL };
static const struct step_class probe_class = { probe_run, NULL };
static const struct step_class bind_class = { probe_run, bind_undo };

struct vfioap_step *binding_add_step(struct vfioap_plan *plan, const struct step_class *class,
				     const char *operation, char *path, const char *data,
				     uint16_t apqn, bool to_vfio_ap)
{
	struct vfioap_step *step = path ? plan_add_step(plan, class, operation, path, data) : NULL;

	if (!step)
		return NULL;
	vfioap_ids_add(&step->after.adapters, vfioap_apqn_adapter(apqn));
	vfioap_ids_add(&step->after.domains, vfioap_apqn_domain(apqn));
	step->flags = to_vfio_ap;
	return step;
}

int binding_add_unbind(struct vfioap_plan *plan, const char *driver, uint16_t apqn, bool to_vfio_ap)
{
	char name[VFIOAP_APQN_TEXT_SIZE];
	struct vfioap_step *step;

	vfioap_apqn_format(apqn, name);
	step = binding_add_step(plan, &unbind_class, "unbind", unbind_path(driver), name, apqn,
				to_vfio_ap);
	if (step)
		step->old = strdup(driver);
	return step && step->old ? 0 : -ENOMEM;
}

static int add_probe(struct vfioap_plan *plan, const struct step_class *class, uint16_t apqn,
		     bool to_vfio_ap)
{
	char name[VFIOAP_APQN_TEXT_SIZE];

	vfioap_apqn_format(apqn, name);
	return binding_add_step(plan, class, "drivers_probe", strdup(PATH_PROBE), name, apqn,
				to_vfio_ap)
		       ? 0
		       : -ENOMEM;
}

int binding_add_probe(struct vfioap_plan *plan, uint16_t apqn, bool to_vfio_ap)
{
	return add_probe(plan, &probe_class, apqn, to_vfio_ap);
}

/* ---- Queues that have no driver ---- */

/* By name: a card that is too old for vfio_ap has queues that no pattern is to fail for. */
static bool is_named(const struct vfioap_queue_pattern *patterns, size_t count, uint16_t apqn)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (patterns[i].adapter != VFIOAP_ANY && patterns[i].domain != VFIOAP_ANY &&
		    vfioap_queue_pattern_matches(&patterns[i], apqn))
			return true;
	}
	return false;
}

int binding_add_missing(struct vfioap_plan *plan, const struct vfioap_queue_pattern *patterns,
			size_t count)
{
	const struct vfioap_host *host = plan->before;
	size_t added = 0, i;

	for (i = 0; host->has_driver && i < host->num_queues; i++) {
		const struct vfioap_queue *queue = &host->queues[i];

		if (queue->driver || !is_named(patterns, count, queue->apqn))
			continue;
		if (add_probe(plan, &bind_class, queue->apqn, true))
			return -ENOMEM;
		added++;
	}
	return added ? predict_bindings(plan->after) : 0;
}
