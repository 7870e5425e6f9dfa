// SPDX-License-Identifier: GPL-2.0-or-later
#include "describe.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "json_document.h"
#include "long_array.h"
#include "request.h"

struct json_object *describe_ids(const struct vfioap_ids *ids)
{
	struct json_object *array = json_object_new_array();
	unsigned int id;

	vfioap_ids_for_each(id, ids)
		json_object_array_add(array, json_object_new_int((int)id));
	return array;
}

struct json_object *describe_words(const char *const *words)
{
	struct json_object *array = json_object_new_array();

	for (; *words; words++)
		json_object_array_add(array, json_object_new_string(*words));
	return array;
}

struct json_object *describe_apqn(uint16_t apqn)
{
	char text[VFIOAP_APQN_TEXT_SIZE];

	vfioap_apqn_format(apqn, text);
	return json_object_new_string(text);
}

struct json_object *describe_queue_name(uint16_t apqn)
{
	struct json_object *object = json_object_new_object();

	json_put(object, "apqn", describe_apqn(apqn));
	json_put_number(object, "adapter", vfioap_apqn_adapter(apqn));
	json_put_number(object, "domain", vfioap_apqn_domain(apqn));
	return object;
}

/* Numbers of which one value means that there is none. */
static void put_number_unless(struct json_object *object, const char *key, int number, int none)
{
	json_put(object, key, number == none ? NULL : json_object_new_int(number));
}

static void put_tristate(struct json_object *object, const char *key, int value)
{
	json_put(object, key, value < 0 ? NULL : json_object_new_boolean(value));
}

struct json_object *describe_owner(const struct vfioap_owner *owner)
{
	struct json_object *object;

	if (!owner)
		return NULL;
	object = json_object_new_object();
	json_put_text(object, "kind", vfioap_owner_kind_name(vfioap_owner_get_kind(owner)));
	json_put_text(object, "uuid", vfioap_owner_get_uuid(owner));
	json_put_text(object, "name", vfioap_owner_get_name(owner));
	json_put_text(object, "driver", vfioap_owner_get_driver(owner));
	put_number_unless(object, "pid", vfioap_owner_get_pid(owner), 0);
	json_put_text(object, "process", vfioap_owner_get_process(owner));
	put_number_unless(object, "fd", vfioap_owner_get_fd(owner), -1);
	json_put_text(object, "guest", vfioap_owner_get_guest(owner));
	json_put_text(object, "guest_uuid", vfioap_owner_get_guest_uuid(owner));
	return object;
}

struct json_object *describe_card(const struct vfioap_card *card)
{
	struct json_object *object = json_object_new_object();

	json_put_number(object, "adapter", vfioap_card_get_adapter(card));
	json_put_text(object, "type", vfioap_card_get_type(card));
	put_number_unless(object, "hwtype", vfioap_card_get_hwtype(card), -1);
	json_put_text(object, "mode", vfioap_mode_name(vfioap_card_get_mode(card)));
	put_tristate(object, "online", vfioap_card_get_online(card));
	json_put_bool(object, "configured", vfioap_card_is_configured(card));
	json_put_bool(object, "checkstopped", vfioap_card_is_checkstopped(card));
	json_put_text(object, "driver", vfioap_card_get_driver(card));
	json_put_text(object, "serial", vfioap_card_get_serial(card));
	return object;
}

struct json_object *describe_queue(const struct vfioap_queue *queue, struct json_object *owner)
{
	const struct vfioap_card *card = vfioap_queue_get_card(queue);
	struct json_object *object = describe_queue_name(vfioap_queue_get_apqn(queue));

	json_put_text(object, "type", vfioap_card_get_type(card));
	json_put_text(object, "mode", vfioap_mode_name(vfioap_card_get_mode(card)));
	put_tristate(object, "online", vfioap_queue_get_online(queue));
	json_put_bool(object, "configured", vfioap_queue_is_configured(queue));
	json_put_bool(object, "checkstopped", vfioap_queue_is_checkstopped(queue));
	json_put_text(object, "driver", vfioap_queue_get_driver(queue));
	json_put(object, "owner", owner);
	return object;
}

/**
 * struct device_queues - the queues of a device, for a long array
 */
struct device_queues {
	size_t count;
	struct {
		uint16_t apqn;
		bool effective;
	} queues[];
};

static struct device_queues *device_queues_new(size_t most)
{
	struct device_queues *list = calloc(1, sizeof(*list) + most * sizeof(list->queues[0]));

	if (!list)
		errx(EXIT_FAILURE, "out of memory");
	return list;
}

static void add_device_queue(struct device_queues *list, uint16_t apqn, bool effective)
{
	list->queues[list->count].apqn = apqn;
	list->queues[list->count++].effective = effective;
}

static struct device_queues *assigned_queues(const struct vfioap_device *device)
{
	const struct vfioap_matrix *matrix = vfioap_device_get_matrix(device);
	const struct vfioap_matrix *guest = vfioap_device_get_guest_matrix(device);
	struct device_queues *list = device_queues_new(vfioap_matrix_count_queues(matrix));
	unsigned int adapter, domain;

	vfioap_ids_for_each(adapter, &matrix->adapters) {
		vfioap_ids_for_each(domain, &matrix->domains) {
			uint16_t apqn = vfioap_apqn(adapter, domain);

			add_device_queue(list, apqn, vfioap_matrix_has_queue(guest, apqn));
		}
	}
	return list;
}

/* A device that is being removed tells nothing, but its queues name their owner. */
static struct device_queues *owned_queues(const struct vfioap_host *host,
					  const struct vfioap_device *device)
{
	size_t i, count = vfioap_host_get_num_queues(host);
	struct device_queues *list = device_queues_new(count);

	for (i = 0; i < count; i++) {
		const struct vfioap_queue *queue = vfioap_host_get_queue(host, i);
		const struct vfioap_owner *owner = vfioap_queue_get_owner(queue);
		const char *uuid = vfioap_owner_get_uuid(owner);

		if (uuid && !strcmp(uuid, vfioap_device_get_uuid(device)))
			add_device_queue(list, vfioap_queue_get_apqn(queue),
					 vfioap_owner_get_kind(owner) == VFIOAP_OWNER_GUEST);
	}
	return list;
}

static struct json_object *describe_device_queue(void *source, size_t index)
{
	const struct device_queues *list = source;
	struct json_object *object = describe_queue_name(list->queues[index].apqn);

	json_put_bool(object, "effective", list->queues[index].effective);
	return object;
}

static struct json_object *device_queues(const struct vfioap_host *host,
					 const struct vfioap_device *device)
{
	struct device_queues *list;

	if (vfioap_device_get_state(device) == VFIOAP_DEVICE_REMOVING)
		list = owned_queues(host, device);
	else
		list = assigned_queues(device);
	return long_array_new(list->count, describe_device_queue, list, free);
}

static struct json_object *device_users(const struct vfioap_device *device)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < vfioap_device_get_num_users(device); i++)
		json_object_array_add(array, describe_owner(vfioap_device_get_user(device, i)));
	return array;
}

static void put_matrix(struct json_object *object, const struct vfioap_matrix *matrix)
{
	json_put(object, "adapters", describe_ids(&matrix->adapters));
	json_put(object, "domains", describe_ids(&matrix->domains));
	json_put(object, "control_domains", describe_ids(&matrix->control_domains));
}

/* @device is NULL if it does not run: then it cannot differ. */
static struct json_object *describe_definition(const struct vfioap_definition *definition,
					       const struct vfioap_device *device)
{
	const struct vfioap_matrix *matrix;
	struct json_object *object;

	if (!definition)
		return NULL;
	matrix = vfioap_definition_get_matrix(definition);
	object = json_object_new_object();
	json_put_text(object, "path", vfioap_definition_get_path(definition));
	json_put_text(object, "start", vfioap_start_name(vfioap_definition_get_start(definition)));
	put_matrix(object, matrix);
	json_put_bool(object, "drift",
		      device && vfioap_device_get_state(device) != VFIOAP_DEVICE_REMOVING &&
			      !vfioap_matrix_equal(vfioap_device_get_matrix(device), matrix));
	return object;
}

static void put_names(struct json_object *object, const struct vfioap_host *host,
		      const char *uuid, const struct device_reference *reference)
{
	const char *name = vfioap_host_get_name(host, uuid);

	json_put_text(object, "uuid", uuid);
	json_put_text(object, "name", name || !reference ? name : reference->name);
	json_put_text(object, "label", vfioap_host_get_label(host, uuid));
}

struct json_object *describe_device(const struct vfioap_host *host,
				    const struct vfioap_device *device,
				    const struct device_reference *reference)
{
	struct json_object *object;
	const char *uuid;
	char group[32];

	if (!device)
		return NULL;
	object = json_object_new_object();
	uuid = vfioap_device_get_uuid(device);
	put_names(object, host, uuid, reference);
	json_put_text(object, "state", vfioap_device_state_name(vfioap_device_get_state(device)));
	json_put_bool(object, "active", true);
	put_matrix(object, vfioap_device_get_matrix(device));
	json_put(object, "queues", device_queues(host, device));
	json_put(object, "users", device_users(device));
	json_put(object, "definition",
		 describe_definition(vfioap_host_find_definition(host, uuid), device));
	json_put_text(object, "path", vfioap_device_get_path(device));
	put_number_unless(object, "iommu_group", vfioap_device_get_iommu_group(device), -1);
	snprintf(group, sizeof(group), "/dev/vfio/%d", vfioap_device_get_iommu_group(device));
	json_put_text(object, "vfio_group",
		      vfioap_device_get_iommu_group(device) >= 0 ? group : NULL);
	json_put_text(object, "vfio_cdev", vfioap_device_get_cdev(device));
	return object;
}

/* The same shape for a device that is only defined: it has nothing. */
static struct json_object *describe_inactive(const struct vfioap_host *host,
					     const struct vfioap_definition *definition,
					     const struct device_reference *reference)
{
	const struct vfioap_matrix nothing = { 0 };
	struct json_object *object;

	if (!definition)
		return NULL;
	object = json_object_new_object();
	put_names(object, host, vfioap_definition_get_uuid(definition), reference);
	json_put_text(object, "state", "inactive");
	json_put_bool(object, "active", false);
	put_matrix(object, &nothing);
	json_put(object, "queues", json_object_new_array());
	json_put(object, "users", json_object_new_array());
	json_put(object, "definition", describe_definition(definition, NULL));
	json_put(object, "path", NULL);
	json_put(object, "iommu_group", NULL);
	json_put(object, "vfio_group", NULL);
	json_put(object, "vfio_cdev", NULL);
	return object;
}

struct json_object *describe_known_device(const struct vfioap_host *host, const char *uuid,
					  const struct device_reference *reference)
{
	const struct vfioap_device *device = vfioap_host_find_device(host, uuid);

	return device ? describe_device(host, device, reference) :
			describe_inactive(host, vfioap_host_find_definition(host, uuid), reference);
}

/* Both are sorted by UUID. */
struct json_object *describe_known_devices(const struct vfioap_host *host)
{
	size_t num_devices = vfioap_host_get_num_devices(host);
	size_t num_definitions = vfioap_host_get_num_definitions(host);
	struct json_object *array = json_object_new_array();
	size_t i = 0, j = 0;

	while (i < num_devices || j < num_definitions) {
		const char *device = i < num_devices ?
			vfioap_device_get_uuid(vfioap_host_get_device(host, i)) : NULL;
		const char *defined = j < num_definitions ?
			vfioap_definition_get_uuid(vfioap_host_get_definition(host, j)) : NULL;
		int order = !defined ? -1 : !device ? 1 : strcmp(device, defined);

		json_object_array_add(array, describe_known_device(
			host, order <= 0 ? device : defined, NULL));
		i += order <= 0;
		j += order >= 0;
	}
	return array;
}

/* The ids up to @highest that are not in @mask. */
static struct json_object *ids_outside(const struct vfioap_ids *mask, int highest)
{
	struct vfioap_ids outside = { 0 };
	int id;

	for (id = 0; id <= highest; id++) {
		if (!vfioap_ids_has(mask, (unsigned int)id))
			vfioap_ids_add(&outside, (unsigned int)id);
	}
	return describe_ids(&outside);
}

static void put_mask(struct json_object *object, const char *key, const struct vfioap_ids *mask)
{
	char text[VFIOAP_MASK_TEXT_SIZE];

	vfioap_ids_format_mask(mask, text);
	json_put_text(object, key, text);
}

struct json_object *describe_pool(const struct vfioap_host *host)
{
	const struct vfioap_ids *apmask = vfioap_host_get_apmask(host);
	const struct vfioap_ids *aqmask = vfioap_host_get_aqmask(host);
	struct json_object *object = json_object_new_object();
	struct json_object *of_host = json_object_new_array();
	struct json_object *of_vfio_ap = json_object_new_array();
	size_t i, count = vfioap_host_get_num_queues(host);

	for (i = 0; i < count; i++) {
		uint16_t apqn = vfioap_queue_get_apqn(vfioap_host_get_queue(host, i));
		bool reserved = vfioap_host_reserves(host, apqn);

		json_object_array_add(reserved ? of_host : of_vfio_ap, describe_apqn(apqn));
	}
	put_mask(object, "apmask", apmask);
	put_mask(object, "aqmask", aqmask);
	json_put(object, "adapters", ids_outside(apmask, vfioap_host_get_max_adapter(host)));
	json_put(object, "domains", ids_outside(aqmask, vfioap_host_get_max_domain(host)));
	json_put(object, "host", of_host);
	json_put(object, "vfio_ap", of_vfio_ap);
	return object;
}

struct json_object *describe_driver(const struct vfioap_host *host)
{
	struct json_object *object = json_object_new_object();

	json_put_bool(object, "loaded", vfioap_host_has_driver(host));
	json_put(object, "features", describe_words(vfioap_host_get_driver_features(host)));
	json_put_number(object, "devices", (long long)vfioap_host_get_num_devices(host));
	put_number_unless(object, "available_devices", vfioap_host_get_available_devices(host),
			  -1);
	return object;
}

void describe_moved(struct json_object *data, const struct vfioap_plan *plan)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < vfioap_plan_get_num_moved_queues(plan); i++) {
		bool asked_for = true;
		uint16_t apqn = vfioap_plan_get_moved_queue(plan, i, &asked_for);
		struct json_object *object = describe_queue_name(apqn);

		json_put_bool(object, "asked_for", asked_for);
		json_object_array_add(array, object);
	}
	json_put(data, "moved", array);
}

struct json_object *describe_steps(const struct vfioap_plan *plan)
{
	struct json_object *array = json_object_new_array();
	size_t i, count = vfioap_plan_get_num_steps(plan);

	for (i = 0; i < count; i++) {
		const struct vfioap_step *step = vfioap_plan_get_step(plan, i);
		struct json_object *object = json_object_new_object();

		json_put_text(object, "operation", vfioap_step_get_operation(step));
		json_put_text(object, "path", vfioap_step_get_path(step));
		json_put_text(object, "value", vfioap_step_get_data(step));
		json_object_array_add(array, object);
	}
	return array;
}

struct json_object *describe_error(const struct vfioap_error *error)
{
	struct json_object *object = json_object_new_object();
	struct json_object *queues = json_object_new_array();
	size_t i;

	for (i = 0; i < vfioap_error_get_num_queues(error); i++)
		json_object_array_add(queues, describe_apqn(vfioap_error_get_queue(error, i)));
	json_put_text(object, "code", vfioap_error_code_name(vfioap_error_get_code(error)));
	json_put_text(object, "message", vfioap_error_get_message(error));
	json_put_text(object, "errno", vfioap_errno_name(vfioap_error_get_errno(error)));
	json_put_text(object, "operation", vfioap_error_get_operation(error));
	json_put_text(object, "path", vfioap_error_get_path(error));
	json_put(object, "queues", queues);
	json_put(object, "owner", describe_owner(vfioap_error_get_owner(error)));
	json_put_text(object, "hint", vfioap_error_get_hint(error));
	return object;
}

int document_fail_with(struct document *doc, struct vfioap_error *error)
{
	if (!error)
		return document_fail(doc, "failed", NULL, "out of memory");
	json_object_put(doc->error);
	doc->error = describe_error(error);
	vfioap_error_free(error);
	return -1;
}

int document_refuse_value(struct document *doc, const char *option, struct vfioap_error *error)
{
	if (!error)
		return document_fail_with(doc, error);
	document_fail(doc, "usage", vfioap_error_get_hint(error), "%s%s%s%s", option ? "--" : "",
		      option ? option : "", option ? ": " : "", vfioap_error_get_message(error));
	vfioap_error_free(error);
	return -1;
}

void document_warn_bad_files(struct document *doc, const struct vfioap_host *host)
{
	size_t i;

	for (i = 0; i < vfioap_host_get_num_bad_files(host); i++)
		document_warn(doc, "bad_file", "%s",
			      vfioap_error_get_message(vfioap_host_get_bad_file(host, i)));
}
