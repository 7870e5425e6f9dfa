// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text form of status, list and queues.
 */
#include <stdlib.h>
#include <string.h>

#include "families.h"
#include "json_document.h"
#include "long_array.h"
#include "request.h"
#include "text_table.h"
#include "wording.h"

static void print_bus(struct json_object *data, FILE *out)
{
	struct json_object *bus = json_member(data, "ap_bus");
	_cleanup_text_ char *cards = word_count((size_t)json_number(data, "cards"), "card");
	_cleanup_text_ char *queues =
		word_count((size_t)json_number(json_member(data, "queues"), "total"), "queue");
	int bound = json_number(bus, "bound_queues");
	int total = json_number(bus, "total_queues");

	if (!json_true(bus, "present")) {
		fputs("AP bus   none\n", out);
		return;
	}
	fprintf(out, "AP bus   %s%s, %s", json_true(bus, "simulated") ? "simulated, " : "", cards,
		queues);
	if (bound == total)
		fputs(", each with a driver\n", out);
	else
		fprintf(out, ", %d without a driver\n", total - bound);
}

static void print_driver(struct json_object *driver, FILE *out)
{
	struct json_object *features = json_member(driver, "features");
	size_t i, count = json_count(driver, "features");

	if (!json_true(driver, "loaded")) {
		fputs("Driver   vfio_ap is not loaded\n", out);
		return;
	}
	fputs("Driver   vfio_ap", out);
	for (i = 0; i < count; i++)
		fprintf(out, "%s %s", i ? "," : ", with",
			json_object_get_string(json_object_array_get_idx(features, i)));
	fputc('\n', out);
}

static void print_pool(struct json_object *pool, FILE *out)
{
	_cleanup_text_ char *adapters = word_ids(json_member(pool, "adapters"), ADAPTER_DIGITS);
	_cleanup_text_ char *domains = word_ids(json_member(pool, "domains"), DOMAIN_DIGITS);

	if (!pool)
		return;
	if (!json_count(pool, "adapters") && !json_count(pool, "domains"))
		fputs("Pool     every queue is the host's\n", out);
	else
		fprintf(out, "Pool     vfio_ap has the queues of adapters %s, and those of domains %s\n",
			json_count(pool, "adapters") ? adapters : "none",
			json_count(pool, "domains") ? domains : "none");
}

static void print_numbers(const char *label, struct json_object *numbers,
			  const char *const *keys, const char *const *words, bool coloured,
			  FILE *out)
{
	const char *comma = "  ";
	size_t i;

	fprintf(out, "%-7s", label);
	for (i = 0; keys[i]; i++) {
		int number = json_number(numbers, keys[i]);
		enum colour colour = coloured ? word_colour(keys[i]) : COLOUR_NONE;

		if (!number)
			continue;
		fprintf(out, "%s%s%d %s%s", comma, colour_start(colour), number, words[i],
			colour ? COLOUR_END : "");
		comma = ", ";
	}
	fputs(json_number(numbers, "total") ? "\n" : "  none\n", out);
}

void status_print(const struct request *req, const struct document *doc, FILE *out)
{
	static const char *const owners[] = { "host", "free", "device", "guest", "unknown", NULL };
	static const char *const owner_words[] = { "of the host", "free", "of idle devices",
						   "of guests", "of unknown owners" };
	static const char *const states[] = { "idle", "in_use", "removing", NULL };
	static const char *const state_words[] = { "idle", "in use", "being removed" };
	bool coloured = colour_wanted(out, req->no_color);

	print_bus(doc->data, out);
	print_driver(json_member(doc->data, "driver"), out);
	print_pool(json_member(doc->data, "pool"), out);
	print_numbers("Queues", json_member(doc->data, "queues"), owners, owner_words, coloured,
		      out);
	print_numbers("Devices", json_member(doc->data, "devices"), states, state_words, coloured,
		      out);
}

static void state_cell(struct text_table *table, const char *state)
{
	text_table_cell_in(table, word_colour(state), !strcmp(state, "in_use") ? "in use" : state);
}

static size_t effective_queues(struct json_object *device)
{
	struct json_object *queues = json_member(device, "queues");
	size_t i, count = 0, total = json_count(device, "queues");

	for (i = 0; i < total; i++) {
		_cleanup_member_ struct json_object *queue = array_member(queues, i);

		count += json_true(queue, "effective");
	}
	return count;
}

/* What is stored about the device, and whether it is what the device has. */
static void stored_cell(struct text_table *table, struct json_object *definition)
{
	if (!definition)
		text_table_cell(table, NULL);
	else if (json_true(definition, "drift"))
		text_table_cell_in(table, COLOUR_YELLOW,
				   strcmp(json_text(definition, "start"), "auto") ?
					   "manual, differs" : "auto, differs");
	else
		text_table_cell(table, json_text(definition, "start"));
}

static void device_row(struct text_table *table, struct json_object *device)
{
	struct json_object *definition = json_member(device, "definition");
	struct json_object *contents = json_true(device, "active") ? device : definition;
	_cleanup_text_ char *adapters = word_ids(json_member(contents, "adapters"), ADAPTER_DIGITS);
	_cleanup_text_ char *domains = word_ids(json_member(contents, "domains"), DOMAIN_DIGITS);
	_cleanup_text_ char *control = word_ids(json_member(contents, "control_domains"),
						DOMAIN_DIGITS);
	_cleanup_text_ char *user = word_users(json_member(device, "users"));

	text_table_row(table);
	text_table_cell(table, word_device(device));
	state_cell(table, json_text(device, "state"));
	stored_cell(table, definition);
	text_table_cell(table, adapters);
	text_table_cell(table, domains);
	text_table_cell(table, control);
	if (json_true(device, "active"))
		text_table_cellf(table, "%zu of %zu", effective_queues(device),
				 json_count(device, "queues"));
	else
		text_table_cell(table, NULL);
	text_table_cell(table, user);
}

void list_print(const struct request *req, const struct document *doc, FILE *out)
{
	static const char *const headings[] = { "DEVICE",	   "STATE",     "STORED",
						"ADAPTERS",	   "DOMAINS",	"CONTROL DOMAINS",
						"EFFECTIVE",	   "USED BY",	NULL };
	_cleanup_table_ struct text_table *table = text_table_new(headings);
	struct json_object *devices = json_member(doc->data, "devices");
	size_t i, count = json_count(doc->data, "devices");

	if (!count) {
		print_nothing(req, "there are no devices; 'vfioap-ctl create' makes one");
		return;
	}
	for (i = 0; i < count; i++)
		device_row(table, json_object_array_get_idx(devices, i));
	text_table_print(table, out, colour_wanted(out, req->no_color));
}

static const char *condition(struct json_object *object)
{
	struct json_object *online = json_member(object, "online");

	if (!json_true(object, "configured"))
		return "deconfigured";
	if (json_true(object, "checkstopped"))
		return "checkstopped";
	if (!online)
		return NULL;
	return json_object_get_boolean(online) ? "online" : "offline";
}

static void hardware_cells(struct text_table *table, struct json_object *object)
{
	text_table_cell(table, json_text(object, "type"));
	text_table_cell(table, json_text(object, "mode"));
	text_table_cell(table, condition(object));
	text_table_cell(table, json_text(object, "driver"));
}

static void card_row(struct text_table *table, struct json_object *card)
{
	text_table_row(table);
	text_table_cellf(table, "%02x", (unsigned int)json_number(card, "adapter"));
	hardware_cells(table, card);
}

static void queue_row(struct text_table *table, struct json_object *queue)
{
	struct json_object *owner = json_member(queue, "owner");
	const char *kind = json_text(owner, "kind");
	_cleanup_text_ char *user = word_user(owner);

	text_table_row(table);
	text_table_cell(table, json_text(queue, "apqn"));
	hardware_cells(table, queue);
	text_table_cell_in(table, word_colour(kind), kind);
	text_table_cell(table, word_device(owner));
	text_table_cell(table, user);
}

void queues_print(const struct request *req, const struct document *doc, FILE *out)
{
	static const char *const headings[] = { "QUEUE", "TYPE",  "MODE",   "STATE",  "DRIVER",
						"OWNER", "DEVICE", "USED BY", NULL };
	_cleanup_table_ struct text_table *table = text_table_new(headings);
	struct json_object *cards = json_member(doc->data, "cards");
	struct json_object *queues = json_member(doc->data, "queues");
	size_t card, queue = 0;

	if (!array_length(cards) && !array_length(queues)) {
		print_nothing(req, "no queue fits");
		return;
	}
	for (card = 0; card < array_length(cards); card++) {
		struct json_object *one = json_object_array_get_idx(cards, card);

		card_row(table, one);
		for (; queue < array_length(queues); queue++) {
			_cleanup_member_ struct json_object *other = array_member(queues, queue);

			if (json_number(other, "adapter") != json_number(one, "adapter"))
				break;
			queue_row(table, other);
		}
	}
	text_table_print(table, out, colour_wanted(out, req->no_color));
}
