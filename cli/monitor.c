// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * monitor: one JSON object a line, the first for the host as it is, then one for each event.
 */
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "describe.h"
#include "families.h"
#include "json_document.h"
#include "request.h"

static long long milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* All records have the same members, and the reader need not wait for a full buffer. */
static int write_record(struct json_object *record)
{
	document_write_record(record, stdout);
	json_object_put(record);
	return fflush(stdout) == EOF ? -1 : 0;
}

static struct json_object *record_new(uint64_t sequence, const char *action, const char *subject)
{
	struct json_object *record = json_object_new_object();

	json_put_number(record, "schema_version", DOCUMENT_SCHEMA_VERSION);
	json_put_text(record, "command", "monitor");
	json_put_number(record, "sequence", (long long)sequence);
	json_put_text(record, "event", action);
	json_put_text(record, "subject", subject);
	return record;
}

static struct json_object *describe_host(const struct vfioap_host *host)
{
	struct json_object *object = json_object_new_object();
	struct json_object *devices = json_object_new_array();
	struct json_object *cards = json_object_new_array();
	size_t i;

	for (i = 0; i < vfioap_host_get_num_devices(host); i++)
		json_object_array_add(devices,
				      describe_device(host, vfioap_host_get_device(host, i), NULL));
	for (i = 0; i < vfioap_host_get_num_cards(host); i++)
		json_object_array_add(cards, describe_card(vfioap_host_get_card(host, i)));
	json_put(object, "driver", describe_driver(host));
	json_put(object, "pool", describe_pool(host));
	json_put(object, "cards", cards);
	json_put(object, "devices", devices);
	return object;
}

static int write_ready(const struct vfioap_host *host)
{
	struct json_object *record = record_new(0, "ready", NULL);

	json_put(record, "path", NULL);
	json_put(record, "adapter", NULL);
	json_put(record, "apqn", NULL);
	json_put(record, "uuid", NULL);
	json_put(record, "properties", json_object_new_array());
	json_put(record, "host", describe_host(host));
	return write_record(record);
}

static struct json_object *describe_properties(const struct vfioap_event *event)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < vfioap_event_get_num_properties(event); i++) {
		struct json_object *property = json_object_new_object();

		json_put_text(property, "name", vfioap_event_get_property_name(event, i));
		json_put_text(property, "value", vfioap_event_get_property_value(event, i));
		json_object_array_add(array, property);
	}
	return array;
}

static int write_event(const struct vfioap_event *event)
{
	struct json_object *record =
		record_new(vfioap_event_get_sequence(event), vfioap_event_get_action(event),
			   vfioap_subject_name(vfioap_event_get_subject(event)));
	int adapter = vfioap_event_get_adapter(event), apqn = vfioap_event_get_apqn(event);

	json_put_text(record, "path", vfioap_event_get_path(event));
	json_put(record, "adapter", adapter < 0 ? NULL : json_object_new_int(adapter));
	json_put(record, "apqn", apqn < 0 ? NULL : describe_apqn((uint16_t)apqn));
	json_put_text(record, "uuid", vfioap_event_get_uuid(event));
	json_put(record, "properties", describe_properties(event));
	json_put(record, "host", NULL);
	return write_record(record);
}

static int too_few(const struct request *req, unsigned int seen, struct document *doc)
{
	return document_fail(doc, "timeout", NULL, "%u of %u events in %u s", seen, req->count,
			     req->timeout / 1000);
}

/*
 * Until something can be read: 1; 0 when it is time to end (the time is over, a signal came,
 * nobody reads any more).
 */
static int wait_for_events(int fd, const struct request *req, long long end)
{
	struct pollfd pollfds[] = { { .fd = fd, .events = POLLIN },
				    { .fd = STDOUT_FILENO } };
	long long left = end - milliseconds();
	int timeout = -1;

	if (req->timeout != VFIOAP_FOREVER)
		timeout = left > 0 ? (int)left : 0;
	if (request_interrupted() || poll(pollfds, 2, timeout) <= 0)
		return 0;
	return !pollfds[1].revents;
}

static int stream(const struct request *req, struct vfioap_monitor *monitor, struct document *doc)
{
	long long end = milliseconds() + req->timeout;
	struct vfioap_error *error = NULL;
	unsigned int seen = 0;

	while (!req->count || seen < req->count) {
		struct vfioap_event *event;
		int rc;

		if (vfioap_monitor_next(monitor, &event, &error))
			return document_fail_with(doc, error);
		if (event) {
			rc = write_event(event);
			vfioap_event_free(event);
			if (rc)
				return -1;
			seen++;
		} else if (!wait_for_events(vfioap_monitor_get_fd(monitor), req, end)) {
			break;
		}
	}
	return req->count && seen < req->count && !request_interrupted() && !ferror(stdout) ?
		too_few(req, seen, doc) : 0;
}

static inline void free_monitorp(struct vfioap_monitor **monitor)
{
	vfioap_monitor_free(*monitor);
}

int monitor_run(struct request *req, struct document *doc)
{
	__attribute__((cleanup(free_monitorp))) struct vfioap_monitor *monitor = NULL;
	_cleanup_host_ struct vfioap_host *host = NULL;
	struct vfioap_ctx *ctx = request_context(req, doc);
	struct vfioap_error *error = NULL;

	if (!ctx)
		return -1;
	/* first listen, then look: what happens in between is told twice, not never */
	if (vfioap_monitor_new(ctx, &monitor, &error))
		return document_fail_with(doc, error);
	host = request_host(req, VFIOAP_READ_ALL, doc);
	if (!host || need_bus(host, doc) || write_ready(host))
		return -1;
	return stream(req, monitor, doc);
}
