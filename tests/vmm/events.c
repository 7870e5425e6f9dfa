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

/* How often since it was last asked. */
static uint64_t signals(int eventfd)
{
	eventfd_t count;

	return eventfd_read(eventfd, &count) ? 0 : count;
}

/* For those who count at the same time: what was signalled is counted when this returns. */
static bool take_changes(struct attachment *a)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	uint64_t n;

	pthread_mutex_lock(&lock);
	n = signals(a->config_changed);
	a->changes += n;
	pthread_mutex_unlock(&lock);
	return n;
}

static void look_for_changes(struct machine *machine, struct attachment *a)
{
	if (take_changes(a))
		on_config_changed(machine, a);
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
		if (signals(a->request))
			on_request(machine, a);
		look_for_changes(machine, a);
	}
	return NULL;
}

uint64_t events_changes(struct machine *machine)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < machine->n_attachments; i++) {
		look_for_changes(machine, &machine->attachments[i]);
		sum += machine->attachments[i].changes;
	}
	return sum;
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
