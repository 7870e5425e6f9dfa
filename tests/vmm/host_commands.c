// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Commands about the device, the VM and the AP facility.
 */
#include <stdlib.h>
#include <string.h>

#include "commands.h"

/* How long it may take until somebody wants a page that is withheld. */
#define FAULT_SECONDS	60

static bool finish(struct invocation *in, int ret, const struct failure *failure)
{
	if (ret)
		report_failure(in->report, failure);
	return !ret;
}

static struct attachment *attachment(struct invocation *in, int arg)
{
	const char *uuid = in->argc > arg ? in->argv[arg] : NULL;
	struct attachment *a = machine_attachment(in->machine, uuid);

	if (a)
		report_string(in->report, "mdev", a->uuid);
	else
		report_misuse(in->report, "no such device");
	return a;
}

static bool attach(struct invocation *in)
{
	struct failure failure;

	report_string(in->report, "mdev", in->argv[0]);
	return finish(in, machine_attach(in->machine, in->argv[0], &failure), &failure);
}

static bool release(struct invocation *in)
{
	struct attachment *a = attachment(in, 0);

	if (a)
		machine_release(in->machine, a);
	return a;
}

static bool reset(struct invocation *in)
{
	struct attachment *a = attachment(in, 0);
	struct failure failure;

	return a && finish(in, attachment_reset(a, &failure), &failure);
}

static bool info(struct invocation *in)
{
	struct attachment *a = attachment(in, 0);
	struct json_object *irqs = json_object_new_array(), *irq;
	struct attachment_info info;
	struct failure failure;
	unsigned int i;

	if (!a || !finish(in, attachment_info(a, &info, &failure), &failure)) {
		json_object_put(irqs);
		return false;
	}
	report_hex(in->report, "flags", info.device.flags, 1);
	report_number(in->report, "regions", info.device.num_regions);
	for (i = 0; i < info.device.num_irqs && i < 8; i++) {
		irq = json_object_new_object();
		report_hex(irq, "flags", info.irq[i].flags, 1);
		report_number(irq, "count", info.irq[i].count);
		json_object_array_add(irqs, irq);
	}
	json_object_object_add(in->report, "irqs", irqs);
	return true;
}

static bool change_mappings(struct invocation *in, bool map)
{
	struct attachment *a = attachment(in, 0);
	struct failure failure;

	return a && finish(in, machine_change_mappings(in->machine, a, map, &failure), &failure);
}

static bool map(struct invocation *in)
{
	return change_mappings(in, true);
}

static bool unmap(struct invocation *in)
{
	return change_mappings(in, false);
}

static bool change_address_space(struct invocation *in, bool detach)
{
	struct attachment *a = attachment(in, 0);
	int (*change)(struct attachment *a, struct failure *failure);
	struct failure failure;

	if (!a)
		return false;
	change = detach ? a->ops->detach : a->ops->reattach;
	if (!change) {
		report_misuse(in->report, "only with --cdev");
		return false;
	}
	return finish(in, change(a, &failure), &failure);
}

static bool detach(struct invocation *in)
{
	return change_address_space(in, true);
}

static bool reattach(struct invocation *in)
{
	return change_address_space(in, false);
}

static bool page_argument(struct invocation *in, uint64_t *address)
{
	*address = strtoull(in->argv[0], NULL, 0);
	if (*address < GUEST_MEMORY && !(*address & 0xfff))
		return true;
	report_misuse(in->report, "not the address of a page");
	return false;
}

static bool withhold(struct invocation *in)
{
	struct failure failure;
	uint64_t address;

	return page_argument(in, &address) &&
	       finish(in, vm_withhold(&in->machine->vm, address, &failure), &failure);
}

static bool await_fault(struct invocation *in)
{
	if (missing_page_is_wanted(&in->machine->vm.missing, FAULT_SECONDS))
		return true;
	report_misuse(in->report, "nobody wants the page");
	return false;
}

static bool provide(struct invocation *in)
{
	struct failure failure;

	if (!missing_page_provide(&in->machine->vm.missing))
		return true;
	fail(&failure, "UFFDIO_ZEROPAGE", "the page");
	return finish(in, -1, &failure);
}

static bool overlay(struct invocation *in)
{
	struct failure failure;
	uint64_t address;

	return page_argument(in, &address) &&
	       finish(in, vm_overlay(&in->machine->vm, address, in->argv[1], &failure), &failure);
}

static void close_vcpus(struct vm *vm)
{
	unsigned int i;

	for (i = 0; i < vm->n_vcpus; i++)
		vcpu_close(&vm->vcpus[i]);
}

/* The descriptor that @part names, NULL if it names none. */
static descriptor *part_descriptor(struct invocation *in, const char *part)
{
	struct attachment *a;

	if (!strcmp(part, "vm"))
		return &in->machine->vm.fd;
	if (!strcmp(part, "facility"))
		return &in->machine->vm.facility.fd;
	if (!strcmp(part, "kvm-vfio"))
		return &in->machine->kvm_vfio;
	a = attachment(in, 1);
	if (!a)
		return NULL;
	if (!strcmp(part, "device"))
		return &a->device;
	if (!strcmp(part, "group"))
		return &a->group;
	return strcmp(part, "container") ? NULL : &a->iommu;
}

static bool close_part(struct invocation *in)
{
	const char *part = in->argv[0];
	descriptor *d;

	report_string(in->report, "part", part);
	if (!strcmp(part, "vcpus")) {
		close_vcpus(&in->machine->vm);
		return true;
	}
	d = part_descriptor(in, part);
	if (d && descriptor_close(d))
		return true;
	report_misuse(in->report, d ? "not open" : "nothing that can be closed");
	return false;
}

static bool open_part(struct invocation *in)
{
	struct machine *machine = in->machine;
	struct attachment *a;
	struct failure failure;

	report_string(in->report, "part", in->argv[0]);
	if (!strcmp(in->argv[0], "facility")) {
		if (!finish(in, facility_open(&machine->vm.facility, machine->vm.fd, &failure),
			    &failure))
			return false;
		report_number(in->report, "facility", machine->vm.facility.id);
		return true;
	}
	if (strcmp(in->argv[0], "device")) {
		report_misuse(in->report, "nothing that can be opened");
		return false;
	}
	a = attachment(in, 1);
	return a && finish(in, machine_open(machine, a, &failure), &failure);
}

static void report_words(struct json_object *report, const char *key, const uint64_t w[4])
{
	char text[2 + 64 + 1];

	snprintf(text, sizeof(text), "0x%016lx%016lx%016lx%016lx", w[0], w[1], w[2], w[3]);
	report_string(report, key, text);
}

static bool get_vcpu(struct invocation *in)
{
	struct ap_guest_vcpu vcpu = { .argsz = sizeof(vcpu), .vcpu_id = atoi(in->argv[0]) };
	struct failure failure;

	if (!finish(in, facility_get_vcpu(&in->machine->vm.facility, &vcpu, &failure), &failure))
		return false;
	report_number(in->report, "vcpu", vcpu.vcpu_id);
	report_bool(in->report, "aiv", vcpu.flags & AP_GUEST_VCPU_AIV);
	report_bool(in->report, "apie", vcpu.flags & AP_GUEST_VCPU_APIE);
	report_number(in->report, "executed", vcpu.executed);
	report_number(in->report, "kicked", vcpu.kicked);
	report_words(in->report, "apm", (uint64_t *)vcpu.apm);
	report_words(in->report, "aqm", (uint64_t *)vcpu.aqm);
	report_words(in->report, "adm", (uint64_t *)vcpu.adm);
	return true;
}

static bool set_vcpu(struct invocation *in)
{
	struct ap_guest_vcpu vcpu = { .argsz = sizeof(vcpu), .vcpu_id = atoi(in->argv[0]) };
	struct failure failure;
	int i;

	for (i = 1; i < in->argc; i++) {
		if (!strcmp(in->argv[i], "aiv"))
			vcpu.flags |= AP_GUEST_VCPU_AIV;
		else if (!strcmp(in->argv[i], "apie"))
			vcpu.flags |= AP_GUEST_VCPU_APIE;
	}
	return finish(in, facility_set_vcpu(&in->machine->vm.facility, &vcpu, &failure), &failure);
}

static bool changes(struct invocation *in)
{
	report_number(in->report, "changes", events_changes(in->machine));
	return true;
}

static bool wait_command(struct invocation *in)
{
	(void)in;
	command_wait();
	return true;
}

static bool quit(struct invocation *in)
{
	(void)in;
	return true;
}

#define PARTS	"PART [UUID]"

const struct command host_commands[] = {
	{ "attach", "UUID", "attach another mediated device", 1, 1, attach },
	{ "release", "[UUID]", "close all of a device, as for hot unplug", 0, 1, release },
	{ "reset", "[UUID]", "VFIO_DEVICE_RESET", 0, 1, reset },
	{ "info", "[UUID]", "VFIO_DEVICE_GET_INFO and GET_IRQ_INFO", 0, 1, info },
	{ "map", "[UUID]", "let the device reach guest memory", 0, 1, map },
	{ "unmap", "[UUID]", "take that back", 0, 1, unmap },
	{ "detach", "[UUID]", "take the device from its address space", 0, 1, detach },
	{ "reattach", "[UUID]", "give it the address space again", 0, 1, reattach },
	{ "withhold", "ADDRESS", "take a page of guest memory away", 1, 1, withhold },
	{ "await-fault", "", "wait until somebody wants that page", 0, 0, await_fault },
	{ "provide", "", "give it, with zeros, to whoever waits", 0, 0, provide },
	{ "overlay", "ADDRESS FILE", "map the first page of a file there", 2, 2, overlay },
	{ "close", PARTS, "device, group, container, kvm-vfio, facility, vm or vcpus", 1, 2,
	  close_part },
	{ "open", PARTS, "device or facility", 1, 2, open_part },
	{ "get-vcpu", "VCPU", "AP_GUEST_GET_VCPU", 1, 1, get_vcpu },
	{ "set-vcpu", "VCPU [aiv] [apie]", "AP_GUEST_SET_VCPU", 1, 3, set_vcpu },
	{ "changes", "", "how often the kernel told of other queues", 0, 0, changes },
	{ "wait", "", "wait for commands in the background", 0, 0, wait_command },
	{ "quit", "", "end", 0, 0, quit },
	{},
};
