/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The text of masks, as the bus attributes apmask and aqmask read and write it.
 *
 * Pure code: also compiled into the unit tests in user space.
 */
#ifndef AP_SIM_MASK_TEXT_H
#define AP_SIM_MASK_TEXT_H

#include "../include/ap_mask.h"

/* "0x", 64 digits, and the terminating NUL */
#define AP_MASK_TEXT_SIZE	67

/**
 * ap_mask_parse - read a mask
 * @text: absolute or relative, up to its NUL
 * @mask: in: what a relative text changes; out: the result, unchanged on error
 *
 * Absolute: hexadecimal digits, the leftmost for numbers 0 to 3, after "0x", "x"
 * or nothing. A short text leaves the numbers on the right out of the mask, so no
 * digits at all are the empty mask.
 *
 * Relative, if the first character is a sign: items +N, -N, +N-M or -N-M, each
 * number decimal, 0x or 0 for octal. Commas and newlines may stand between items
 * and after the last one. The last item that names a number counts.
 *
 * Return: 0 or -EINVAL
 */
int ap_mask_parse(const char *text, struct ap_mask *mask);

/* Write @mask as 0x and 64 digits. */
void ap_mask_format(const struct ap_mask *mask, char text[AP_MASK_TEXT_SIZE]);

#endif
