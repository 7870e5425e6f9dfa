// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * status, list, queues and map: snapshots of the host.
 */
#include <err.h>
#include <errno.h>
#include <string.h>

#include "describe.h"
#include "families.h"
#include "json_document.h"
#include "long_array.h"
#include "map_svg.h"
#include "request.h"

static void put_known(struct json_object *object, const char *key, int number)
{
	json_put(object, key, number < 0 ? NULL : json_object_new_int(number));
}

static struct json_object *describe_bus(const struct vfioap_host *host)
{
	struct json_object *object = json_object_new_object();

	json_put_bool(object, "present", vfioap_host_has_bus(host));
	json_put_bool(object, "simulated", vfioap_host_is_simulated(host));
	json_put(object, "features", describe_words(vfioap_host_get_bus_features(host)));
	put_known(object, "max_adapter", vfioap_host_get_max_adapter(host));
	put_known(object, "max_domain", vfioap_host_get_max_domain(host));
	put_known(object, "default_domain", vfioap_host_get_default_domain(host));
	put_known(object, "bound_queues", vfioap_host_get_bound_queues(host));
	put_known(object, "total_queues", vfioap_host_get_total_queues(host));
	return object;
}

static struct json_object *count_queues(const struct vfioap_host *host)
{
	static const enum vfioap_owner_kind kinds[] = { VFIOAP_OWNER_HOST, VFIOAP_OWNER_FREE,
							VFIOAP_OWNER_DEVICE, VFIOAP_OWNER_GUEST,
							VFIOAP_OWNER_UNKNOWN };
	size_t total = vfioap_host_get_num_queues(host);
	struct json_object *object = json_object_new_object();
	size_t i, k;

	json_put_number(object, "total", (long long)total);
	for (k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		int count = 0;

		for (i = 0; i < total; i++) {
			const struct vfioap_queue *queue = vfioap_host_get_queue(host, i);

			count += vfioap_owner_get_kind(vfioap_queue_get_owner(queue)) == kinds[k];
		}
		json_put_number(object, vfioap_owner_kind_name(kinds[k]), count);
	}
	return object;
}

static struct json_object *count_devices(const struct vfioap_host *host)
{
	static const enum vfioap_device_state states[] = {
		VFIOAP_DEVICE_IDLE, VFIOAP_DEVICE_IN_USE, VFIOAP_DEVICE_REMOVING
	};
	size_t total = vfioap_host_get_num_devices(host);
	struct json_object *object = json_object_new_object();
	size_t i, s;

	json_put_number(object, "total", (long long)total);
	for (s = 0; s < sizeof(states) / sizeof(states[0]); s++) {
		int count = 0;

		for (i = 0; i < total; i++)
			count += vfioap_device_get_state(vfioap_host_get_device(host, i)) ==
				 states[s];
		json_put_number(object, vfioap_device_state_name(states[s]), count);
	}
	return object;
}

int status_run(struct request *req, struct document *doc)
{
	_cleanup_host_ struct vfioap_host *host = request_host(req, VFIOAP_READ_ALL, doc);

	if (!host)
		return -1;
	doc->data = json_object_new_object();
	json_put(doc->data, "ap_bus", describe_bus(host));
	json_put(doc->data, "driver", describe_driver(host));
	json_put(doc->data, "pool", vfioap_host_has_bus(host) ? describe_pool(host) : NULL);
	json_put_number(doc->data, "cards", (long long)vfioap_host_get_num_cards(host));
	json_put(doc->data, "queues", count_queues(host));
	json_put(doc->data, "devices", count_devices(host));
	if (!vfioap_host_has_bus(host))
		document_warn(doc, "no_bus", "this machine has no AP bus");
	else if (!vfioap_host_has_driver(host))
		document_warn(doc, "no_driver", "the vfio_ap driver is not loaded; "
						"vfioap-ctl driver load");
	return 0;
}

int list_run(struct request *req, struct document *doc)
{
	_cleanup_host_ struct vfioap_host *host = request_host(req, VFIOAP_READ_ALL, doc);

	if (!host)
		return -1;
	document_warn_bad_files(doc, host);
	if (!vfioap_host_get_num_definitions(host) && need_driver(host, doc))
		return -1;
	doc->data = json_object_new_object();
	json_put(doc->data, "devices", describe_known_devices(host));
	return 0;
}

static bool queue_fits(const struct request *req, const struct vfioap_queue_pattern *patterns,
		       const struct vfioap_queue *queue)
{
	const struct vfioap_owner *owner = vfioap_queue_get_owner(queue);
	size_t i;

	if (req->owner && strcmp(req->owner, vfioap_owner_kind_name(vfioap_owner_get_kind(owner))))
		return false;
	for (i = 0; i < req->argument_count; i++) {
		if (vfioap_queue_pattern_matches(&patterns[i], vfioap_queue_get_apqn(queue)))
			return true;
	}
	return !req->argument_count;
}

/* A queue that is named must exist; a pattern may fit none. */
static int need_named_queues(const struct request *req, const struct vfioap_host *host,
			     const struct vfioap_queue_pattern *patterns, struct document *doc)
{
	size_t i;

	for (i = 0; i < req->argument_count; i++) {
		if (patterns[i].adapter == VFIOAP_ANY || patterns[i].domain == VFIOAP_ANY)
			continue;
		if (!vfioap_host_find_queue(host,
					    vfioap_apqn((unsigned int)patterns[i].adapter,
							(unsigned int)patterns[i].domain)))
			return document_fail(doc, "not_found", "vfioap-ctl queues",
					     "the host has no queue %s", req->arguments[i]);
	}
	return 0;
}

/**
 * struct host_queues - some queues of a host, for a long array
 * @host: goes with it
 * @owner: whom @described tells of: queues that follow each other often have the same
 */
struct host_queues {
	struct vfioap_host *host;
	size_t count;
	const struct vfioap_queue **queues;
	const struct vfioap_owner *owner;
	struct json_object *described;
};

static void free_host_queues(void *source)
{
	struct host_queues *list = source;

	json_object_put(list->described);
	vfioap_host_free(list->host);
	free(list->queues);
	free(list);
}

/* Those that fit, of the host that it takes over. */
static struct host_queues *fitting_queues(const struct request *req, struct vfioap_host *host,
					  const struct vfioap_queue_pattern *patterns)
{
	size_t i, count = vfioap_host_get_num_queues(host);
	struct host_queues *list = calloc(1, sizeof(*list));

	if (list)
		list->queues = calloc(count + 1, sizeof(*list->queues));
	if (!list || !list->queues)
		errx(EXIT_FAILURE, "out of memory");
	list->host = host;
	for (i = 0; i < count; i++) {
		const struct vfioap_queue *queue = vfioap_host_get_queue(host, i);

		if (queue_fits(req, patterns, queue))
			list->queues[list->count++] = queue;
	}
	return list;
}

static void collect_ids(const struct host_queues *list, struct vfioap_ids *adapters,
			struct vfioap_ids *domains)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		uint16_t apqn = vfioap_queue_get_apqn(list->queues[i]);

		vfioap_ids_add(adapters, vfioap_apqn_adapter(apqn));
		vfioap_ids_add(domains, vfioap_apqn_domain(apqn));
	}
}

/* All of them, or those that have a queue that fits. */
static struct json_object *describe_cards(const struct vfioap_host *host, bool all,
					  const struct vfioap_ids *adapters)
{
	struct json_object *cards = json_object_new_array();
	size_t i;

	for (i = 0; i < vfioap_host_get_num_cards(host); i++) {
		const struct vfioap_card *card = vfioap_host_get_card(host, i);

		if (all || vfioap_ids_has(adapters, vfioap_card_get_adapter(card)))
			json_object_array_add(cards, describe_card(card));
	}
	return cards;
}

static struct json_object *describe_listed_owner(struct host_queues *list, size_t index)
{
	const struct vfioap_owner *owner = vfioap_queue_get_owner(list->queues[index]);

	if (owner != list->owner) {
		json_object_put(list->described);
		list->described = describe_owner(owner);
		list->owner = owner;
	}
	return json_object_get(list->described);
}

static struct json_object *describe_listed_queue(void *source, size_t index)
{
	struct host_queues *list = source;

	return describe_queue(list->queues[index], describe_listed_owner(list, index));
}

int queues_run(struct request *req, struct document *doc)
{
	_cleanup_host_ struct vfioap_host *host = request_host(req, VFIOAP_READ_ALL, doc);
	_cleanup_patterns_ struct vfioap_queue_pattern *patterns = NULL;
	bool all = !req->argument_count && !req->owner;
	struct vfioap_ids adapters = { 0 }, domains = { 0 };
	struct host_queues *list;

	if (!host || request_patterns(req, &patterns, doc) || need_bus(host, doc) ||
	    need_named_queues(req, host, patterns, doc))
		return -1;
	list = fitting_queues(req, host, patterns);
	collect_ids(list, &adapters, &domains);
	doc->data = json_object_new_object();
	json_put(doc->data, "cards", describe_cards(host, all, &adapters));
	json_put(doc->data, "queues",
		 long_array_new(list->count, describe_listed_queue, list, free_host_queues));
	host = NULL;
	return 0;
}

static struct json_object *describe_place(void *source, size_t index)
{
	struct host_queues *list = source;
	const struct vfioap_queue *queue = list->queues[index];
	struct json_object *object = describe_queue_name(vfioap_queue_get_apqn(queue));

	json_put(object, "owner", describe_listed_owner(list, index));
	return object;
}

/* The picture, if one is asked for. */
static int draw(const struct request *req, struct document *doc)
{
	int rc = req->svg ? map_write_svg(doc->data, req->svg) : 0;

	json_put_text(doc->data, "svg", rc ? NULL : req->svg);
	if (!rc)
		return 0;
	return document_fail(doc, rc == -EACCES || rc == -EPERM ? "permission" : "io", NULL,
			     "cannot write '%s': %s", req->svg, strerror(-rc));
}

int map_run(struct request *req, struct document *doc)
{
	_cleanup_host_ struct vfioap_host *host = request_host(req, VFIOAP_READ_ALL, doc);
	struct vfioap_ids adapters = { 0 }, domains = { 0 };
	struct host_queues *list;

	if (!host || need_bus(host, doc))
		return -1;
	list = fitting_queues(req, host, NULL);
	host = NULL;
	collect_ids(list, &adapters, &domains);
	doc->data = json_object_new_object();
	json_put(doc->data, "adapters", describe_ids(&adapters));
	json_put(doc->data, "domains", describe_ids(&domains));
	json_put(doc->data, "queues",
		 long_array_new(list->count, describe_place, list, free_host_queues));
	return draw(req, doc);
}
