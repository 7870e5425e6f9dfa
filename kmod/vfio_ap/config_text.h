/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The text of the device attributes: numbers, masks, lists of queues.
 *
 * Pure code: also compiled into the unit tests in user space.
 */
#ifndef VFIO_AP_CONFIG_TEXT_H
#define VFIO_AP_CONFIG_TEXT_H

#ifdef __KERNEL__
#include <linux/errno.h>
#else
#include <errno.h>
#include <stddef.h>
#endif

#include "../include/ap_mask.h"

/* "0x" and 64 digits, three times, separated, with a newline. */
#define CONFIG_TEXT_SIZE	(3 * (2 + AP_IDS / 4) + 3)
/* Four digits and a newline for each domain. */
#define DOMAINS_TEXT_SIZE	(AP_IDS * 5)
/* Seven characters and a newline for each queue. */
#define MATRIX_TEXT_SIZE	(AP_IDS * AP_IDS * 8)

int config_parse_number(const char *text, u64 *number);
int config_parse_masks(const char *text, size_t size, struct ap_matrix *matrix);
size_t config_format_masks(const struct ap_matrix *matrix, char *text);
size_t config_format_domains(const struct ap_mask *domains, char *text);
size_t config_read_matrix(const struct ap_matrix *matrix, u64 offset, char *text, size_t size);

#endif
