// SPDX-License-Identifier: GPL-2.0-or-later
#include "request.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "describe.h"
#include "json_document.h"
#include "message.h"

static volatile sig_atomic_t interrupted;

static void note_signal(int number __attribute__((unused)))
{
	interrupted = 1;
}

/* Without SA_RESTART, so that a wait ends and what was begun is undone. */
static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = note_signal };

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static int show_progress(const char *what, unsigned int elapsed, unsigned int timeout,
			 void *data __attribute__((unused)))
{
	if (timeout == VFIOAP_FOREVER)
		progress_show("%s, %u s", what, elapsed / 1000);
	else if (timeout)
		progress_show("%s, %u of %u s", what, elapsed / 1000, timeout / 1000);
	return interrupted;
}

static void log_message(enum vfioap_log_level level, const char *message, void *data)
{
	const struct request *req = data;

	if (level == VFIOAP_LOG_WARNING && req->quiet)
		return;
	progress_clear();
	fprintf(stderr, "vfioap-ctl: %s: %s\n", req->command->name, message);
}

bool request_interrupted(void)
{
	return interrupted;
}

struct vfioap_ctx *request_context(struct request *req, struct document *doc)
{
	static const enum vfioap_log_level levels[] = { VFIOAP_LOG_WARNING, VFIOAP_LOG_INFO,
							VFIOAP_LOG_DEBUG };
	struct vfioap_error *error = NULL;

	if (req->ctx)
		return req->ctx;
	if (vfioap_ctx_new(&req->ctx, &error)) {
		document_fail_with(doc, error);
		return NULL;
	}
	vfioap_ctx_set_log(req->ctx, levels[req->verbose], log_message, req);
	vfioap_ctx_set_progress(req->ctx, show_progress, NULL);
	vfioap_ctx_set_lock_timeout(req->ctx, req->lock_timeout * 1000);
	if (req->root && vfioap_ctx_set_root(req->ctx, req->root, &error)) {
		document_fail_with(doc, error);
		req->ctx = vfioap_ctx_unref(req->ctx);
		return NULL;
	}
	catch_signals();
	return req->ctx;
}

struct vfioap_host *request_host(struct request *req, unsigned int parts, struct document *doc)
{
	struct vfioap_ctx *ctx = request_context(req, doc);
	struct vfioap_error *error = NULL;
	struct vfioap_host *host = NULL;

	if (ctx && vfioap_host_read(ctx, parts, &host, &error))
		document_fail_with(doc, error);
	return host;
}

/* The device that was given the name, else the one whose UUID the name makes. */
static int find_named(struct request *req, struct device_reference *device, struct document *doc)
{
	_cleanup_host_ struct vfioap_host *host = request_host(req, VFIOAP_READ_DEFINITIONS, doc);
	const char *uuid = host ? vfioap_host_find_name(host, device->name) : NULL;

	if (uuid)
		memcpy(device->uuid, uuid, sizeof(device->uuid));
	return host ? 0 : -1;
}

int request_device(struct request *req, const char *text, struct device_reference *device,
		   struct document *doc)
{
	device->name = NULL;
	if (!vfioap_uuid_parse(text, device->uuid, NULL))
		return 0;
	if (!vfioap_uuid_from_name(text, device->uuid, NULL)) {
		device->name = text;
		return find_named(req, device, doc);
	}
	return document_fail(doc, "usage", NULL,
			     "'%s' is neither a UUID, such as 62177883-f1bb-47f0-914d-32a22e3a8804, nor "
			     "the name of a device: a letter, then letters, digits, '.', '_' and '-'",
			     text);
}

int need_bus(const struct vfioap_host *host, struct document *doc)
{
	if (vfioap_host_has_bus(host))
		return 0;
	return document_fail(doc, "unsupported", NULL,
			     "this machine has no AP bus: /sys/bus/ap does not exist");
}

int need_driver(const struct vfioap_host *host, struct document *doc)
{
	if (need_bus(host, doc))
		return -1;
	if (vfioap_host_has_driver(host))
		return 0;
	return document_fail(doc, "unsupported", "vfioap-ctl driver load",
			     "the vfio_ap driver is not loaded");
}

const struct vfioap_device *need_device(const struct vfioap_host *host,
					const struct device_reference *reference,
					struct document *doc)
{
	const struct vfioap_device *device = vfioap_host_find_device(host, reference->uuid);

	if (!device)
		document_fail(doc, "not_found", "vfioap-ctl list",
			      "there is no device %s",
			      reference->name ? reference->name : reference->uuid);
	return device;
}

int request_patterns(struct request *req, struct vfioap_queue_pattern **patterns,
		     struct document *doc)
{
	struct vfioap_error *error = NULL;
	size_t i;

	*patterns = calloc(req->argument_count + 1, sizeof(**patterns));
	if (!*patterns)
		return document_fail(doc, "failed", NULL, "out of memory");
	for (i = 0; i < req->argument_count; i++) {
		if (vfioap_queue_pattern_parse(req->arguments[i], &(*patterns)[i], &error))
			return document_refuse_value(doc, NULL, error);
	}
	return 0;
}

void print_nothing(const struct request *req, const char *text)
{
	if (!req->quiet)
		fprintf(stderr, "vfioap-ctl: %s: %s\n", req->command->name, text);
}

void request_release(struct request *req)
{
	vfioap_ctx_unref(req->ctx);
	free(req->arguments);
}
