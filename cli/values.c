// SPDX-License-Identifier: GPL-2.0-or-later
#include "values.h"

#include <errno.h>
#include <string.h>

#include "command.h"
#include "describe.h"
#include "export.h"
#include "json_document.h"
#include "request.h"

#define DEFAULT_WAIT_SECONDS 60
#define MOST_SECONDS 86400
#define MOST_EVENTS 1000000000

/* Options without argument: each sets one member of the request. */
#define TAKE_FLAG(member)                                                                   \
	int take_##member(struct request *req, const char *text __attribute__((unused)),    \
			  struct document *doc __attribute__((unused)))                     \
	{                                                                                   \
		req->member = true;                                                         \
		return 0;                                                                   \
	}

TAKE_FLAG(json)
TAKE_FLAG(dry_run)
TAKE_FLAG(quiet)
TAKE_FLAG(no_color)
TAKE_FLAG(help)
TAKE_FLAG(version)
TAKE_FLAG(force)
TAKE_FLAG(all)
TAKE_FLAG(prune)
TAKE_FLAG(persist)
TAKE_FLAG(automatic)

int take_verbose(struct request *req, const char *text __attribute__((unused)),
		 struct document *doc __attribute__((unused)))
{
	if (req->verbose < 2)
		req->verbose++;
	return 0;
}

int take_root(struct request *req, const char *text, struct document *doc)
{
	if (!*text)
		return document_fail(doc, "usage", NULL, "--root '' names no directory");
	req->root = text;
	return 0;
}

static int take_seconds(const char *option, const char *text, unsigned int *seconds,
			struct document *doc)
{
	unsigned int value = 0;
	const char *digit = text;

	while (*digit >= '0' && *digit <= '9' && value <= MOST_SECONDS)
		value = 10 * value + (unsigned int)(*digit++ - '0');
	if (!*text || *digit || value > MOST_SECONDS)
		return document_fail(doc, "usage", NULL,
				     "--%s '%s' is not a whole number of seconds from 0 to %d",
				     option, text, MOST_SECONDS);
	*seconds = value;
	return 0;
}

int take_name(struct request *req, const char *text, struct document *doc)
{
	char unused[VFIOAP_UUID_SIZE];
	struct vfioap_error *error = NULL;

	if (vfioap_uuid_from_name(text, unused, &error))
		return document_refuse_value(doc, "name", error);
	req->name = text;
	return 0;
}

int take_label(struct request *req, const char *text,
	       struct document *doc __attribute__((unused)))
{
	req->label = text;
	return 0;
}

int take_format(struct request *req, const char *text, struct document *doc)
{
	size_t i;

	for (i = 0; export_format_name(i); i++) {
		if (!strcmp(export_format_name(i), text)) {
			req->format = text;
			return 0;
		}
	}
	return document_fail(doc, "usage", NULL,
			     "--to '%s' is not one of vfioap, mdevctl, libvirt-xml and "
			     "libvirt-hostdev", text);
}

int take_lock_timeout(struct request *req, const char *text, struct document *doc)
{
	return take_seconds("lock-timeout", text, &req->lock_timeout, doc);
}

int take_wait(struct request *req, const char *text, struct document *doc)
{
	req->wait = true;
	req->wait_seconds = DEFAULT_WAIT_SECONDS;
	return text ? take_seconds("wait", text, &req->wait_seconds, doc) : 0;
}

int take_timeout(struct request *req, const char *text, struct document *doc)
{
	if (take_seconds("timeout", text, &req->timeout, doc))
		return -1;
	req->timeout *= 1000;
	return 0;
}

int take_count(struct request *req, const char *text, struct document *doc)
{
	char *end;
	unsigned long value;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (*text < '1' || *text > '9' || *end || errno || value > MOST_EVENTS)
		return document_fail(doc, "usage", NULL,
				     "--count '%s' is not a number of events from 1 to %d", text,
				     MOST_EVENTS);
	req->count = (unsigned int)value;
	return 0;
}

int take_svg(struct request *req, const char *text, struct document *doc)
{
	if (!*text)
		return document_fail(doc, "usage", NULL, "--svg '' names no file");
	req->svg = text;
	return 0;
}

int take_condition(struct request *req, const char *text, struct document *doc)
{
	struct vfioap_error *error = NULL;

	if (vfioap_condition_parse(text, &req->condition, &error))
		return document_refuse_value(doc, "for", error);
	req->condition_given = true;
	return 0;
}

/* Given several times, an option adds up. "none" is the list that has no members. */
static int take_ids(struct request *req, unsigned int part, struct vfioap_ids *ids,
		    const char *option, const char *text, struct document *doc)
{
	struct vfioap_error *error = NULL;
	struct vfioap_ids more = { 0 };

	if (strcmp(text, "none") && vfioap_ids_parse(text, &more, &error))
		return document_refuse_value(doc, option, error);
	*ids = vfioap_ids_or(ids, &more);
	req->parts |= part;
	return 0;
}

int take_adapters(struct request *req, const char *text, struct document *doc)
{
	return take_ids(req, VFIOAP_ADAPTERS, &req->matrix.adapters, "adapters", text, doc);
}

int take_domains(struct request *req, const char *text, struct document *doc)
{
	return take_ids(req, VFIOAP_DOMAINS, &req->matrix.domains, "domains", text, doc);
}

int take_control_domains(struct request *req, const char *text, struct document *doc)
{
	return take_ids(req, VFIOAP_CONTROL_DOMAINS, &req->matrix.control_domains,
			"control-domains", text, doc);
}

int take_owner(struct request *req, const char *text, struct document *doc)
{
	static const enum vfioap_owner_kind kinds[] = { VFIOAP_OWNER_HOST, VFIOAP_OWNER_FREE,
							VFIOAP_OWNER_DEVICE, VFIOAP_OWNER_GUEST,
							VFIOAP_OWNER_UNKNOWN };
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!strcmp(text, vfioap_owner_kind_name(kinds[i]))) {
			req->owner = text;
			return 0;
		}
	}
	return document_fail(doc, "usage", NULL,
			     "--owner '%s' is not one of host, free, device, guest and unknown",
			     text);
}
