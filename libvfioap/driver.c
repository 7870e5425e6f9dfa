// SPDX-License-Identifier: LGPL-2.1-or-later
#include "driver.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <libkmod.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus.h"
#include "cleanup.h"
#include "error.h"
#include "plan.h"
#include "predict.h"
#include "sysfs.h"

#define LIBKMOD "libkmod.so.2"

int driver_read(struct vfioap_host *host, const struct vfioap_ctx *ctx,
		struct vfioap_error **error)
{
	_cleanup_fd_ int matrix = sysfs_open(ctx, PATH_MATRIX, O_RDONLY | O_DIRECTORY);
	_cleanup_fd_ int type = -1;
	char line[SYSFS_LINE_SIZE];
	char **word;

	if (matrix < 0 || sysfs_read_line(matrix, "features", line))
		line[0] = '\0';
	host->driver_features = split_words(line);
	if (!host->driver_features)
		return error_no_memory(error);
	for (word = host->driver_features; *word; word++)
		host->has_config |= !strcmp(*word, "ap_config");
	host->module_loaded = sysfs_exists(ctx, PATH_MODULES "/" DRIVER_NAME);
	type = sysfs_open(ctx, PATH_TYPE, O_RDONLY | O_DIRECTORY);
	host->has_driver = type >= 0;
	if (type >= 0 && sysfs_read_number(type, "available_instances", &host->available_devices))
		host->available_devices = -1;
	return 0;
}

/* ---- libkmod, loaded when needed: it would triple the time that a program starts in ---- */

struct kmod {
	void *library;
	struct kmod_ctx *ctx;
	struct kmod_module *module;
	__typeof__(kmod_new) *new;
	__typeof__(kmod_unref) *unref;
	__typeof__(kmod_set_log_fn) *set_log_fn;
	__typeof__(kmod_module_new_from_name) *module_new_from_name;
	__typeof__(kmod_module_unref) *module_unref;
	__typeof__(kmod_module_probe_insert_module) *module_probe_insert_module;
	__typeof__(kmod_module_remove_module) *module_remove_module;
};

static void kmod_close(struct kmod *kmod)
{
	if (kmod->module)
		kmod->module_unref(kmod->module);
	if (kmod->ctx)
		kmod->unref(kmod->ctx);
	if (kmod->library)
		dlclose(kmod->library);
}
#define _cleanup_kmod_ _cleanup_(kmod_close)

static bool load_functions(struct kmod *kmod)
{
	kmod->library = dlopen(LIBKMOD, RTLD_NOW | RTLD_LOCAL);
	if (!kmod->library)
		return false;
	kmod->new = dlsym(kmod->library, "kmod_new");
	kmod->unref = dlsym(kmod->library, "kmod_unref");
	kmod->set_log_fn = dlsym(kmod->library, "kmod_set_log_fn");
	kmod->module_new_from_name = dlsym(kmod->library, "kmod_module_new_from_name");
	kmod->module_unref = dlsym(kmod->library, "kmod_module_unref");
	kmod->module_probe_insert_module =
		dlsym(kmod->library, "kmod_module_probe_insert_module");
	kmod->module_remove_module = dlsym(kmod->library, "kmod_module_remove_module");
	return kmod->new && kmod->unref && kmod->set_log_fn && kmod->module_new_from_name &&
	       kmod->module_unref && kmod->module_probe_insert_module && kmod->module_remove_module;
}

/* libkmod would print to stderr. */
static void log_of_kmod(void *data, int priority, const char *file, int line,
			const char *function, const char *format, va_list arguments)
{
	_cleanup_text_ char *message = NULL;

	(void)priority;
	(void)file;
	(void)line;
	(void)function;
	if (vasprintf(&message, format, arguments) < 0) {
		message = NULL;
		return;
	}
	message[strcspn(message, "\n")] = '\0';
	ctx_log(data, VFIOAP_LOG_WARNING, "libkmod: %s", message);
}

static int kmod_open(struct kmod *kmod, struct vfioap_ctx *ctx, struct vfioap_error **error)
{
	int rc;

	if (!load_functions(kmod))
		return error_fail(error, VFIOAP_UNSUPPORTED, EOPNOTSUPP,
				  "cannot load %s, which is needed to load modules", LIBKMOD);
	kmod->ctx = kmod->new(NULL, NULL);
	if (!kmod->ctx)
		return error_no_memory(error);
	kmod->set_log_fn(kmod->ctx, log_of_kmod, ctx);
	rc = kmod->module_new_from_name(kmod->ctx, DRIVER_NAME, &kmod->module);
	return rc ? error_from_errno(error, -rc, "cannot find module %s", DRIVER_NAME) : 0;
}

/* ---- Steps ---- */

static int load_failed(int number, struct vfioap_error **error)
{
	if (number == ENOENT || number == ENOSYS)
		error_fail(error, VFIOAP_UNSUPPORTED, number,
			   "this kernel has no module %s", DRIVER_NAME);
	else if (number == ENODEV)
		error_fail(error, VFIOAP_UNSUPPORTED, number,
			   "module %s found no AP bus or no AP instructions", DRIVER_NAME);
	else
		error_from_errno(error, number, "cannot load module %s", DRIVER_NAME);
	error_at(error, "load", NULL);
	return -number;
}

static int load(struct vfioap_ctx *ctx, struct vfioap_error **error)
{
	_cleanup_kmod_ struct kmod kmod = { 0 };
	int rc = kmod_open(&kmod, ctx, error);

	if (rc)
		return rc;
	/* an install command in modprobe.d could be anything */
	rc = kmod.module_probe_insert_module(kmod.module, KMOD_PROBE_IGNORE_COMMAND, NULL, NULL,
					     NULL, NULL);
	if (rc > 0)
		rc = -EPERM; /* blacklisted */
	return rc ? load_failed(-rc, error) : 0;
}

static int unload(struct vfioap_ctx *ctx, struct vfioap_error **error)
{
	_cleanup_kmod_ struct kmod kmod = { 0 };
	int rc = kmod_open(&kmod, ctx, error);

	if (rc)
		return rc;
	rc = kmod.module_remove_module(kmod.module, KMOD_REMOVE_NOWAIT);
	if (!rc)
		return 0;
	if (rc == -EAGAIN || rc == -EBUSY)
		error_fail(error, VFIOAP_BUSY, -rc, "module %s is in use", DRIVER_NAME);
	else
		error_from_errno(error, -rc, "cannot unload module %s", DRIVER_NAME);
	error_at(error, "unload", NULL);
	return rc;
}

static int load_run(struct vfioap_plan *plan, struct vfioap_step *step, struct vfioap_error **error)
{
	int rc = load(plan->ctx, error);

	if (rc)
		return rc;
	step->done = true;
	if (sysfs_exists(plan->ctx, PATH_TYPE))
		return 0;
	rc = error_fail(error, VFIOAP_IO, EIO, "module %s is loaded, but %s did not appear",
			DRIVER_NAME, PATH_TYPE);
	error_at(error, step->operation, NULL);
	return rc;
}

static int unload_run(struct vfioap_plan *plan, struct vfioap_step *step,
		      struct vfioap_error **error)
{
	int rc = unload(plan->ctx, error);

	if (rc)
		return rc;
	step->done = true;
	if (!sysfs_exists(plan->ctx, PATH_MATRIX))
		return 0;
	rc = error_fail(error, VFIOAP_IO, EIO, "module %s is unloaded, but %s is still there",
			DRIVER_NAME, PATH_MATRIX);
	error_at(error, step->operation, NULL);
	return rc;
}

/* It may never have been loaded, though the kernel said so. */
static int load_undo(struct vfioap_plan *plan, struct vfioap_step *step,
		     struct vfioap_error **error)
{
	return sysfs_exists(plan->ctx, PATH_MODULES "/" DRIVER_NAME) ?
		       unload_run(plan, step, error) : 0;
}

static int unload_undo(struct vfioap_plan *plan, struct vfioap_step *step,
		       struct vfioap_error **error)
{
	return load_run(plan, step, error);
}

static const struct step_class load_class = { load_run, load_undo };
static const struct step_class unload_class = { unload_run, unload_undo };

/* ---- Changes ---- */

static int check_plan(const struct vfioap_plan *plan, struct vfioap_error **error)
{
	int rc = plan_check_open(plan, error);

	if (rc || plan->ctx->real_root)
		return rc;
	return error_fail(error, VFIOAP_UNSUPPORTED, EOPNOTSUPP,
			  "modules can only be loaded and unloaded with the root directory /");
}

static int add_step(struct vfioap_plan *plan, const struct step_class *class,
		    const char *operation, bool loaded, struct vfioap_error **error)
{
	size_t first = plan->num_steps;

	if (plan_add_step(plan, class, operation, NULL, DRIVER_NAME) &&
	    !predict_driver(plan->after, loaded))
		return 0;
	plan_drop_steps(plan, first);
	return error_no_memory(error);
}

int vfioap_plan_driver_load(struct vfioap_plan *plan, struct vfioap_error **error)
{
	int rc = check_plan(plan, error);

	if (rc || plan->after->has_driver)
		return rc;
	return add_step(plan, &load_class, "load", true, error);
}

static int has_devices(const struct vfioap_host *host, struct vfioap_error **error)
{
	const struct vfioap_device *device = host->devices[0];
	int rc;

	rc = error_fail(error, VFIOAP_BUSY, EBUSY,
			"module %s has %zu device%s, which would be lost: %s%s", DRIVER_NAME,
			host->num_devices, host->num_devices == 1 ? "" : "s", device->uuid,
			host->num_devices == 1 ? "" : ", ...");
	error_at(error, "unload", NULL);
	error_whose(error, device->num_users ? device->users[0] : device->as_device);
	error_hint(error, "vfioap-ctl remove --all");
	return rc;
}

int vfioap_plan_driver_unload(struct vfioap_plan *plan, struct vfioap_error **error)
{
	const struct vfioap_host *host = plan->after;
	int rc = check_plan(plan, error);

	if (rc || (!host->has_driver && !host->module_loaded))
		return rc;
	if (host->num_devices)
		return has_devices(host, error);
	return add_step(plan, &unload_class, "unload", false, error);
}
