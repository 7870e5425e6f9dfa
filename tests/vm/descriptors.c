// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * descriptors: does with descriptors what it is told, one command per line of standard input, and
 * answers each with a line "COMMAND ok|ERRNO TEXT". Descriptors have names; those of a process that
 * it forks are its own, as if they had been passed to it.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <linux/vfio.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ap_mask.h"
#include "ap_wire.h"
#include "uapi/ap_guest_ioctl.h"
#include "vfio_machine.h"

#define MEMORY (4UL << 20)
#define MAX_NAMES 32
#define MAX_WORDS 10
#define PAGE 4096

static struct {
	char name[16];
	int fd;
} names[MAX_NAMES];

static uint8_t *memory;
static char *words[MAX_WORDS];
static int n_words;
static char text[200];

#define ANSWER(...) snprintf(text, sizeof(text), __VA_ARGS__)

static int *named(const char *name)
{
	int i;

	for (i = 0; i < MAX_NAMES && *names[i].name; i++)
		if (!strcmp(names[i].name, name))
			return &names[i].fd;
	if (i == MAX_NAMES)
		errx(1, "too many names");
	snprintf(names[i].name, sizeof(names[i].name), "%s", name);
	names[i].fd = -1;
	return &names[i].fd;
}

static int fd(int word)
{
	return *named(words[word]);
}

static uint64_t number(int word)
{
	return word < n_words ? strtoull(words[word], NULL, 0) : 0;
}

/* What returns a negative errno, as system calls do. */
static int result(int ret)
{
	if (ret < 0)
		errno = -ret;
	return ret;
}

/* Let the first word name it. */
static int name_it(int new_fd)
{
	if (new_fd >= 0)
		*named(words[1]) = new_fd;
	return new_fd;
}

/* open NAME PATH */
static int command_open(void)
{
	return name_it(open(words[2], O_RDWR | O_CLOEXEC));
}

/* group NAME UUID */
static int command_group(void)
{
	return name_it(result(vfio_group_only(words[2])));
}

/* container GROUP CONTAINER */
static int command_container(void)
{
	int container = fd(2);

	return ioctl(fd(1), VFIO_GROUP_SET_CONTAINER, &container);
}

/* iommu CONTAINER */
static int command_iommu(void)
{
	return ioctl(fd(1), VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU);
}

/* vm NAME */
static int command_vm(void)
{
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	int vm = kvm < 0 ? -1 : ioctl(kvm, KVM_CREATE_VM, 0);

	close(kvm);
	return name_it(vm);
}

/* vcpu NAME VM NUMBER */
static int command_vcpu(void)
{
	return name_it(ioctl(fd(2), KVM_CREATE_VCPU, number(3)));
}

/* slot VM SLOT ADDRESS SIZE OFFSET [FLAGS] */
static int command_slot(void)
{
	struct kvm_userspace_memory_region region = {
		.slot = number(2),
		.guest_phys_addr = number(3),
		.memory_size = number(4),
		.userspace_addr = (uintptr_t)memory + number(5),
		.flags = number(6),
	};

	return ioctl(fd(1), KVM_SET_USER_MEMORY_REGION, &region);
}

/* kvm-vfio NAME VM */
static int command_kvm_vfio(void)
{
	struct kvm_create_device create = {.type = KVM_DEV_TYPE_VFIO};

	return ioctl(fd(2), KVM_CREATE_DEVICE, &create) ? -1 : name_it(create.fd);
}

static int kvm_vfio_set(bool add)
{
	struct vfio_machine machine = {.kvm_vfio = fd(1)};

	return result(vfio_kvm_set(&machine, add, fd(2)));
}

/* add KVM-VFIO GROUP */
static int command_add(void)
{
	return kvm_vfio_set(true);
}

/* delete KVM-VFIO GROUP */
static int command_delete(void)
{
	return kvm_vfio_set(false);
}

/* device NAME GROUP UUID */
static int command_device(void)
{
	return name_it(ioctl(fd(2), VFIO_GROUP_GET_DEVICE_FD, words[3]));
}

/* facility NAME VM */
static int command_facility(void)
{
	struct vfio_machine machine = {.kvm = fd(2)};

	return name_it(result(vfio_machine_facility(&machine)));
}

/* map CONTAINER IOVA OFFSET SIZE [readable] */
static int command_map(void)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.iova = number(2),
		.vaddr = (uintptr_t)memory + number(3),
		.size = number(4),
		.flags = VFIO_DMA_MAP_FLAG_READ | (n_words > 5 ? 0 : VFIO_DMA_MAP_FLAG_WRITE),
	};

	return ioctl(fd(1), VFIO_IOMMU_MAP_DMA, &map);
}

/* unmap CONTAINER IOVA SIZE [all] */
static int command_unmap(void)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap),
		.iova = number(2),
		.size = number(3),
		.flags = n_words > 4 ? VFIO_DMA_UNMAP_FLAG_ALL : 0,
	};
	int ret = ioctl(fd(1), VFIO_IOMMU_UNMAP_DMA, &unmap);

	ANSWER("0x%llx", (unsigned long long)unmap.size);
	return ret;
}

/* track CONTAINER: dirty pages, from now on */
static int command_track(void)
{
	struct vfio_iommu_type1_dirty_bitmap tracking = {
		.argsz = sizeof(tracking),
		.flags = VFIO_IOMMU_DIRTY_PAGES_FLAG_START,
	};

	return ioctl(fd(1), VFIO_IOMMU_DIRTY_PAGES, &tracking);
}

/* unmap-dirty CONTAINER IOVA SIZE: the answer is the bits of the first 64 pages */
static int command_unmap_dirty(void)
{
	static uint64_t bits[MEMORY / PAGE / 64];
	struct {
		struct vfio_iommu_type1_dma_unmap unmap;
		struct vfio_bitmap bitmap;
	} arg = {
		.unmap =
			{
				.argsz = sizeof(arg),
				.flags = VFIO_DMA_UNMAP_FLAG_GET_DIRTY_BITMAP,
				.iova = number(2),
				.size = number(3),
			},
		.bitmap = {.pgsize = PAGE, .size = number(3) / PAGE / 8, .data = (void *)bits},
	};
	int ret = ioctl(fd(1), VFIO_IOMMU_UNMAP_DMA, &arg);

	ANSWER("0x%llx", (unsigned long long)bits[0]);
	return ret;
}

/* Executed by the facility of the first word; the answer is RC, and whether the interrupt is on. */
static int execute(uint32_t op, uint64_t gr0, uint64_t gr1, uint64_t gr2)
{
	struct ap_guest_instruction insn = {
		.argsz = sizeof(insn),
		.op = op,
		.gr0 = gr0 | number(2),
		.gr1 = gr1,
		.gr2 = gr2,
		.message = PAGE,
		.length = 16,
	};

	if (ioctl(fd(1), AP_GUEST_EXECUTE, &insn))
		return -1;
	ANSWER("%02x %s", AP_STATUS_RC((uint32_t)insn.gr1),
	       insn.gr1 & AP_STATUS_IRQ_ENABLED ? "on" : "off");
	return 0;
}

/* aqic FACILITY APQN ISC NIB, or aqic FACILITY APQN to switch it off */
static int command_aqic(void)
{
	uint64_t gr1 = n_words > 3 ? AP_GR1_IR | number(3) : 0;

	return execute(AP_GUEST_OP_PQAP, (uint64_t)AP_FC_AQIC << AP_GR0_FC_SHIFT, gr1, number(4));
}

static int command_tapq(void)
{
	return execute(AP_GUEST_OP_PQAP, (uint64_t)AP_FC_TAPQ << AP_GR0_FC_SHIFT, 0, 0);
}

static int command_nqap(void)
{
	return execute(AP_GUEST_OP_NQAP, 0, 0, 0);
}

static int command_dqap(void)
{
	return execute(AP_GUEST_OP_DQAP, 0, 0, 0);
}

static int command_reset(void)
{
	return ioctl(fd(1), VFIO_DEVICE_RESET);
}

/* byte OFFSET: of the memory, which is zero again then */
static int command_byte(void)
{
	ANSWER("%u", memory[number(1)]);
	memory[number(1)] = 0;
	return 0;
}

/* pinned: kilobytes that VFIO has pinned for this process */
static int command_pinned(void)
{
	FILE *status = fopen("/proc/self/status", "re");
	char line[200];
	long locked = -1;

	while (status && fgets(line, sizeof(line), status))
		sscanf(line, "VmLck: %ld", &locked);
	fclose(status);
	ANSWER("%ld", locked);
	return 0;
}

static int command_close(void)
{
	int *closed = named(words[1]), ret = close(*closed);

	*closed = -1;
	return ret;
}

/* fork IN OUT: another process, which has all descriptors, and gets its commands from IN */
static int command_fork(void)
{
	pid_t pid = fork();

	if (!pid) {
		if (!freopen(words[1], "r", stdin) || !freopen(words[2], "w", stdout))
			err(1, "%s, %s", words[1], words[2]);
		setvbuf(stdout, NULL, _IOLBF, 0);
		pid = getpid();
	}
	ANSWER("%d", pid);
	return pid;
}

static const struct {
	const char *name;
	int (*run)(void);
} commands[] = {
	{"open", command_open},
	{"group", command_group},
	{"container", command_container},
	{"iommu", command_iommu},
	{"vm", command_vm},
	{"vcpu", command_vcpu},
	{"slot", command_slot},
	{"kvm-vfio", command_kvm_vfio},
	{"add", command_add},
	{"delete", command_delete},
	{"device", command_device},
	{"facility", command_facility},
	{"map", command_map},
	{"unmap", command_unmap},
	{"track", command_track},
	{"unmap-dirty", command_unmap_dirty},
	{"aqic", command_aqic},
	{"tapq", command_tapq},
	{"nqap", command_nqap},
	{"dqap", command_dqap},
	{"reset", command_reset},
	{"byte", command_byte},
	{"pinned", command_pinned},
	{"close", command_close},
	{"fork", command_fork},
};

static void execute_line(void)
{
	size_t i;
	int ret;

	*text = 0;
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].name, words[0]))
			continue;
		ret = commands[i].run();
		printf("%s %s %s\n", words[0], ret < 0 ? strerrorname_np(errno) : "ok", text);
		return;
	}
	errx(1, "no such command: %s", words[0]);
}

int main(void)
{
	static char line[500];
	char *rest, *word;

	memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		err(1, "mmap");
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(line, sizeof(line), stdin)) {
		rest = line;
		n_words = 0;
		while (n_words < MAX_WORDS && (word = strsep(&rest, " \n")))
			if (*word)
				words[n_words++] = word;
		if (n_words)
			execute_line();
	}
	return 0;
}
