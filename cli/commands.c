// SPDX-License-Identifier: GPL-2.0-or-later
#include "command.h"

#include <string.h>

#include "families.h"
#include "values.h"

const struct option_spec global_options[] = {
	{ "json", 0, NULL, false, "Print one JSON document instead of text",
	  COMPLETE_NOTHING, take_json },
	{ "root", 0, "DIR", false, "Work on the tree below DIR (DIR/sys, DIR/run, ...) instead of /",
	  COMPLETE_DIRECTORY, take_root },
	{ "dry-run", 0, NULL, false, "Say what would be written, in order, and write nothing",
	  COMPLETE_NOTHING, take_dry_run },
	{ "lock-timeout", 0, "S", false,
	  "Wait at most S seconds for another program's AP configuration lock (10)",
	  COMPLETE_NOTHING, take_lock_timeout },
	{ "quiet", 'q', NULL, false, "Print no warnings, and nothing for a change that was made",
	  COMPLETE_NOTHING, take_quiet },
	{ "verbose", 'v', NULL, false, "Say on stderr what is read and written",
	  COMPLETE_NOTHING, take_verbose },
	{ "no-color", 0, NULL, false, "Never colour the output", COMPLETE_NOTHING, take_no_color },
	{ "help", 'h', NULL, false, "Explain the command, or list all of them",
	  COMPLETE_NOTHING, take_help },
	{ "version", 'V', NULL, false, "Print the version", COMPLETE_NOTHING, take_version },
	{ 0 }
};

#define MATRIX_OPTIONS                                                                         \
	{ "adapters", 'a', "LIST", false, "Adapters, such as 5 or 0x05,0x0a-0x0c",             \
	  COMPLETE_ADAPTER, take_adapters },                                                   \
	{ "domains", 'd', "LIST", false, "Usage domains, such as 4 or 4-6,0xab",               \
	  COMPLETE_DOMAIN, take_domains },                                                     \
	{ "control-domains", 'c', "LIST", false, "Control domains, such as 4 or 4-6,0xab",     \
	  COMPLETE_DOMAIN, take_control_domains }

static const struct option_spec matrix_options[] = {
	MATRIX_OPTIONS,
	{ "persist", 0, NULL, false, "Change the stored definition, too",
	  COMPLETE_NOTHING, take_persist },
	{ 0 },
};

static const struct option_spec define_options[] = {
	MATRIX_OPTIONS,
	{ "auto", 0, NULL, false, "Start the device when the driver appears, at boot",
	  COMPLETE_NOTHING, take_automatic },
	{ "name", 0, "NAME", false, "Call the device NAME from now on", COMPLETE_NOTHING,
	  take_name },
	{ "label", 0, "TEXT", false, "Keep TEXT, one line, with the device; '' takes it away",
	  COMPLETE_NOTHING, take_label },
	{ 0 },
};

static const struct option_spec queues_options[] = {
	{ "owner", 0, "KIND", false,
	  "Only queues that belong to the host, to nobody (free), to a device or to a guest",
	  COMPLETE_OWNER, take_owner },
	{ 0 },
};

static const struct option_spec map_options[] = {
	{ "svg", 0, "FILE", false, "Draw the map into FILE, as SVG", COMPLETE_FILE, take_svg },
	{ 0 },
};

#define TIMEOUT_OPTION(help) \
	{ "timeout", 0, "S", false, help, COMPLETE_NOTHING, take_timeout }

static const struct option_spec wait_options[] = {
	{ "for", 0, "CONDITION", false,
	  "What to wait for: present, absent, idle, in-use, or effective (all its queues are)",
	  COMPLETE_CONDITION, take_condition },
	TIMEOUT_OPTION("Give up after S seconds; 0: look once"),
	{ 0 },
};

static const struct option_spec monitor_options[] = {
	{ "count", 0, "N", false, "End after N events", COMPLETE_NOTHING, take_count },
	TIMEOUT_OPTION("End after S seconds"),
	{ 0 },
};

#define REMOVE_OPTIONS                                                                         \
	{ "wait", 0, "S", true,                                                                \
	  "Ask the guest to let go and wait until it does, at most S seconds (60)",            \
	  COMPLETE_NOTHING, take_wait },                                                       \
	{ "force", 0, NULL, false,                                                             \
	  "Take the queues out of the running guest first, then remove the device",            \
	  COMPLETE_NOTHING, take_force }

static const struct option_spec remove_options[] = {
	REMOVE_OPTIONS,
	{ "all", 0, NULL, false, "Remove every device", COMPLETE_NOTHING, take_all },
	{ "persist", 0, NULL, false, "Delete the stored definition, too",
	  COMPLETE_NOTHING, take_persist },
	{ 0 },
};

static const struct option_spec stop_options[] = {
	REMOVE_OPTIONS,
	{ "all", 0, NULL, false, "Stop every device", COMPLETE_NOTHING, take_all },
	{ 0 },
};

static const struct option_spec start_options[] = {
	{ "auto", 0, NULL, false, "Start all devices that are enabled", COMPLETE_NOTHING,
	  take_automatic },
	{ "wait", 0, "S", true, "Wait for the vfio_ap driver to appear, at most S seconds (60)",
	  COMPLETE_NOTHING, take_wait },
	{ 0 },
};

#define POOL_PERSIST                                                                    \
	{ "persist", 0, NULL, false, "Also after a restart, as chzdev would keep it",   \
	  COMPLETE_NOTHING, take_persist }

static const struct option_spec move_options[] = {
	POOL_PERSIST,
	{ 0 },
};

static const struct option_spec pool_options[] = {
	{ "adapters", 'a', "LIST", false, "Adapters, such as 5 or 0x05,0x0a-0x0c",
	  COMPLETE_ADAPTER, take_adapters },
	{ "domains", 'd', "LIST", false, "Usage domains, such as 4 or 4-6,0xab",
	  COMPLETE_DOMAIN, take_domains },
	POOL_PERSIST,
	{ 0 },
};

static const struct option_spec configuration_options[] = {
	{ "prune", 0, NULL, false, "Devices that FILE does not name shall not exist",
	  COMPLETE_NOTHING, take_prune },
	{ 0 },
};

static const struct option_spec export_options[] = {
	{ "to", 0, "FORMAT", false, "vfioap (as without --to), mdevctl, libvirt-xml or libvirt-hostdev",
	  COMPLETE_FORMAT, take_format },
	{ 0 },
};

#define LOOK "Look"
#define CHANGE "Change devices"
#define DECLARE "Declare the whole host"
#define STORE "Stored definitions"
#define POOL "Pool of queues"
#define DRIVER "Driver"
#define OTHER "Other"
#define HELP "Help"

const struct command commands[] = {
	{
		.name = "status",
		.family = LOOK,
		.summary = "The host at a glance",
		.description =
			"Shows whether there is an AP bus and a vfio_ap driver, how the queues "
			"are divided between the host, free ones, devices and guests, and how "
			"many devices exist.",
		.run = status_run,
		.print = status_print,
	},
	{
		.name = "list",
		.family = LOOK,
		.summary = "The mediated devices",
		.description =
			"One line for each device: its adapters and domains, how many of its "
			"queues are effective (what its guest gets) and who uses it. A device "
			"that is being removed is listed until its user has let go of it.",
		.run = list_run,
		.print = list_print,
	},
	{
		.name = "show",
		.family = LOOK,
		.summary = "One device, queue by queue, with reasons",
		.description =
			"Shows which queues were requested, which are assigned and which are "
			"effective, that is, passed through to the guest, and for each queue "
			"that is not effective the reason.",
		.arguments = { "DEVICE", 1, 1, COMPLETE_DEVICE },
		.run = show_run,
		.print = show_print,
	},
	{
		.name = "queues",
		.family = LOOK,
		.summary = "Every card and queue and its owner",
		.description =
			"Without FILTER, shows every card and queue of the host. FILTER is a "
			"queue (05.0004), an adapter's queues (05.*) or a domain's (*.0004); "
			"with several, a queue is shown if it fits one of them.",
		.arguments = { "[FILTER...]", 0, 0, COMPLETE_QUEUE },
		.options = queues_options,
		.run = queues_run,
		.print = queues_print,
	},
	{
		.name = "map",
		.family = LOOK,
		.summary = "The grid of adapters and domains",
		.description =
			"Draws the queues as a grid, one row for each adapter and one column "
			"for each domain. Each queue is a letter that tells its owner; the "
			"legend below the grid explains the letters. With --svg, a picture is "
			"drawn instead that can be put in a ticket: it names every device and "
			"guest.",
		.options = map_options,
		.run = map_run,
		.print = map_print,
	},
	{
		.name = "explain",
		.family = LOOK,
		.summary = "Why a device or queue is as it is, and what to do",
		.description =
			"Says in sentences who owns the queue, or what keeps each of the "
			"device's queues from its guest, and names the command that mends it.",
		.arguments = { "DEVICE|APQN", 1, 1, COMPLETE_DEVICE_OR_QUEUE },
		.run = explain_run,
		.print = explain_print,
	},
	{
		.name = "wait",
		.family = LOOK,
		.summary = "Wait until a device is there, gone, used, idle or complete",
		.description =
			"Ends as soon as the device is as --for says: present, absent, idle (no "
			"guest uses it), in-use, or effective (it has queues, and its guest gets "
			"all of them). Without --timeout it waits for as long as it takes. A "
			"device that does not exist can be waited for to be present; waiting for "
			"it to be idle, in-use or effective fails at once.",
		.arguments = { "DEVICE", 1, 1, COMPLETE_DEVICE },
		.options = wait_options,
		.run = wait_run,
		.print = wait_print,
	},
	{
		.name = "monitor",
		.family = LOOK,
		.summary = "What happens, one JSON object a line",
		.description =
			"The first line has the event 'ready' and the host as it is; then each "
			"event of the AP bus, of cards, queues, the driver and devices is a line, "
			"numbered by 'sequence'. Nothing that happens after the ready line is "
			"missing; should the kernel have dropped events, a line with the subject "
			"'lost' says so. With --count and --timeout, too few events in the time "
			"are an error; with --timeout alone, it ends when the time is over.",
		.options = monitor_options,
		.streams = true,
		.run = monitor_run,
	},
	{
		.name = "create",
		.family = CHANGE,
		.summary = "Create a device",
		.description =
			"DEVICE is a UUID or a name; a name always gives the same UUID, and is "
			"kept as long as the device is there. Without DEVICE, a random UUID is "
			"made up and printed. Creating a device that "
			"exists with the same contents changes nothing and succeeds.",
		.arguments = { "[DEVICE]", 0, 1, COMPLETE_NOTHING },
		.options = matrix_options,
		.changes = true,
		.run = create_run,
		.print = change_print,
	},
	{
		.name = "assign",
		.family = CHANGE,
		.summary = "Add adapters and domains to a device",
		.description =
			"If a guest uses the device, the queues are plugged into it at once. "
			"What is assigned already stays as it is.",
		.arguments = { "DEVICE", 1, 1, COMPLETE_DEVICE },
		.options = matrix_options,
		.changes = true,
		.run = assign_run,
		.print = change_print,
	},
	{
		.name = "unassign",
		.family = CHANGE,
		.summary = "Take adapters and domains from a device",
		.description =
			"If a guest uses the device, the queues are unplugged from it at once. "
			"What is not assigned is not missed.",
		.arguments = { "DEVICE", 1, 1, COMPLETE_DEVICE },
		.options = matrix_options,
		.changes = true,
		.run = unassign_run,
		.print = change_print,
	},
	{
		.name = "set",
		.family = CHANGE,
		.summary = "Give a device exactly these adapters and domains",
		.description =
			"A kind of which no option is given stays as it is; 'none' takes away all of "
			"that kind.",
		.arguments = { "DEVICE", 1, 1, COMPLETE_DEVICE },
		.options = matrix_options,
		.changes = true,
		.run = set_run,
		.print = change_print,
	},
	{
		.name = "remove",
		.family = CHANGE,
		.summary = "Remove a device",
		.description =
			"Refuses if a guest uses the device, and names the guest. With --wait "
			"the guest is asked to let go of the device, which cannot be taken "
			"back: when the time is over first, the device stays in the state "
			"'removing' until the guest lets go. With --force its queues are taken "
			"out of the guest before. A device that does not exist is as good as "
			"removed.",
		.arguments = { "[DEVICE...]", 0, 0, COMPLETE_DEVICE },
		.options = remove_options,
		.changes = true,
		.run = remove_run,
		.print = several_print,
	},
	{
		.name = "define",
		.family = STORE,
		.summary = "Store what a device is to have",
		.description =
			"The definition is what 'start' makes the device from; mdevctl and libvirt "
			"see it, too. Without adapters and domains, a device that is active is "
			"stored as it is. Without DEVICE, a random UUID is made up and printed. A "
			"definition with other contents is not replaced; 'set --persist' changes "
			"it. The device itself, active or not, is left alone.",
		.arguments = { "[DEVICE]", 0, 1, COMPLETE_DEVICE },
		.options = define_options,
		.changes = true,
		.run = define_run,
		.print = change_print,
	},
	{
		.name = "undefine",
		.family = STORE,
		.summary = "Delete what is stored about a device",
		.description =
			"Deletes the definition, also one that makes no sense, with the device's "
			"name and label. The device itself is left alone: if it is active, it keeps "
			"its name and label until it is removed. One that is not defined is as good "
			"as undefined.",
		.arguments = { "DEVICE...", 1, 0, COMPLETE_DEFINED },
		.changes = true,
		.run = undefine_run,
		.print = several_print,
	},
	{
		.name = "start",
		.family = STORE,
		.summary = "Create a device as it is defined",
		.description =
			"A device that is active already is left as it is, even if it differs from "
			"its definition. With --auto, all devices that are enabled are started; one "
			"that cannot be does not keep the others.",
		.arguments = { "[DEVICE...]", 0, 0, COMPLETE_DEFINED },
		.options = start_options,
		.changes = true,
		.run = start_run,
		.print = several_print,
	},
	{
		.name = "stop",
		.family = STORE,
		.summary = "Remove a device, but keep its definition",
		.description =
			"The same as 'remove'. A device that is not active is as good as stopped.",
		.arguments = { "[DEVICE...]", 0, 0, COMPLETE_DEVICE },
		.options = stop_options,
		.changes = true,
		.run = stop_run,
		.print = several_print,
	},
	{
		.name = "enable",
		.family = STORE,
		.summary = "Have a device started at boot",
		.description =
			"More precisely: whenever the vfio_ap driver appears. Refused if another "
			"device that is enabled has one of its queues.",
		.arguments = { "DEVICE...", 1, 0, COMPLETE_DEFINED },
		.changes = true,
		.run = enable_run,
		.print = several_print,
	},
	{
		.name = "disable",
		.family = STORE,
		.summary = "Do not have a device started at boot",
		.description = "The device itself, active or not, is left alone.",
		.arguments = { "DEVICE...", 1, 0, COMPLETE_DEFINED },
		.changes = true,
		.run = disable_run,
		.print = several_print,
	},
	{
		.name = "import",
		.family = STORE,
		.summary = "Store the definitions of a file",
		.description =
			"FILE is what 'mdevctl list --dumpjson' or 'export --to mdevctl' prints, or, "
			"if DEVICE is given, its definition; '-' is standard input. All of it is "
			"stored, or nothing. Definitions that differ from those of FILE are not "
			"replaced. The devices are not started.",
		.arguments = { "FILE [DEVICE]", 1, 2, COMPLETE_FILE },
		.changes = true,
		.run = import_run,
		.print = import_print,
	},
	{
		.name = "export",
		.family = STORE,
		.summary = "Print devices in the format of another program",
		.description =
			"vfioap is what 'apply' takes: without DEVICE, the pool and all devices that "
			"are active. mdevctl is what 'mdevctl list --dumpjson' prints, or, for one "
			"DEVICE, its definition. libvirt-xml is what 'virsh nodedev-define' takes, and "
			"libvirt-hostdev belongs into the XML of the guest; both are about one "
			"DEVICE. For the last three, what is stored goes before what the device has.",
		.arguments = { "[DEVICE...]", 0, 0, COMPLETE_DEFINED },
		.options = export_options,
		.run = export_run,
		.print = export_print,
	},
	{
		.name = "plan",
		.family = DECLARE,
		.summary = "Show what apply would do",
		.description =
			"Reads and checks FILE, then shows in order what would be written to make "
			"the host as FILE says. FILE is described in vfioap.conf(5); '-' is standard "
			"input.",
		.arguments = { "FILE", 1, 1, COMPLETE_FILE },
		.options = configuration_options,
		.run = plan_file_run,
		.print = apply_print,
	},
	{
		.name = "apply",
		.family = DECLARE,
		.summary = "Make the host as a file says",
		.description =
			"Reads and checks FILE, then changes the pool and the devices. Devices give "
			"queues up before others get them, so that two running guests can exchange "
			"queues. If anything fails, or SIGINT or SIGTERM comes, what was changed is "
			"undone. Applying a file again changes nothing. Names that FILE gives to "
			"devices are kept, as create and define do. FILE is described in "
			"vfioap.conf(5); '-' is standard input.",
		.arguments = { "FILE", 1, 1, COMPLETE_FILE },
		.options = configuration_options,
		.changes = true,
		.run = apply_run,
		.print = apply_print,
	},
	{
		.name = "assert",
		.family = DECLARE,
		.summary = "Succeed only if the host is as a file says",
		.description =
			"Changes nothing. The exit status is 10 if the host differs from FILE. FILE "
			"is described in vfioap.conf(5); '-' is standard input.",
		.arguments = { "FILE", 1, 1, COMPLETE_FILE },
		.options = configuration_options,
		.run = compare_run,
		.print = assert_print,
	},
	{
		.name = "diff",
		.family = DECLARE,
		.summary = "Show in what the host differs from a file",
		.description =
			"Lines with - are what the host has, those with + what FILE says. The exit "
			"status is 10 if there are any. FILE is described in vfioap.conf(5); '-' is "
			"standard input.",
		.arguments = { "FILE", 1, 1, COMPLETE_FILE },
		.options = configuration_options,
		.run = compare_run,
		.print = diff_print,
	},
	{
		.name = "pool show",
		.family = POOL,
		.summary = "Which queues belong to the host, which to vfio_ap",
		.description =
			"The host's drivers own a queue if both its adapter's bit in apmask "
			"and its domain's bit in aqmask are set; all others are vfio_ap's.",
		.run = pool_show_run,
		.print = pool_show_print,
	},
	{
		.name = "pool free",
		.family = POOL,
		.summary = "Take queues from the host's drivers and give them to vfio_ap",
		.description =
			"The masks divide by adapters and domains, not by queues, so that other "
			"queues may have to go along; the change with the fewest is chosen, and "
			"they are listed (try --dry-run first). A queue that is vfio_ap's already, "
			"but was unbound from it, is bound again if it is named itself.",
		.arguments = { "APQN...", 1, 0, COMPLETE_HOST_QUEUE },
		.options = move_options,
		.changes = true,
		.run = pool_free_run,
		.print = pool_change_print,
	},
	{
		.name = "pool reserve",
		.family = POOL,
		.summary = "Give queues back to the host's drivers",
		.description =
			"Refused if a device owns one of the queues that would go back. Other "
			"queues may have to go along; they are listed.",
		.arguments = { "APQN...", 1, 0, COMPLETE_FREE_QUEUE },
		.options = move_options,
		.changes = true,
		.run = pool_reserve_run,
		.print = pool_change_print,
	},
	{
		.name = "pool set",
		.family = POOL,
		.summary = "Give vfio_ap exactly these adapters and domains",
		.description =
			"vfio_ap gets all queues of these adapters, and all queues of these domains; "
			"the host gets the rest. A kind of which no option is given stays as it is; "
			"'none' gives all of that kind back to the host. Where both are given, queues "
			"that have only one of the two go along; they are listed (try --dry-run "
			"first). Refused if a device owns a queue that would go back.",
		.options = pool_options,
		.changes = true,
		.run = pool_set_run,
		.print = pool_change_print,
	},
	{
		.name = "driver status",
		.family = DRIVER,
		.summary = "Whether the vfio_ap driver is loaded, and what it can do",
		.description = "Shows the features that the driver announces and how many "
			       "devices exist and can be created.",
		.run = driver_status_run,
		.print = driver_status_print,
	},
	{
		.name = "driver load",
		.family = DRIVER,
		.summary = "Load the vfio_ap driver",
		.description = "The module and those it needs are loaded as modprobe would, "
			       "but without running install commands.",
		.changes = true,
		.run = driver_load_run,
		.print = driver_change_print,
	},
	{
		.name = "driver unload",
		.family = DRIVER,
		.summary = "Unload the vfio_ap driver",
		.description = "Refused while a device exists, because unloading would remove "
			       "it.",
		.changes = true,
		.run = driver_unload_run,
		.print = driver_change_print,
	},
	{
		.name = "doctor",
		.family = OTHER,
		.summary = "Find what will hurt later",
		.description =
			"Looks for what works now and will not later, or what nobody has noticed "
			"yet: stored definitions that make no sense or want the same queues, masks "
			"that change at the next boot, mdevctl's rule that starts nothing, locks that were left over, queues without a driver, queues that "
			"a device was given and its guest does not get. Changes nothing. Finding "
			"problems is no failure: the exit status is 0.",
		.run = doctor_run,
		.print = doctor_print,
	},
	{
		.name = "sim show",
		.family = OTHER,
		.summary = "The machine that the simulated AP bus shows",
		.description =
			"Only where the simulated bus is loaded. The member 'machine' of the JSON "
			"document is a file that 'sim load' takes.",
		.run = sim_show_run,
		.print = sim_show_print,
	},
	{
		.name = "sim load",
		.family = OTHER,
		.summary = "Simulate the machine that a file describes",
		.description =
			"Adapters that FILE does not name leave the machine if it names any; what it "
			"does not say stays as it is. Then the bus is scanned. '-' is standard input.",
		.arguments = { "FILE", 1, 1, COMPLETE_FILE },
		.changes = true,
		.run = sim_load_run,
		.print = sim_change_print,
	},
	{
		.name = "sim fault",
		.family = OTHER,
		.summary = "Let a simulated queue or adapter fail, or work again",
		.description =
			"APQN is a queue (05.0004) or an adapter (05.*). Settings of a queue: "
			"reset_ms, stuck, aqic_ms, message_ms, rc_tapq, rc_rapq, rc_zapq, rc_aqic, "
			"rc_nqap, rc_dqap, async_error; of an adapter: type, mode, depth, config, "
			"chkstop, live. Then the bus is scanned.",
		.arguments = { "APQN NAME=VALUE...", 2, 0, COMPLETE_FAULT },
		.changes = true,
		.run = sim_fault_run,
		.print = sim_change_print,
	},
	{
		.name = "help",
		.family = HELP,
		.summary = "Explain a command",
		.description = "With --json, describes every command with its arguments and "
			       "options.",
		.arguments = { "[COMMAND...]", 0, 2, COMPLETE_COMMAND },
		.run = help_run,
		.print = help_print,
	},
	{ 0 },
};

const struct command *command_find(const char *name)
{
	const struct command *command;

	for_each_command(command) {
		if (!strcmp(command->name, name))
			return command;
	}
	return NULL;
}

bool command_is_group(const char *word)
{
	const struct command *command;
	size_t length = strlen(word);

	for_each_command(command) {
		if (!strncmp(command->name, word, length) && command->name[length] == ' ')
			return true;
	}
	return false;
}

/* How many characters to change, add or drop to get from @a to @b (Levenshtein). */
static size_t edit_distance(const char *a, const char *b)
{
	size_t row[32];
	size_t length = strlen(b);
	size_t i, j;

	for (j = 0; j <= length; j++)
		row[j] = j;
	for (i = 0; a[i]; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (j = 0; j < length; j++) {
			size_t best = diagonal + (a[i] != b[j]);

			if (best > row[j] + 1)
				best = row[j] + 1;
			if (best > row[j + 1] + 1)
				best = row[j + 1] + 1;
			diagonal = row[j + 1];
			row[j + 1] = best;
		}
	}
	return row[length];
}

const char *command_nearest(const char *word)
{
	const struct command *command;
	const char *nearest = NULL;
	size_t least = 3;

	for_each_command(command) {
		size_t distance = edit_distance(word, command->name);

		if (distance < least) {
			least = distance;
			nearest = command->name;
		}
	}
	return nearest;
}
