/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The library's objects as JSON. Each function returns a new object.
 */
#ifndef VFIOAP_CLI_DESCRIBE_H
#define VFIOAP_CLI_DESCRIBE_H

#include <json-c/json.h>
#include <vfioap.h>

struct document;
struct device_reference;

struct json_object *describe_ids(const struct vfioap_ids *ids);
struct json_object *describe_apqn(uint16_t apqn);
/* An object that starts with apqn, adapter and domain. */
struct json_object *describe_queue_name(uint16_t apqn);
struct json_object *describe_owner(const struct vfioap_owner *owner);
struct json_object *describe_card(const struct vfioap_card *card);
/* @owner, the queue's, which becomes part of it. */
struct json_object *describe_queue(const struct vfioap_queue *queue, struct json_object *owner);
/* @reference, which may be NULL, knows the name; JSON null if @device is NULL. */
struct json_object *describe_device(const struct vfioap_host *host,
				    const struct vfioap_device *device,
				    const struct device_reference *reference);
/* The same, also for a device that is only defined; JSON null if it is neither. */
struct json_object *describe_known_device(const struct vfioap_host *host, const char *uuid,
					  const struct device_reference *reference);
/* All of them, in the order of UUIDs. */
struct json_object *describe_known_devices(const struct vfioap_host *host);
struct json_object *describe_pool(const struct vfioap_host *host);
struct json_object *describe_driver(const struct vfioap_host *host);
/* Put queues that change sides into the data of a change. */
void describe_moved(struct json_object *data, const struct vfioap_plan *plan);
struct json_object *describe_steps(const struct vfioap_plan *plan);
struct json_object *describe_error(const struct vfioap_error *error);
/* Words of a list that NULL ends. */
struct json_object *describe_words(const char *const *words);

/* Take over the library's error as the document's, and free it. Returns -1. */
int document_fail_with(struct document *doc, struct vfioap_error *error);

/*
 * The same for a value on the command line that makes no sense, which is wrong
 * usage; @option is the one it was given to, NULL for an argument.
 */
int document_refuse_value(struct document *doc, const char *option, struct vfioap_error *error);

/* Warn of each file of definitions or names that was set aside. */
void document_warn_bad_files(struct document *doc, const struct vfioap_host *host);

#endif
