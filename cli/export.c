// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * export: devices in the formats of others, and in our own.
 */
#include <stdlib.h>
#include <string.h>

#include "describe.h"
#include "export.h"
#include "families.h"
#include "json_document.h"
#include "request.h"

/**
 * struct exported - one device
 * @matrix: what it has, or what is stored
 */
struct exported {
	char uuid[VFIOAP_UUID_SIZE];
	const char *name;
	struct vfioap_matrix matrix;
	enum vfioap_start start;
};

/**
 * struct export - what goes out
 * @all: no DEVICE was named
 */
struct export {
	const struct vfioap_host *host;
	struct exported *devices;
	size_t count;
	bool all;
};

static int failed(struct document *doc, struct vfioap_error *error)
{
	return document_fail_with(doc, error);
}

static int write_vfioap(const struct export *export, FILE *out, struct document *doc)
{
	struct vfioap_configuration *configuration = NULL;
	struct vfioap_error *error = NULL;
	char *text = NULL;
	size_t i;
	int rc;

	if (export->all)
		rc = vfioap_configuration_from_host(export->host, &configuration, &error);
	else
		rc = vfioap_configuration_new(&configuration, &error);
	for (i = 0; !rc && !export->all && i < export->count; i++) {
		const struct exported *device = &export->devices[i];

		rc = vfioap_configuration_add_device(configuration, device->uuid, device->name,
						     &device->matrix, device->start, &error);
	}
	if (!rc)
		rc = vfioap_configuration_format(configuration, &text, &error);
	if (!rc)
		fputs(text, out);
	free(text);
	vfioap_configuration_free(configuration);
	return rc ? failed(doc, error) : 0;
}

/* The text of a definition, whose lines but the first are indented further. */
static int write_definition(const struct exported *device, int indent, FILE *out,
			    struct document *doc)
{
	struct vfioap_error *error = NULL;
	const char *c;
	char *text;

	if (vfioap_definition_format(&device->matrix, device->start, &text, &error))
		return failed(doc, error);
	for (c = text; *c; c++) {
		fputc(*c, out);
		if (*c == '\n')
			fprintf(out, "%*s", indent, "");
	}
	free(text);
	return 0;
}

/* As mdevctl: what one device has; or an array with one object, whose only key is the parent. */
static int write_mdevctl(const struct export *export, FILE *out, struct document *doc)
{
	size_t i;
	int rc = 0;

	if (!export->all && export->count == 1)
		return write_definition(&export->devices[0], 0, out, doc);
	if (!export->count) {
		fputs("[]", out);
		return 0;
	}
	fputs("[\n  {\n    \"matrix\": [", out);
	for (i = 0; !rc && i < export->count; i++) {
		fprintf(out, "%s\n      {\n        \"%s\": ", i ? "," : "",
			export->devices[i].uuid);
		rc = write_definition(&export->devices[i], 8, out, doc);
		fputs("\n      }", out);
	}
	fputs("\n    ]\n  }\n]", out);
	return rc;
}

static int need_one(const struct export *export, const char *what, struct document *doc)
{
	if (!export->all && export->count == 1)
		return 0;
	return document_fail(doc, "usage", NULL, "%s is about one DEVICE: name it", what);
}

static void write_attributes(const char *name, const struct vfioap_ids *ids, FILE *out)
{
	unsigned int id;

	vfioap_ids_for_each(id, ids)
		fprintf(out, "    <attr name='%s' value='%u'/>\n", name, id);
}

/* What virsh nodedev-define and nodedev-create take. */
static int write_libvirt_xml(const struct export *export, FILE *out, struct document *doc)
{
	const struct exported *device = &export->devices[0];

	if (need_one(export, "libvirt-xml", doc))
		return -1;
	fprintf(out, "<device>\n"
		     "  <parent>ap_matrix</parent>\n"
		     "  <capability type='mdev'>\n"
		     "    <type id='vfio_ap-passthrough'/>\n"
		     "    <uuid>%s</uuid>\n", device->uuid);
	write_attributes("assign_adapter", &device->matrix.adapters, out);
	write_attributes("assign_domain", &device->matrix.domains, out);
	write_attributes("assign_control_domain", &device->matrix.control_domains, out);
	fputs("  </capability>\n"
	      "</device>\n", out);
	return 0;
}

/* What the XML of a guest has below <devices>. */
static int write_libvirt_hostdev(const struct export *export, FILE *out, struct document *doc)
{
	if (need_one(export, "libvirt-hostdev", doc))
		return -1;
	fprintf(out, "<hostdev mode='subsystem' type='mdev' model='vfio-ap'>\n"
		     "  <source>\n"
		     "    <address uuid='%s'/>\n"
		     "  </source>\n"
		     "</hostdev>\n", export->devices[0].uuid);
	return 0;
}

static const struct format {
	const char *name;
	int (*write)(const struct export *export, FILE *out, struct document *doc);
	/* What is stored goes before what the device has. */
	bool stored;
} formats[] = {
	{ "vfioap", write_vfioap, false },
	{ "mdevctl", write_mdevctl, true },
	{ "libvirt-xml", write_libvirt_xml, true },
	{ "libvirt-hostdev", write_libvirt_hostdev, true },
};

const char *export_format_name(size_t index)
{
	return index < sizeof(formats) / sizeof(formats[0]) ? formats[index].name : NULL;
}

static const struct format *find_format(const char *name)
{
	size_t i = 0;

	while (name && strcmp(formats[i].name, name))
		i++;
	return &formats[i];
}

/* False if the device is neither active nor defined. */
static bool take_device(const struct vfioap_host *host, const char *uuid, bool stored,
			struct exported *exported)
{
	const struct vfioap_definition *definition = vfioap_host_find_definition(host, uuid);
	const struct vfioap_device *device = vfioap_host_find_device(host, uuid);

	if (device && vfioap_device_get_state(device) == VFIOAP_DEVICE_REMOVING)
		device = NULL;
	if (!definition && !device)
		return false;
	memcpy(exported->uuid, uuid, sizeof(exported->uuid));
	exported->name = vfioap_host_get_name(host, uuid);
	exported->start = definition ? vfioap_definition_get_start(definition) :
				       VFIOAP_START_MANUAL;
	exported->matrix = definition && (stored || !device) ?
				   *vfioap_definition_get_matrix(definition) :
				   *vfioap_device_get_matrix(device);
	return true;
}

static void take_all(struct export *export, bool stored)
{
	struct json_object *known = describe_known_devices(export->host);
	size_t i;

	export->all = true;
	export->devices = calloc(json_object_array_length(known) + 1, sizeof(*export->devices));
	for (i = 0; export->devices && i < json_object_array_length(known); i++) {
		const char *uuid = json_text(json_object_array_get_idx(known, i), "uuid");

		export->count += take_device(export->host, uuid, stored,
					     &export->devices[export->count]);
	}
	json_object_put(known);
}

static bool is_taken(const struct export *export, const char *uuid)
{
	size_t i;

	for (i = 0; i < export->count; i++) {
		if (!strcmp(export->devices[i].uuid, uuid))
			return true;
	}
	return false;
}

static int take_named(struct export *export, struct request *req, bool stored,
		      struct document *doc)
{
	struct device_reference reference;
	size_t i;

	export->devices = calloc(req->argument_count, sizeof(*export->devices));
	for (i = 0; export->devices && i < req->argument_count; i++) {
		const char *text = req->arguments[i];

		if (request_device(req, text, &reference, doc))
			return -1;
		if (is_taken(export, reference.uuid))
			continue;
		if (!take_device(export->host, reference.uuid, stored,
				 &export->devices[export->count]))
			return document_fail(doc, "not_found", "vfioap-ctl list",
					     "there is no device %s", text);
		export->count++;
	}
	return 0;
}

static int write_export(const struct export *export, const struct format *format,
			struct document *doc)
{
	struct json_object *uuids = json_object_new_array();
	char *content = NULL;
	size_t i, size;
	FILE *out = open_memstream(&content, &size);
	int rc = out && export->devices ? format->write(export, out, doc) :
					  document_fail(doc, "failed", NULL, "out of memory");

	if (out)
		fclose(out);
	for (i = 0; i < export->count; i++)
		json_object_array_add(uuids, json_object_new_string(export->devices[i].uuid));
	if (!rc) {
		doc->data = json_object_new_object();
		json_put_text(doc->data, "format", format->name);
		json_put(doc->data, "uuids", json_object_get(uuids));
		json_put_text(doc->data, "content", content);
	}
	json_object_put(uuids);
	free(content);
	return rc;
}

int export_run(struct request *req, struct document *doc)
{
	_cleanup_host_ struct vfioap_host *host = request_host(req, VFIOAP_READ_ALL, doc);
	const struct format *format = find_format(req->format);
	struct export export = { .host = host };
	int rc = 0;

	if (!host)
		return -1;
	document_warn_bad_files(doc, host);
	if (req->argument_count)
		rc = take_named(&export, req, format->stored, doc);
	else
		take_all(&export, format->stored);
	if (!rc)
		rc = write_export(&export, format, doc);
	free(export.devices);
	return rc;
}

/* To the byte what the other program reads. */
void export_print(const struct request *req __attribute__((unused)), const struct document *doc,
		  FILE *out)
{
	fputs(json_text(doc->data, "content"), out);
}
