// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text form of the driver commands.
 */
#include "change_text.h"
#include "families.h"
#include "json_document.h"
#include "wording.h"

static void print_driver(struct json_object *driver, FILE *out)
{
	struct json_object *features = json_member(driver, "features");
	size_t i, count = json_count(driver, "features");

	if (!json_true(driver, "loaded")) {
		fputs("vfio_ap is not loaded\n", out);
		return;
	}
	fputs("vfio_ap is loaded\nFeatures ", out);
	for (i = 0; i < count; i++)
		fprintf(out, " %s", json_object_get_string(json_object_array_get_idx(features, i)));
	fprintf(out, "%s\nDevices   %d, and %d more are possible\n", count ? "" : " none announced",
		json_number(driver, "devices"), json_number(driver, "available_devices"));
}

void driver_status_print(const struct request *req __attribute__((unused)),
			 const struct document *doc, FILE *out)
{
	print_driver(json_member(doc->data, "driver"), out);
}

void driver_change_print(const struct request *req __attribute__((unused)),
			 const struct document *doc, FILE *out)
{
	struct json_object *after = json_member(doc->data, "after");

	if (doc->error)
		return;
	if (doc->dry_run)
		print_steps(doc->data, out);
	else if (doc->changed)
		fprintf(out, "%sloaded vfio_ap\n", json_true(after, "loaded") ? "" : "un");
	else
		fprintf(out, "unchanged: vfio_ap is %sloaded\n",
			json_true(after, "loaded") ? "" : "not ");
}
