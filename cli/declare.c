// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plan, apply, assert and diff: the host as a configuration file says.
 */
#include <string.h>

#include "describe.h"
#include "families.h"
#include "input.h"
#include "json_document.h"
#include "plan.h"
#include "request.h"

/**
 * struct declaration - what a file says
 * @source: what the file is called
 * @flags: VFIOAP_APPLY_*
 */
struct declaration {
	const char *source;
	struct vfioap_configuration *configuration;
	unsigned int flags;
};

static void release(struct declaration *declaration)
{
	vfioap_configuration_free(declaration->configuration);
}

#define _cleanup_declaration_ __attribute__((cleanup(release)))

static int parse(struct declaration *declaration, const char *text, size_t length,
		 struct document *doc)
{
	struct vfioap_error *error = NULL;

	if (vfioap_configuration_parse(text, length, declaration->source,
				       &declaration->configuration, &error))
		return document_fail_with(doc, error);
	return 0;
}

/* Read the FILE of the command line; 0, or -1 with the document's error set. */
static int load(const struct request *req, struct declaration *declaration, struct document *doc)
{
	const char *path = req->arguments[0];
	size_t length;
	char *text;
	int failed;

	declaration->source = input_name(path);
	declaration->flags = req->prune ? VFIOAP_APPLY_PRUNE : 0;
	if (input_read(path, &text, &length, doc))
		return -1;
	failed = parse(declaration, text, length, doc);
	free(text);
	return failed;
}

/* Number of the device in the configuration; their number if it is not there. */
static size_t find(const struct vfioap_configuration *configuration, const char *uuid)
{
	size_t i, count = vfioap_configuration_get_num_devices(configuration);

	for (i = 0; i < count; i++) {
		if (!strcmp(vfioap_configuration_get_uuid(configuration, i), uuid))
			break;
	}
	return i;
}

static bool is_named(const struct vfioap_configuration *configuration, const char *uuid)
{
	return find(configuration, uuid) < vfioap_configuration_get_num_devices(configuration);
}

/* The pool, and the devices that the file is about. */
static struct json_object *describe(const struct vfioap_host *host, const void *subject)
{
	const struct declaration *declaration = subject;
	const struct vfioap_configuration *configuration = declaration->configuration;
	struct json_object *object = json_object_new_object();
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < vfioap_host_get_num_devices(host); i++) {
		const struct vfioap_device *device = vfioap_host_get_device(host, i);

		if (declaration->flags & VFIOAP_APPLY_PRUNE ||
		    is_named(configuration, vfioap_device_get_uuid(device)))
			json_object_array_add(array, describe_device(host, device, NULL));
	}
	json_put(object, "pool", vfioap_host_has_bus(host) ? describe_pool(host) : NULL);
	json_put(object, "devices", array);
	return object;
}

static int add(struct vfioap_plan *plan, const void *subject, struct vfioap_error **error)
{
	const struct declaration *declaration = subject;

	return vfioap_plan_apply(plan, declaration->configuration, declaration->flags, error);
}

int apply_run(struct request *req, struct document *doc)
{
	_cleanup_declaration_ struct declaration declaration = { 0 };
	const struct change change = { describe, add, describe_moved, &declaration };

	if (load(req, &declaration, doc))
		return -1;
	return plan_run(req, doc, &change);
}

/* What apply --dry-run says. */
int plan_file_run(struct request *req, struct document *doc)
{
	req->dry_run = true;
	doc->dry_run = true;
	return apply_run(req, doc);
}

/* What a device is called, when it is started, and what it has; or the pool. */
static struct json_object *describe_contents(const char *name, enum vfioap_start start,
					     const struct vfioap_matrix *matrix)
{
	struct json_object *object;

	if (!matrix)
		return NULL;
	object = json_object_new_object();
	json_put_text(object, "name", name);
	json_put_text(object, "start", vfioap_start_name(start));
	json_put(object, "adapters", describe_ids(&matrix->adapters));
	json_put(object, "domains", describe_ids(&matrix->domains));
	json_put(object, "control_domains", describe_ids(&matrix->control_domains));
	return object;
}

/* The pool as the host has it, and as the file says; what that does not say, it leaves. */
static void put_pools(struct json_object *object, const struct vfioap_host *host,
		      const struct vfioap_configuration *wanted)
{
	struct vfioap_configuration *now = NULL;
	struct vfioap_matrix matrix = { 0 };

	if (vfioap_configuration_from_host(host, &now, NULL))
		return;
	vfioap_configuration_get_pool(now, &matrix.adapters, &matrix.domains);
	json_put(object, "before", describe_contents(NULL, VFIOAP_START_ANY, &matrix));
	vfioap_configuration_get_pool(wanted, &matrix.adapters, &matrix.domains);
	json_put(object, "after", describe_contents(NULL, VFIOAP_START_ANY, &matrix));
	vfioap_configuration_free(now);
}

/* What the host has: the device, or, if that is what differs, its definition. */
static const struct vfioap_matrix *matrix_of_host(const struct vfioap_host *host, const char *uuid,
						  bool stored)
{
	const struct vfioap_definition *definition = vfioap_host_find_definition(host, uuid);
	const struct vfioap_device *device = vfioap_host_find_device(host, uuid);

	if (stored)
		return definition ? vfioap_definition_get_matrix(definition) : NULL;
	return device ? vfioap_device_get_matrix(device) : NULL;
}

/* As for the pool: what the file does not say, it leaves. */
static void put_devices(struct json_object *object, const struct vfioap_host *host,
			const struct vfioap_configuration *wanted, const char *uuid, bool stored)
{
	const struct vfioap_definition *definition = vfioap_host_find_definition(host, uuid);
	enum vfioap_start start = definition ? vfioap_definition_get_start(definition) :
					       VFIOAP_START_ANY;
	const char *name = vfioap_host_get_name(host, uuid);
	size_t index = find(wanted, uuid);
	const char *other_name = vfioap_configuration_get_name(wanted, index);
	enum vfioap_start other_start = vfioap_configuration_get_start(wanted, index);

	json_put(object, "before",
		 describe_contents(name, start, matrix_of_host(host, uuid, stored)));
	json_put(object, "after",
		 describe_contents(other_name ? other_name : name,
				   other_start == VFIOAP_START_ANY ? start : other_start,
				   vfioap_configuration_get_matrix(wanted, index)));
}

static struct json_object *describe_difference(const struct vfioap_comparison *comparison,
					       size_t index, const struct vfioap_host *host,
					       const struct vfioap_configuration *wanted)
{
	enum vfioap_difference_kind kind = vfioap_comparison_get_kind(comparison, index);
	const char *uuid = vfioap_comparison_get_uuid(comparison, index);
	struct json_object *object = json_object_new_object();
	const char *name = NULL;

	if (uuid)
		name = vfioap_configuration_get_name(wanted, find(wanted, uuid));
	if (uuid && !name)
		name = vfioap_host_get_name(host, uuid);
	json_put_text(object, "kind", vfioap_difference_kind_name(kind));
	json_put_text(object, "uuid", uuid);
	json_put_text(object, "name", name);
	if (uuid)
		put_devices(object, host, wanted, uuid, kind == VFIOAP_DIFFERENCE_STORED);
	else
		put_pools(object, host, wanted);
	return object;
}

static void describe_differences(struct json_object *data,
				 const struct vfioap_comparison *comparison,
				 const struct vfioap_host *host,
				 const struct vfioap_configuration *wanted)
{
	struct json_object *array = json_object_new_array();
	size_t i, count = vfioap_comparison_get_num_differences(comparison);

	for (i = 0; i < count; i++)
		json_object_array_add(array, describe_difference(comparison, i, host, wanted));
	json_put(data, "differences", array);
}

static int drift(const struct request *req, struct document *doc, const char *source,
		 size_t count)
{
	char hint[256];

	snprintf(hint, sizeof(hint), "vfioap-ctl apply%s %s", req->prune ? " --prune" : "",
		 req->arguments[0]);
	return document_fail(doc, "drift", hint, "the host differs from %s in %zu place%s",
			     source, count, count == 1 ? "" : "s");
}

/* assert and diff: they differ in what they print. */
int compare_run(struct request *req, struct document *doc)
{
	_cleanup_declaration_ struct declaration declaration = { 0 };
	_cleanup_host_ struct vfioap_host *host = NULL;
	struct vfioap_comparison *comparison = NULL;
	struct vfioap_error *error = NULL;
	size_t count;

	if (load(req, &declaration, doc))
		return -1;
	host = request_host(req, VFIOAP_READ_DEVICES | VFIOAP_READ_DEFINITIONS, doc);
	if (!host)
		return -1;
	if (vfioap_configuration_compare(declaration.configuration, host, declaration.flags,
					 &comparison, &error))
		return document_fail_with(doc, error);
	doc->data = json_object_new_object();
	describe_differences(doc->data, comparison, host, declaration.configuration);
	count = vfioap_comparison_get_num_differences(comparison);
	vfioap_comparison_free(comparison);
	return count ? drift(req, doc, declaration.source, count) : 0;
}
