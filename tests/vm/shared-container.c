// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * shared-container UUID UUID ADAPTER DOMAIN: two virtual machines with one container. The device of
 * the second one, which has this queue, is being opened by another thread while its guest enables
 * an interrupt and the memory is unmapped.
 *
 * Waits for a line on standard input before that thread, before the interrupt, and before the end.
 * Prints "ready", the response code of PQAP(AQIC), and "unmapped".
 */
#include <err.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "ap_mask.h"
#include "ap_wire.h"
#include "uapi/ap_guest_ioctl.h"
#include "vfio_machine.h"

#define MEMORY 0x10000

static struct vfio_machine first, second;
static int facility;

static void *open_device(void *uuid)
{
	int ret = vfio_machine_attach(&second, uuid);

	if (ret)
		errx(1, "%s: errno %d", (char *)uuid, -ret);
	return NULL;
}

static void enable_interrupt(uint64_t apqn)
{
	struct ap_guest_instruction aqic = {
		.argsz = sizeof(aqic),
		.op = AP_GUEST_OP_PQAP,
		.gr0 = (uint64_t)AP_FC_AQIC << AP_GR0_FC_SHIFT | apqn,
		.gr1 = AP_GR1_IR | 3,
		.gr2 = 0x1000,
	};

	if (ioctl(facility, AP_GUEST_EXECUTE, &aqic))
		err(1, "AP_GUEST_EXECUTE");
	printf("rc %02x\n", AP_STATUS_RC(aqic.gr1));
}

int main(int argc, char **argv)
{
	pthread_t opener;

	if (argc != 5)
		return 64;
	setvbuf(stdout, NULL, _IOLBF, 0);
	vfio_machine_open(&first, argv[1]);
	if (vfio_machine_attach(&first, argv[1]))
		errx(1, "%s: cannot be opened", argv[1]);
	vfio_machine_open_beside(&second, argv[2], &first);
	if (vfio_machine_map(&second, vfio_machine_memory(&second, MEMORY), MEMORY))
		errx(1, "VFIO_IOMMU_MAP_DMA");
	vfio_machine_vcpus(&second, 1);
	facility = vfio_machine_facility(&second);
	if (facility < 0)
		errx(1, "no AP facility");
	printf("ready\n");
	getchar();
	if (pthread_create(&opener, NULL, open_device, argv[2]))
		errx(1, "no thread");
	getchar();
	enable_interrupt(strtoul(argv[3], NULL, 0) << 8 | strtoul(argv[4], NULL, 0));
	if (vfio_machine_unmap(&second, MEMORY))
		errx(1, "VFIO_IOMMU_UNMAP_DMA");
	printf("unmapped\n");
	getchar();
	pthread_join(opener, NULL);
	vfio_machine_close(&second);
	vfio_machine_close(&first);
	return 0;
}
