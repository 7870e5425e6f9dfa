// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <linux/kvm.h>

#include "vm.h"

/* The guest's program: guest/entry.S and guest/program.c. */
extern const uint8_t guest_image[];
extern const uint8_t guest_image_end[];

#define PAGE		4096

#define PAGE_PRESENT	(1ULL << 0)
#define PAGE_WRITABLE	(1ULL << 1)
#define PAGE_LARGE	(1ULL << 7)
#define LARGE_PAGE	(1ULL << 21)
#define TABLE_ENTRIES	512

/* Three tables, one of each level: 1 GiB, mapped to itself. */
static void make_page_tables(uint8_t *memory)
{
	uint64_t *table = (uint64_t *)(memory + GUEST_PAGE_TABLES);
	uint64_t address = GUEST_PAGE_TABLES;
	int level;
	unsigned int i;

	for (level = 0; level < 2; level++, table += TABLE_ENTRIES) {
		address += TABLE_ENTRIES * sizeof(*table);
		table[0] = address | PAGE_PRESENT | PAGE_WRITABLE;
	}
	for (i = 0; i < TABLE_ENTRIES; i++)
		table[i] = i * LARGE_PAGE | PAGE_PRESENT | PAGE_WRITABLE | PAGE_LARGE;
}

static int make_memory(struct vm *vm, struct failure *failure)
{
	struct kvm_userspace_memory_region region = { .memory_size = GUEST_MEMORY };
	int flags = MAP_SHARED | MAP_ANONYMOUS | (vm->huge_pages ? MAP_HUGETLB : 0);

	vm->memory = mmap(NULL, GUEST_MEMORY, PROT_READ | PROT_WRITE, flags, -1, 0);
	if (vm->memory == MAP_FAILED)
		return fail(failure, "mmap", "guest memory");
	make_page_tables(vm->memory);
	memcpy(vm->memory + GUEST_PROGRAM, guest_image, guest_image_end - guest_image);
	region.userspace_addr = (uintptr_t)vm->memory;
	if (ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &region))
		return fail(failure, "KVM_SET_USER_MEMORY_REGION", "/dev/kvm");
	return 0;
}

static int make_vcpus(struct vm *vm, int kvm, unsigned int n_vcpus, struct failure *failure)
{
	struct vcpu *vcpu;

	for (; vm->n_vcpus < n_vcpus; vm->n_vcpus++) {
		vcpu = &vm->vcpus[vm->n_vcpus];
		vcpu->memory = vm->memory;
		vcpu->facility = &vm->facility;
		if (vcpu_create(vcpu, kvm, vm->fd, vm->n_vcpus, failure))
			return -1;
	}
	return 0;
}

int vm_create(struct vm *vm, unsigned int n_vcpus, struct failure *failure)
{
	_cleanup_close_ int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (kvm < 0)
		return fail(failure, "open", "/dev/kvm");
	vm->fd = ioctl(kvm, KVM_CREATE_VM, 0);
	if (vm->fd < 0)
		return fail(failure, "KVM_CREATE_VM", "/dev/kvm");
	if (facility_init(&vm->facility, failure) || make_memory(vm, failure))
		return -1;
	return make_vcpus(vm, kvm, n_vcpus, failure);
}

int vm_withhold(struct vm *vm, uint64_t address, struct failure *failure)
{
	uint8_t *page = vm->memory + address;

	if (madvise(page, PAGE, MADV_REMOVE))
		return fail(failure, "madvise", "guest memory at 0x%lx", address);
	if (missing_page_make(&vm->missing, page))
		return fail(failure, "userfaultfd", "guest memory at 0x%lx", address);
	return 0;
}

int vm_overlay(struct vm *vm, uint64_t address, const char *path, struct failure *failure)
{
	_cleanup_close_ int file = open(path, O_RDWR | O_CLOEXEC);

	if (file < 0)
		return fail(failure, "open", "%s", path);
	if (mmap(vm->memory + address, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file,
		 0) == MAP_FAILED)
		return fail(failure, "mmap", "%s", path);
	return 0;
}
