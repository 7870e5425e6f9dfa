// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * busy-facility ROUNDS: opens and closes the AP facility while one thread is in an AP instruction
 * that takes longer than this program, and others do nothing but ask for the state of a vCPU. Ends
 * with 1 if close(2) once returns with the facility still there. No other facility may be.
 */
#include <err.h>
#include <errno.h>
#include <glob.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "uapi/ap_guest_ioctl.h"
#include "vfio_machine.h"

#define FACILITY "/sys/kernel/debug/ap_sim/guests/*"
#define ASKERS 3
#define LOOK_AGAIN_US 500

static struct vfio_machine machine;
static int facility;

static bool facility_is_there(void)
{
	glob_t found;
	int ret = glob(FACILITY, 0, NULL, &found);

	if (ret && ret != GLOB_NOMATCH)
		errx(1, "glob: %d", ret);
	globfree(&found);
	return !ret;
}

static FILE *open_file(const char *pattern, const char *mode)
{
	FILE *file;
	glob_t found;

	if (glob(pattern, 0, NULL, &found))
		errx(1, "no %s", pattern);
	file = fopen(found.gl_pathv[0], mode);
	if (!file)
		err(1, "%s", found.gl_pathv[0]);
	globfree(&found);
	return file;
}

static void make_instructions_slow(void)
{
	FILE *file = open_file(FACILITY "/slow_ms", "w");

	fprintf(file, "600000");
	if (fclose(file))
		err(1, "slow_ms");
}

static bool in_instruction(void)
{
	FILE *file = open_file(FACILITY "/vcpus", "r");
	char line[128];
	bool found = false;

	while (fgets(line, sizeof(line), file))
		if (strstr(line, " sie\n"))
			found = true;
	fclose(file);
	return found;
}

static void *execute(void *unused)
{
	struct ap_guest_instruction tapq = {.argsz = sizeof(tapq), .op = AP_GUEST_OP_PQAP};

	(void)unused;
	if (!ioctl(facility, AP_GUEST_EXECUTE, &tapq) || errno != ENODEV)
		err(1, "AP_GUEST_EXECUTE");
	return NULL;
}

/* Until the descriptor or the facility is gone. */
static void *ask(void *unused)
{
	struct ap_guest_vcpu vcpu = {.argsz = sizeof(vcpu), .vcpu_id = 1};

	(void)unused;
	while (!ioctl(facility, AP_GUEST_GET_VCPU, &vcpu))
		;
	return NULL;
}

static pthread_t start_thread(void *(*function)(void *))
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, function, NULL))
		errx(1, "no thread");
	return thread;
}

static void open_and_close(int round)
{
	pthread_t threads[1 + ASKERS];
	int i;

	facility = vfio_machine_facility(&machine);
	if (facility < 0)
		errx(1, "no AP facility: errno %d", -facility);
	make_instructions_slow();
	for (i = 0; i < 1 + ASKERS; i++)
		threads[i] = start_thread(i ? ask : execute);
	while (!in_instruction())
		usleep(LOOK_AGAIN_US);
	close(facility);
	if (facility_is_there())
		errx(1, "round %d: the facility is still there", round);
	for (i = 0; i < 1 + ASKERS; i++)
		pthread_join(threads[i], NULL);
}

int main(int argc, char **argv)
{
	int round;

	if (argc != 2)
		return 64;
	vfio_kvm_open(&machine);
	vfio_machine_vcpus(&machine, 2);
	for (round = 0; round < atoi(argv[1]); round++)
		open_and_close(round);
	return 0;
}
