// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * passes-on SECONDS UUID[=GUEST]...: whether devices pass on exactly what they should, worked
 * out from what sysfs says: what is assigned to each, what the host has, which queues the driver
 * has. Whether they are clean cannot be seen there: that may take SECONDS.
 *
 * GUEST is the directory in debugfs of the AP facility of the guest that uses the device: its
 * masks must be the same. Prints what is different when the time is over, and ends with 1.
 */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ap_mask.h"

#define MASK "0x%16" SCNx64 "%16" SCNx64 "%16" SCNx64 "%16" SCNx64
#define WORDS(m) &(m)->w[0], &(m)->w[1], &(m)->w[2], &(m)->w[3]

#define BUS "/sys/bus/ap/"
#define MDEVS "/sys/bus/mdev/devices/"

#define LOOK_AGAIN_US 20000

/* No text of a device of this machine is longer. */
static char text[1 << 16];

static void read_text(const char *directory, const char *name)
{
	char path[256];
	size_t length;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "r");
	if (!file)
		err(2, "%s", path);
	length = fread(text, 1, sizeof(text) - 1, file);
	if (ferror(file))
		err(2, "%s", path);
	text[length] = 0;
	fclose(file);
}

static void read_mask(const char *directory, const char *name, struct ap_mask *mask)
{
	read_text(directory, name);
	if (sscanf(text, MASK, WORDS(mask)) != AP_MASK_WORDS)
		errx(2, "%s/%s: '%s'", directory, name, text);
}

/* Three masks, one behind the other, as @format has them. */
static void read_matrix(const char *directory, const char *name, const char *format,
			struct ap_matrix *m)
{
	read_text(directory, name);
	if (sscanf(text, format, WORDS(&m->apm), WORDS(&m->aqm), WORDS(&m->adm)) !=
	    3 * AP_MASK_WORDS)
		errx(2, "%s/%s: '%s'", directory, name, text);
}

static bool is_bound(unsigned int apid, unsigned int apqi)
{
	char path[64];

	snprintf(path, sizeof(path), BUS "drivers/vfio_ap/%02x.%04x", apid, apqi);
	return !access(path, F_OK);
}

static bool has_all_domains(unsigned int apid, const struct ap_mask *domains)
{
	unsigned int apqi;

	for_each_ap_id(apqi, domains)
		if (!is_bound(apid, apqi))
			return false;
	return true;
}

/* In: what is assigned. Out: what of it the guest should have. */
static void restrict_to_host(struct ap_matrix *m)
{
	struct ap_matrix host;
	unsigned int apid;

	read_mask(BUS, "ap_adapter_mask", &host.apm);
	read_mask(BUS, "ap_usage_domain_mask", &host.aqm);
	read_mask(BUS, "ap_control_domain_mask", &host.adm);
	m->apm = ap_mask_and(&m->apm, &host.apm);
	m->aqm = ap_mask_and(&m->aqm, &host.aqm);
	m->adm = ap_mask_and(&m->adm, &host.adm);
	for_each_ap_id(apid, &m->apm)
		if (!has_all_domains(apid, &m->aqm))
			ap_mask_clear(&m->apm, apid);
}

/* The text of guest_matrix, to be freed. */
static char *list_queues(const struct ap_matrix *m)
{
	unsigned int apid, apqi;
	char *list;
	size_t size;
	FILE *out = open_memstream(&list, &size);

	if (!out)
		err(2, "open_memstream");
	for_each_ap_id(apid, &m->apm) {
		for_each_ap_id(apqi, &m->aqm)
			fprintf(out, "%02x.%04x\n", apid, apqi);
		if (ap_mask_empty(&m->aqm))
			fprintf(out, "%02x.\n", apid);
	}
	if (ap_mask_empty(&m->apm))
		for_each_ap_id(apqi, &m->aqm)
			fprintf(out, ".%04x\n", apqi);
	fclose(out);
	return list;
}

static void compare_device(FILE *difference, const char *device, const struct ap_matrix *should)
{
	char *list = list_queues(should);

	read_text(device, "guest_matrix");
	if (strcmp(text, list))
		fprintf(difference, "%s/guest_matrix should be\n%sand is\n%s", device, list, text);
	free(list);
}

static void print_mask(FILE *out, const struct ap_mask *mask)
{
	int i;

	fprintf(out, " 0x");
	for (i = 0; i < AP_MASK_WORDS; i++)
		fprintf(out, "%016" PRIx64, mask->w[i]);
	fputc('\n', out);
}

static void compare_mask(FILE *difference, const char *name, const struct ap_mask *should,
			 const struct ap_mask *is)
{
	if (ap_mask_equal(should, is))
		return;
	fprintf(difference, "%s of the guest should be\n", name);
	print_mask(difference, should);
	fprintf(difference, "and is\n");
	print_mask(difference, is);
}

static void compare_guest(FILE *difference, const char *guest, const struct ap_matrix *should)
{
	struct ap_matrix is;

	read_matrix(guest, "masks", "apm " MASK " aqm " MASK " adm " MASK, &is);
	compare_mask(difference, "apm", &should->apm, &is.apm);
	compare_mask(difference, "aqm", &should->aqm, &is.aqm);
	compare_mask(difference, "adm", &should->adm, &is.adm);
}

/* @name is UUID[=GUEST]. */
static void compare(FILE *difference, const char *name)
{
	const char *guest = strchr(name, '=');
	struct ap_matrix should;
	char device[128];

	snprintf(device, sizeof(device), MDEVS "%.36s", name);
	read_matrix(device, "ap_config", MASK "," MASK "," MASK, &should);
	restrict_to_host(&should);
	compare_device(difference, device, &should);
	if (guest)
		compare_guest(difference, guest + 1, &should);
}

/* NULL, or what is different, to be freed. */
static char *find_difference(char **names)
{
	char *difference;
	size_t size;
	FILE *out = open_memstream(&difference, &size);

	if (!out)
		err(2, "open_memstream");
	for (; *names; names++)
		compare(out, *names);
	fclose(out);
	if (size)
		return difference;
	free(difference);
	return NULL;
}

int main(int argc, char **argv)
{
	char *difference;
	time_t end;

	if (argc < 2)
		return 64;
	end = time(NULL) + atoi(argv[1]);
	while ((difference = find_difference(argv + 2)) && time(NULL) < end) {
		free(difference);
		usleep(LOOK_AGAIN_US);
	}
	if (difference)
		fputs(difference, stdout);
	return difference ? 1 : 0;
}
