// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "binding.h"
#include "bus.h"
#include "cleanup.h"
#include "conflict.h"
#include "error.h"
#include "matrix.h"
#include "override.h"
#include "plan.h"
#include "pool.h"
#include "predict.h"
#include "sysfs.h"

/**
 * struct pool - which adapters and domains are in apmask and aqmask
 */
struct pool {
	struct vfioap_ids apmask;
	struct vfioap_ids aqmask;
};

/* ---- Steps ---- */

static const struct vfioap_ids *mask_of(const struct vfioap_step *step,
					const struct vfioap_matrix *matrix)
{
	return strcmp(step->operation, "apmask") ? &matrix->domains : &matrix->adapters;
}

static int verify(struct vfioap_plan *plan, const struct vfioap_step *step,
		  const struct vfioap_ids *expected, struct vfioap_error **error)
{
	_cleanup_fd_ int bus = sysfs_open(plan->ctx, PATH_BUS, O_RDONLY | O_DIRECTORY);
	char line[SYSFS_LINE_SIZE];
	struct vfioap_ids shown;
	int rc;

	rc = bus < 0 ? bus : sysfs_read_line(bus, step->operation, line);
	if (rc) {
		rc = error_from_errno(error, -rc, "cannot read back %s", step->path);
		error_at(error, step->operation, step->path);
		return rc;
	}
	if (!vfioap_ids_parse_mask(line, &shown, NULL) && vfioap_ids_equal(&shown, expected))
		return 0;
	return step_without_effect(step, line, error);
}

/* The kernel has refused: whose queues would the host take? */
static int explain_refusal(struct vfioap_plan *plan, const struct vfioap_step *step, int rc,
			   struct vfioap_error **error)
{
	struct vfioap_error *reason = NULL;
	struct vfioap_host *now = NULL;

	if (!error || rc != -EBUSY || vfioap_host_read(plan->ctx, PLAN_PARTS, &now, NULL))
		return rc;
	if (conflict_of_masks(now, &plan->after->apmask, &plan->after->aqmask, &reason) == rc &&
	    reason) {
		error_clear(error);
		*error = reason;
		error_at(error, step->operation, step->path);
	} else {
		vfioap_error_free(reason);
	}
	vfioap_host_free(now);
	return rc;
}

static int mask_run(struct vfioap_plan *plan, struct vfioap_step *step,
		    struct vfioap_error **error)
{
	int rc = step_write(plan, step, error);

	if (rc)
		return explain_refusal(plan, step, rc, error);
	return verify(plan, step, mask_of(step, &step->after), error);
}

static int mask_undo(struct vfioap_plan *plan, struct vfioap_step *step,
		     struct vfioap_error **error)
{
	const struct vfioap_ids *before = mask_of(step, &step->before);
	char text[VFIOAP_MASK_TEXT_SIZE];
	int rc;

	vfioap_ids_format_mask(before, text);
	rc = sysfs_write(plan->ctx, step->path, text);
	if (rc)
		return error_from_errno(error, -rc, "cannot write %s to %s", text, step->path);
	return verify(plan, step, before, error);
}

static const struct step_class mask_class = { mask_run, mask_undo };

static int add_mask_step(struct vfioap_plan *plan, const char *operation, const char *path,
			 const struct vfioap_ids *mask, const struct pool *before,
			 const struct pool *after)
{
	char text[VFIOAP_MASK_TEXT_SIZE];
	struct vfioap_step *step;
	char *copy = strdup(path);

	vfioap_ids_format_mask(mask, text);
	step = copy ? plan_add_step(plan, &mask_class, operation, copy, text) : NULL;
	if (!step)
		return -ENOMEM;
	step->before.adapters = before->apmask;
	step->before.domains = before->aqmask;
	step->after.adapters = after->apmask;
	step->after.domains = after->aqmask;
	return 0;
}

/* ---- Which queues change sides ---- */

static bool is_host(const struct pool *pool, uint16_t apqn)
{
	return vfioap_ids_has(&pool->apmask, vfioap_apqn_adapter(apqn)) &&
	       vfioap_ids_has(&pool->aqmask, vfioap_apqn_domain(apqn));
}

static size_t count_moved(const struct vfioap_host *host, const struct pool *from,
			  const struct pool *to)
{
	size_t count = 0, i;

	for (i = 0; i < host->num_queues; i++) {
		uint16_t apqn = host->queues[i].apqn;

		count += is_host(from, apqn) != is_host(to, apqn);
	}
	return count;
}

/* It is on the other side, or gets the driver that it should have had. */
static bool is_moved(const struct vfioap_plan *plan, size_t index)
{
	const struct vfioap_queue *before = &plan->before->queues[index];
	const struct vfioap_queue *after = &plan->after->queues[index];

	return bus_reserves(plan->before, before->apqn) !=
		       bus_reserves(plan->after, before->apqn) ||
	       (plan->asked_for[before->apqn] && !before->driver && after->driver);
}

/* Compare the sides of the queues before the plan with those after it. */
static int note_moved(struct vfioap_plan *plan)
{
	const struct vfioap_host *host = plan->before;
	struct moved_queue *moved = calloc(host->num_queues + 1, sizeof(*moved));
	size_t count = 0, i;

	if (!moved)
		return -ENOMEM;
	for (i = 0; i < host->num_queues; i++) {
		uint16_t apqn = host->queues[i].apqn;

		if (is_moved(plan, i))
			moved[count++] = (struct moved_queue){ apqn, plan->asked_for[apqn] };
	}
	free(plan->moved);
	plan->moved = moved;
	plan->num_moved = count;
	return 0;
}

static int note_asked_for(struct vfioap_plan *plan, const struct vfioap_queue_pattern *patterns,
			  size_t count)
{
	size_t i, k;

	if (!plan->asked_for)
		plan->asked_for = calloc(VFIOAP_IDS * VFIOAP_IDS, sizeof(*plan->asked_for));
	if (!plan->asked_for)
		return -ENOMEM;
	for (k = 0; k < count; k++) {
		for (i = 0; i < plan->before->num_queues; i++) {
			uint16_t apqn = plan->before->queues[i].apqn;

			if (vfioap_queue_pattern_matches(&patterns[k], apqn))
				plan->asked_for[apqn] = true;
		}
	}
	return 0;
}

/* ---- From patterns to masks ---- */

static struct vfioap_matrix named_by(const struct vfioap_queue_pattern *patterns, size_t count)
{
	struct vfioap_matrix named = { 0 };
	size_t i;

	for (i = 0; i < count; i++) {
		if (patterns[i].adapter != VFIOAP_ANY)
			vfioap_ids_add(&named.adapters, (unsigned int)patterns[i].adapter);
		if (patterns[i].domain != VFIOAP_ANY)
			vfioap_ids_add(&named.domains, (unsigned int)patterns[i].domain);
	}
	return named;
}

/* What "all" means: what the host is configured with; without QCI, what it has. */
static struct vfioap_matrix all_of_host(const struct vfioap_host *host)
{
	struct vfioap_matrix all = host->matrix;
	size_t i;

	if (!vfioap_ids_empty(&all.adapters) || !vfioap_ids_empty(&all.domains))
		return all;
	for (i = 0; i < host->num_queues; i++) {
		vfioap_ids_add(&all.adapters, vfioap_apqn_adapter(host->queues[i].apqn));
		vfioap_ids_add(&all.domains, vfioap_apqn_domain(host->queues[i].apqn));
	}
	return all;
}

/* The adapters and domains that a pattern stands for. */
static struct vfioap_matrix expand(const struct vfioap_queue_pattern *pattern,
				   const struct vfioap_matrix *all)
{
	struct vfioap_matrix result = { 0 };

	if (pattern->adapter == VFIOAP_ANY)
		result.adapters = all->adapters;
	else
		vfioap_ids_add(&result.adapters, (unsigned int)pattern->adapter);
	if (pattern->domain == VFIOAP_ANY)
		result.domains = all->domains;
	else
		vfioap_ids_add(&result.domains, (unsigned int)pattern->domain);
	return result;
}

/* Clear the bits of whole adapters and domains; of single queues, those of one side. */
static struct pool clear_bits(const struct vfioap_host *host, const struct pool *pool,
			      const struct vfioap_queue_pattern *patterns, size_t count,
			      bool single_by_adapter)
{
	const struct vfioap_matrix of_host = { .adapters = pool->apmask, .domains = pool->aqmask };
	const struct vfioap_matrix all = all_of_host(host);
	struct pool result = *pool;
	size_t i;

	for (i = 0; i < count; i++) {
		const struct vfioap_queue_pattern *pattern = &patterns[i];
		struct vfioap_matrix wanted = expand(pattern, &all);
		bool single = pattern->adapter != VFIOAP_ANY && pattern->domain != VFIOAP_ANY;

		if (!matrix_shares_queue(&wanted, &of_host))
			continue; /* all are free */
		if (single ? single_by_adapter : pattern->domain == VFIOAP_ANY)
			vfioap_ids_remove(&result.apmask, (unsigned int)pattern->adapter);
		else
			vfioap_ids_remove(&result.aqmask, (unsigned int)pattern->domain);
	}
	return result;
}

static struct pool pool_without(const struct vfioap_host *host, const struct pool *pool,
				const struct vfioap_queue_pattern *patterns, size_t count)
{
	struct pool by_adapter = clear_bits(host, pool, patterns, count, true);
	struct pool by_domain = clear_bits(host, pool, patterns, count, false);

	if (count_moved(host, pool, &by_domain) < count_moved(host, pool, &by_adapter))
		return by_domain;
	return by_adapter;
}

static struct pool pool_with(const struct vfioap_host *host, const struct pool *pool,
			     const struct vfioap_queue_pattern *patterns, size_t count)
{
	const struct vfioap_matrix all = all_of_host(host);
	struct pool result = *pool;
	size_t i;

	for (i = 0; i < count; i++) {
		struct vfioap_matrix wanted = expand(&patterns[i], &all);

		result.apmask = vfioap_ids_or(&result.apmask, &wanted.adapters);
		result.aqmask = vfioap_ids_or(&result.aqmask, &wanted.domains);
	}
	return result;
}

static int add_steps(struct vfioap_plan *plan, const struct pool *from, const struct pool *to)
{
	size_t first = plan->num_steps;
	int rc = 0;

	if (!vfioap_ids_equal(&from->apmask, &to->apmask))
		rc = add_mask_step(plan, "apmask", PATH_BUS "/apmask", &to->apmask, from, to);
	if (!rc && !vfioap_ids_equal(&from->aqmask, &to->aqmask))
		rc = add_mask_step(plan, "aqmask", PATH_BUS "/aqmask", &to->aqmask, from, to);
	if (!rc)
		rc = predict_masks(plan->after, &to->apmask, &to->aqmask);
	if (!rc)
		rc = note_moved(plan);
	if (rc)
		plan_drop_steps(plan, first);
	return rc;
}

/* Can the pool be changed at all, and by these ids? */
static int check_pool(struct vfioap_plan *plan, const struct vfioap_ids *adapters,
		      const struct vfioap_ids *domains, struct vfioap_error **error)
{
	int rc = plan_check_open(plan, error);

	if (rc)
		return rc;
	if (!plan->after->has_bus)
		return error_fail(error, VFIOAP_UNSUPPORTED, EOPNOTSUPP,
				  "this machine has no AP bus");
	return conflict_of_range(plan->after, adapters, domains, error);
}

/* Add what leads from one pool to the other, unless devices are in the way. */
static int move(struct vfioap_plan *plan, const struct pool *from, const struct pool *to,
		struct vfioap_error **error)
{
	bool same = vfioap_ids_equal(&from->apmask, &to->apmask) &&
		    vfioap_ids_equal(&from->aqmask, &to->aqmask);
	int rc = same ? 0 : override_check_masks(plan->after, error);

	if (same || rc)
		return rc;
	rc = conflict_of_masks(plan->after, &to->apmask, &to->aqmask, error);
	if (rc) {
		error_at(error, "apmask", PATH_BUS "/apmask");
		return rc;
	}
	return add_steps(plan, from, to) ? error_no_memory(error) : 0;
}

static int change_pool(struct vfioap_plan *plan, const struct vfioap_queue_pattern *patterns,
		       size_t count,
		       struct pool (*change)(const struct vfioap_host *host,
					     const struct pool *pool,
					     const struct vfioap_queue_pattern *patterns,
					     size_t count),
		       struct vfioap_error **error)
{
	const struct vfioap_matrix named = named_by(patterns, count);
	const struct vfioap_host *host = plan->after;
	const struct pool from = { host->apmask, host->aqmask };
	struct pool to;
	int rc;

	rc = check_pool(plan, &named.adapters, &named.domains, error);
	if (rc)
		return rc;
	if (note_asked_for(plan, patterns, count))
		return error_no_memory(error);
	to = change(host, &from, patterns, count);
	if (overrides_rule(host))
		rc = override_queues(plan, patterns, count, change == pool_without, error);
	else
		rc = move(plan, &from, &to, error);
	if (rc)
		return rc;
	if ((change == pool_without && binding_add_missing(plan, patterns, count)) ||
	    note_moved(plan))
		return error_no_memory(error);
	return 0;
}

int vfioap_plan_pool_free(struct vfioap_plan *plan, const struct vfioap_queue_pattern *patterns,
			  size_t count, struct vfioap_error **error)
{
	return change_pool(plan, patterns, count, pool_without, error);
}

int vfioap_plan_pool_reserve(struct vfioap_plan *plan,
			     const struct vfioap_queue_pattern *patterns, size_t count,
			     struct vfioap_error **error)
{
	return change_pool(plan, patterns, count, pool_with, error);
}

/* ---- Exactly these ---- */

/* Ids that this machine can have. */
static struct vfioap_ids possible(int highest)
{
	struct vfioap_ids ids = { 0 };
	unsigned int id;

	for (id = 0; id < VFIOAP_IDS && (highest < 0 || id <= (unsigned int)highest); id++)
		vfioap_ids_add(&ids, id);
	return ids;
}

struct vfioap_matrix pool_of_host(const struct vfioap_host *host)
{
	const struct vfioap_ids adapters = possible(host->max_adapter);
	const struct vfioap_ids domains = possible(host->max_domain);

	return (struct vfioap_matrix){
		.adapters = vfioap_ids_minus(&adapters, &host->apmask),
		.domains = vfioap_ids_minus(&domains, &host->aqmask),
	};
}

/* The mask that leaves @wanted to vfio_ap. Bits that no id can have stay as they are. */
static struct vfioap_ids mask_without(const struct vfioap_ids *mask, int highest,
				      const struct vfioap_ids *wanted)
{
	const struct vfioap_ids ids = possible(highest);
	const struct vfioap_ids of_host = vfioap_ids_minus(&ids, wanted);
	const struct vfioap_ids rest = vfioap_ids_minus(mask, &ids);

	return vfioap_ids_or(&of_host, &rest);
}

static struct pool pool_of(const struct vfioap_host *host, const struct vfioap_matrix *wanted,
			   unsigned int parts)
{
	struct pool pool = { host->apmask, host->aqmask };

	if (parts & VFIOAP_ADAPTERS)
		pool.apmask = mask_without(&pool.apmask, host->max_adapter, &wanted->adapters);
	if (parts & VFIOAP_DOMAINS)
		pool.aqmask = mask_without(&pool.aqmask, host->max_domain, &wanted->domains);
	return pool;
}

/*
 * Whoever names adapters and domains thinks of the queues that have both; whoever names
 * only one kind, of all that has it. The host gets the rest.
 */
static int note_named(struct vfioap_plan *plan, const struct vfioap_matrix *wanted,
		      unsigned int parts, const struct pool *to)
{
	struct vfioap_matrix named = *wanted;
	size_t i;

	if (!(parts & VFIOAP_ADAPTERS) || vfioap_ids_empty(&named.adapters))
		named.adapters = possible(-1);
	if (!(parts & VFIOAP_DOMAINS) || vfioap_ids_empty(&named.domains))
		named.domains = possible(-1);
	if (note_asked_for(plan, NULL, 0))
		return -ENOMEM;
	for (i = 0; i < plan->before->num_queues; i++) {
		uint16_t apqn = plan->before->queues[i].apqn;

		if (vfioap_matrix_has_queue(&named, apqn) || is_host(to, apqn))
			plan->asked_for[apqn] = true;
	}
	return 0;
}

/* @take: also give back to the host what vfio_ap is not to have. */
static int change_exactly(struct vfioap_plan *plan, const struct vfioap_matrix *wanted,
			  unsigned int parts, bool take, struct vfioap_error **error)
{
	const struct vfioap_host *host = plan->after;
	const struct pool from = { host->apmask, host->aqmask };
	struct pool to;
	int rc;

	if (!parts)
		return 0;
	rc = check_pool(plan, &wanted->adapters, &wanted->domains, error);
	if (rc)
		return rc;
	to = pool_of(host, wanted, parts);
	if (note_named(plan, wanted, parts, &to))
		return error_no_memory(error);
	if (!take) {
		to.apmask = vfioap_ids_and(&to.apmask, &from.apmask);
		to.aqmask = vfioap_ids_and(&to.aqmask, &from.aqmask);
	}
	return move(plan, &from, &to, error);
}

int pool_grow(struct vfioap_plan *plan, const struct vfioap_matrix *wanted, unsigned int parts,
	      struct vfioap_error **error)
{
	return change_exactly(plan, wanted, parts, false, error);
}

int pool_set(struct vfioap_plan *plan, const struct vfioap_matrix *wanted, unsigned int parts,
	     struct vfioap_error **error)
{
	return change_exactly(plan, wanted, parts, true, error);
}

int vfioap_plan_pool_set(struct vfioap_plan *plan, const struct vfioap_ids *adapters,
			 const struct vfioap_ids *domains, struct vfioap_error **error)
{
	const struct vfioap_ids none = { 0 };
	const struct vfioap_matrix wanted = { adapters ? *adapters : none,
					      domains ? *domains : none, none };

	return pool_set(plan, &wanted,
			(adapters ? VFIOAP_ADAPTERS : 0) | (domains ? VFIOAP_DOMAINS : 0), error);
}
