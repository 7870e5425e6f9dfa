// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vfio-abi UUID: the file descriptor of a mediated device, ioctl by ioctl, with every
 * argument that makes no sense.  The device must have an adapter and a domain.
 */
#include <errno.h>
#include <linux/vfio.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
/* after the headers that it relies on */
#include <cmocka.h>

#include "vfio_machine.h"

#define SET_EVENTFD (VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER)

/* Newer than the headers of Debian 12 */
#define AP_REQ_IRQ 0
#define AP_CFG_CHG_IRQ 1

static const char *uuid;
static struct vfio_machine machine;

static int result(int ret)
{
	return ret < 0 ? -errno : 0;
}

static int device_ioctl(unsigned long request, void *arg)
{
	return result(ioctl(machine.device, request, arg));
}

/* A copy that is followed by no memory. One at a time. */
static void *at_end_of_memory(const void *data, size_t size)
{
	static const size_t page = 4096;
	static char *memory;

	if (memory)
		munmap(memory, 2 * page);
	memory = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(memory, MAP_FAILED);
	assert_int_equal(mprotect(memory + page, page, PROT_NONE), 0);
	return memcpy(memory + page - size, data, size);
}

/* A copy that cannot be written. One at a time. */
static void *read_only(const void *data, size_t size)
{
	char *copy = at_end_of_memory(data, size);

	assert_int_equal(mprotect((void *)((uintptr_t)copy & ~4095ul), 4096, PROT_READ), 0);
	return copy;
}

struct irq_set {
	struct vfio_irq_set set;
	int32_t fd;
};

static void fill_irq_set(struct irq_set *s, uint32_t index, int32_t fd)
{
	memset(s, 0, sizeof(*s));
	s->set.argsz = sizeof(*s);
	s->set.flags = SET_EVENTFD;
	s->set.index = index;
	s->set.count = 1;
	s->fd = fd;
}

static int set_irqs(struct irq_set *s)
{
	return device_ioctl(VFIO_DEVICE_SET_IRQS, s);
}

static int set_eventfd(uint32_t index, int32_t fd)
{
	struct irq_set s;

	fill_irq_set(&s, index, fd);
	return set_irqs(&s);
}

static int attach(void **state)
{
	(void)state;
	vfio_machine_open(&machine, uuid);
	return vfio_machine_attach(&machine, uuid);
}

static int detach(void **state)
{
	(void)state;
	vfio_machine_close(&machine);
	return 0;
}

static void open_needs_a_kvm(void **state)
{
	(void)state;
	vfio_group_open(&machine, uuid);
	assert_int_equal(vfio_machine_attach(&machine, uuid), -EINVAL);
	vfio_machine_close(&machine);
}

static void info(void **state)
{
	struct vfio_device_info info = {.argsz = 0};

	(void)state;
	assert_int_equal(device_ioctl(VFIO_DEVICE_GET_INFO, &info), -EINVAL);
	info.argsz = offsetof(struct vfio_device_info, num_irqs) + sizeof(info.num_irqs) - 1;
	assert_int_equal(device_ioctl(VFIO_DEVICE_GET_INFO, &info), -EINVAL);
	info.argsz++;
	assert_int_equal(device_ioctl(VFIO_DEVICE_GET_INFO, &info), 0);
	assert_int_equal(info.flags, VFIO_DEVICE_FLAGS_RESET | VFIO_DEVICE_FLAGS_AP);
	assert_int_equal(info.num_regions, 0);
	assert_int_equal(info.num_irqs, 2);
	assert_int_equal(device_ioctl(VFIO_DEVICE_GET_INFO, NULL), -EFAULT);
	info.flags = 0;
	assert_int_equal(device_ioctl(VFIO_DEVICE_GET_INFO, read_only(&info, sizeof(info))),
			 -EFAULT);
}

static void irq_info(void **state)
{
	struct vfio_irq_info info = {.argsz = sizeof(info)};

	(void)state;
	for (info.index = 0; info.index < 2; info.index++) {
		assert_int_equal(device_ioctl(VFIO_DEVICE_GET_IRQ_INFO, &info), 0);
		assert_int_equal(info.count, 1);
		assert_int_equal(info.flags, VFIO_IRQ_INFO_EVENTFD);
	}
	assert_int_equal(device_ioctl(VFIO_DEVICE_GET_IRQ_INFO, &info), -EINVAL);
	info = (struct vfio_irq_info){.argsz = sizeof(info) - 1};
	assert_int_equal(device_ioctl(VFIO_DEVICE_GET_IRQ_INFO, &info), -EINVAL);
	assert_int_equal(device_ioctl(VFIO_DEVICE_GET_IRQ_INFO, NULL), -EFAULT);
	info.argsz = sizeof(info);
	assert_int_equal(device_ioctl(VFIO_DEVICE_GET_IRQ_INFO, read_only(&info, sizeof(info))),
			 -EFAULT);
}

static void eventfds(void **state)
{
	int fd = eventfd(0, EFD_CLOEXEC), other = eventfd(0, EFD_CLOEXEC);
	uint32_t index;

	(void)state;
	for (index = AP_REQ_IRQ; index <= AP_CFG_CHG_IRQ; index++) {
		assert_int_equal(set_eventfd(index, fd), 0);
		assert_int_equal(set_eventfd(index, other), 0);
		assert_int_equal(set_eventfd(index, -1), 0);
		assert_int_equal(set_eventfd(index, -1), 0);
		assert_int_equal(set_eventfd(index, -2), -EINVAL);
		assert_int_equal(set_eventfd(index, machine.kvm), -EINVAL);
		assert_int_equal(set_eventfd(index, 1000), -EBADF);
	}
	assert_int_equal(set_eventfd(2, fd), -EINVAL);
	close(fd);
	close(other);
}

/* No data and no count is another way to say -1. */
static void no_eventfd(void **state)
{
	int fd = eventfd(0, EFD_CLOEXEC);
	struct irq_set s;

	(void)state;
	assert_int_equal(set_eventfd(AP_REQ_IRQ, fd), 0);
	fill_irq_set(&s, AP_REQ_IRQ, fd);
	s.set.flags = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER;
	assert_int_equal(set_irqs(&s), -EINVAL);
	s.set.count = 0;
	assert_int_equal(set_irqs(&s), 0);
	assert_int_equal(set_irqs(&s), 0);
	close(fd);
}

static void malformed_irq_sets(void **state)
{
	static const uint32_t flags[] = {
		0,
		VFIO_IRQ_SET_DATA_EVENTFD,
		VFIO_IRQ_SET_ACTION_TRIGGER,
		VFIO_IRQ_SET_DATA_BOOL | VFIO_IRQ_SET_ACTION_TRIGGER,
		VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_MASK,
		SET_EVENTFD | 1 << 6,
	};
	int fd = eventfd(0, EFD_CLOEXEC);
	struct irq_set s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		fill_irq_set(&s, AP_REQ_IRQ, fd);
		s.set.flags = flags[i];
		assert_int_equal(set_irqs(&s), -EINVAL);
	}
	fill_irq_set(&s, AP_REQ_IRQ, fd);
	s.set.start = 1;
	assert_int_equal(set_irqs(&s), -EINVAL);
	fill_irq_set(&s, AP_REQ_IRQ, fd);
	s.set.count = 2;
	assert_int_equal(set_irqs(&s), -EINVAL);
	fill_irq_set(&s, AP_REQ_IRQ, fd);
	s.set.argsz = sizeof(s.set) - 1;
	assert_int_equal(set_irqs(&s), -EINVAL);
	s.set.argsz = sizeof(s.set);
	assert_int_equal(set_irqs(&s), -EINVAL);
	close(fd);
}

/* The set is there, but what follows it is not; and then not even the set is. */
static void unreadable_irq_sets(void **state)
{
	int fd = eventfd(0, EFD_CLOEXEC);
	struct irq_set s;

	(void)state;
	fill_irq_set(&s, AP_REQ_IRQ, fd);
	assert_int_equal(device_ioctl(VFIO_DEVICE_SET_IRQS, at_end_of_memory(&s, sizeof(s.set))),
			 -EFAULT);
	assert_int_equal(
		device_ioctl(VFIO_DEVICE_SET_IRQS, at_end_of_memory(&s, sizeof(s.set) - 1)),
		-EFAULT);
	assert_int_equal(device_ioctl(VFIO_DEVICE_SET_IRQS, at_end_of_memory(&s, sizeof(s))), 0);
	close(fd);
}

static void reset(void **state)
{
	(void)state;
	assert_int_equal(device_ioctl(VFIO_DEVICE_RESET, NULL), 0);
	assert_int_equal(device_ioctl(VFIO_DEVICE_RESET, NULL), 0);
}

static void the_rest(void **state)
{
	char byte = 0;

	(void)state;
	assert_int_equal(device_ioctl(VFIO_DEVICE_GET_REGION_INFO, &byte), -EOPNOTSUPP);
	assert_int_equal(device_ioctl(VFIO_DEVICE_PCI_HOT_RESET, NULL), -EOPNOTSUPP);
	assert_int_equal(result(read(machine.device, &byte, 1)), -EINVAL);
	assert_int_equal(result(write(machine.device, &byte, 1)), -EINVAL);
	assert_ptr_equal(mmap(NULL, 4096, PROT_READ, MAP_SHARED, machine.device, 0), MAP_FAILED);
	assert_int_equal(errno, EINVAL);
}

static void one_user(void **state)
{
	(void)state;
	assert_int_equal(vfio_group_only(uuid), -EBUSY);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(open_needs_a_kvm),
		cmocka_unit_test_setup_teardown(info, attach, detach),
		cmocka_unit_test_setup_teardown(irq_info, attach, detach),
		cmocka_unit_test_setup_teardown(eventfds, attach, detach),
		cmocka_unit_test_setup_teardown(no_eventfd, attach, detach),
		cmocka_unit_test_setup_teardown(malformed_irq_sets, attach, detach),
		cmocka_unit_test_setup_teardown(unreadable_irq_sets, attach, detach),
		cmocka_unit_test_setup_teardown(reset, attach, detach),
		cmocka_unit_test_setup_teardown(the_rest, attach, detach),
		cmocka_unit_test_setup_teardown(one_user, attach, detach),
	};

	if (argc != 2)
		return 64;
	uuid = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
