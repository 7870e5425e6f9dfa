// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel tells a VMM about a device: that the administrator wants it back, and that
 * the guest has other queues now.
 */
#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include "guest_view.h"
#include "machine.h"
#include "report.h"

static void on_request(struct machine *machine, struct attachment *a)
{
	struct json_object *report = report_new("event", "request");
	bool release = machine->release_on_request;

	report_string(report, "mdev", a->uuid);
	report_string(report, "reaction", release ? "release" : "ignore");
	report_print(report);
	if (!release)
		return;
	machine_release(machine, a);
	report = report_new("event", "released");
	report_string(report, "mdev", a->uuid);
	report_print(report);
}

/* The guest looks for itself, like a guest that got a configuration-change event. */
static void on_config_changed(struct machine *machine, struct attachment *a)
{
	struct json_object *report = report_new("event", "config_changed");
	struct failure failure;
	struct mailbox view;

	report_string(report, "mdev", a->uuid);
	if (guest_scan(&machine->vm.vcpus[0], false, &view, &failure))
		report_failure(report, &failure);
	else
		report_view(report, &view);
	report_print(report);
}

static bool signalled(int eventfd)
{
	eventfd_t count;

	return !eventfd_read(eventfd, &count);
}

static void *thread(void *arg)
{
	struct machine *machine = arg;
	struct epoll_event event;
	struct attachment *a;

	for (;;) {
		if (epoll_wait(machine->events, &event, 1, -1) < 1)
			continue;
		a = event.data.ptr;
		if (signalled(a->request))
			on_request(machine, a);
		if (signalled(a->config_changed))
			on_config_changed(machine, a);
	}
	return NULL;
}

int events_start(struct machine *machine, struct failure *failure)
{
	pthread_t id;
	int error;

	machine->events = epoll_create1(EPOLL_CLOEXEC);
	if (machine->events < 0)
		return fail(failure, "epoll_create1", "events");
	error = pthread_create(&id, NULL, thread, machine);
	if (error) {
		errno = error;
		return fail(failure, "pthread_create", "events");
	}
	pthread_detach(id);
	return 0;
}

int events_watch(struct machine *machine, struct attachment *a, struct failure *failure)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = a };

	if (epoll_ctl(machine->events, EPOLL_CTL_ADD, a->request, &event) ||
	    epoll_ctl(machine->events, EPOLL_CTL_ADD, a->config_changed, &event))
		return fail(failure, "epoll_ctl", "%s", a->uuid);
	return 0;
}
