// SPDX-License-Identifier: GPL-2.0
#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/kernel.h>
#else
#include <errno.h>
#include <stdio.h>
#endif

#include "mask_text.h"

/* The value of a digit, or a number no base has. */
static unsigned int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

static int parse_absolute(const char *text, struct ap_mask *mask)
{
	struct ap_mask result = AP_MASK_EMPTY;
	unsigned int id;

	if (text[0] == '0' && text[1] == 'x')
		text++;
	if (text[0] == 'x')
		text++;
	for (id = 0; id < AP_IDS && digit_value(*text) < 16; id += 4, text++)
		result.w[id / 64] |= (u64)digit_value(*text) << (60 - id % 64);
	if (*text == '\n')
		text++;
	if (*text)
		return -EINVAL;
	*mask = result;
	return 0;
}

/* Read a number below AP_IDS; return the text behind it, NULL if there is none. */
static const char *parse_id(const char *text, unsigned int *id)
{
	unsigned int base = 10, value = 0;
	const char *digits;

	if (text[0] == '0') {
		base = 8;
		if ((text[1] == 'x' || text[1] == 'X') && digit_value(text[2]) < 16) {
			base = 16;
			text += 2;
		}
	}
	for (digits = text; digit_value(*text) < base; text++) {
		value = value * base + digit_value(*text);
		if (value >= AP_IDS)
			return NULL;
	}
	*id = value;
	return text == digits ? NULL : text;
}

/* Apply one item to @mask; return the text behind it, NULL if it is malformed. */
static const char *parse_item(const char *text, struct ap_mask *mask)
{
	unsigned int first, last;
	char sign = *text;

	if (sign != '+' && sign != '-')
		return NULL;
	text = parse_id(text + 1, &first);
	if (!text)
		return NULL;
	last = first;
	if (*text == '-') {
		text = parse_id(text + 1, &last);
		if (!text || last < first)
			return NULL;
	}
	for (; first <= last; first++) {
		if (sign == '+')
			ap_mask_set(mask, first);
		else
			ap_mask_clear(mask, first);
	}
	return text;
}

static int parse_relative(const char *text, struct ap_mask *mask)
{
	struct ap_mask result = *mask;

	while (*text) {
		text = parse_item(text, &result);
		if (!text)
			return -EINVAL;
		while (*text == ',' || *text == '\n')
			text++;
	}
	*mask = result;
	return 0;
}

int ap_mask_parse(const char *text, struct ap_mask *mask)
{
	if (*text == '+' || *text == '-')
		return parse_relative(text, mask);
	return parse_absolute(text, mask);
}

void ap_mask_format(const struct ap_mask *mask, char text[AP_MASK_TEXT_SIZE])
{
	snprintf(text, AP_MASK_TEXT_SIZE, "0x%016llx%016llx%016llx%016llx",
		 (unsigned long long)mask->w[0], (unsigned long long)mask->w[1],
		 (unsigned long long)mask->w[2], (unsigned long long)mask->w[3]);
}
