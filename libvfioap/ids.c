// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "error.h"

#define WORDS (VFIOAP_IDS / 64)
/* How much of a wrong text is quoted. */
#define QUOTE_MAX 80

static uint64_t bit(unsigned int id)
{
	return UINT64_C(1) << (63 - id % 64);
}

void vfioap_ids_add(struct vfioap_ids *ids, unsigned int id)
{
	if (id < VFIOAP_IDS)
		ids->w[id / 64] |= bit(id);
}

void vfioap_ids_remove(struct vfioap_ids *ids, unsigned int id)
{
	if (id < VFIOAP_IDS)
		ids->w[id / 64] &= ~bit(id);
}

bool vfioap_ids_has(const struct vfioap_ids *ids, unsigned int id)
{
	return id < VFIOAP_IDS && ids->w[id / 64] & bit(id);
}

bool vfioap_ids_empty(const struct vfioap_ids *ids)
{
	return !(ids->w[0] | ids->w[1] | ids->w[2] | ids->w[3]);
}

bool vfioap_ids_equal(const struct vfioap_ids *a, const struct vfioap_ids *b)
{
	return !memcmp(a, b, sizeof(*a));
}

unsigned int vfioap_ids_count(const struct vfioap_ids *ids)
{
	unsigned int count = 0;
	int i;

	for (i = 0; i < WORDS; i++)
		count += (unsigned int)__builtin_popcountll(ids->w[i]);
	return count;
}

unsigned int vfioap_ids_next(const struct vfioap_ids *ids, unsigned int from)
{
	while (from < VFIOAP_IDS) {
		uint64_t rest = ids->w[from / 64] & (UINT64_MAX >> (from % 64));

		if (rest)
			return from / 64 * 64 + (unsigned int)__builtin_clzll(rest);
		from = (from / 64 + 1) * 64;
	}
	return VFIOAP_IDS;
}

struct vfioap_ids vfioap_ids_or(const struct vfioap_ids *a, const struct vfioap_ids *b)
{
	struct vfioap_ids result;
	int i;

	for (i = 0; i < WORDS; i++)
		result.w[i] = a->w[i] | b->w[i];
	return result;
}

struct vfioap_ids vfioap_ids_and(const struct vfioap_ids *a, const struct vfioap_ids *b)
{
	struct vfioap_ids result;
	int i;

	for (i = 0; i < WORDS; i++)
		result.w[i] = a->w[i] & b->w[i];
	return result;
}

struct vfioap_ids vfioap_ids_minus(const struct vfioap_ids *a, const struct vfioap_ids *b)
{
	struct vfioap_ids result;
	int i;

	for (i = 0; i < WORDS; i++)
		result.w[i] = a->w[i] & ~b->w[i];
	return result;
}

static unsigned int digit_value(char c)
{
	if (isdigit((unsigned char)c))
		return (unsigned int)(c - '0');
	return (unsigned int)(tolower((unsigned char)c) - 'a') + 10;
}

/*
 * A number as far as it reaches, whatever follows it: decimal, or hexadecimal
 * after 0x. NULL if there is none, or with a leading zero.
 */
static const char *parse_number(const char *text, unsigned int *value)
{
	bool hexadecimal = text[0] == '0' && text[1] == 'x';
	unsigned int base = hexadecimal ? 16 : 10;
	const char *digits = hexadecimal ? text + 2 : text;
	const char *p;

	*value = 0;
	for (p = digits; hexadecimal ? isxdigit((unsigned char)*p) : isdigit((unsigned char)*p);
	     p++) {
		*value = *value * base + digit_value(*p);
		if (*value >= VFIOAP_IDS)
			*value = VFIOAP_IDS;
	}
	if (p == digits || (!hexadecimal && p > digits + 1 && *digits == '0'))
		return NULL;
	return p;
}

/*
 * "05", "010" and "0a" mean different things to different readers: show both
 * ways of writing what was probably meant.
 */
static int leading_zero(const char *item, int length, struct vfioap_error **error)
{
	unsigned int hexadecimal = 0, decimal = 0;
	bool is_decimal = true;
	int i;

	for (i = 0; i < length; i++) {
		if (!isxdigit((unsigned char)item[i]) || hexadecimal >= VFIOAP_IDS)
			return 0;
		is_decimal = is_decimal && isdigit((unsigned char)item[i]);
		hexadecimal = hexadecimal * 16 + digit_value(item[i]);
		decimal = decimal * 10 + digit_value(item[i]);
	}
	if (length < 2 || item[0] != '0' || hexadecimal >= VFIOAP_IDS)
		return 0;
	return error_fail(error, VFIOAP_INVALID, EINVAL,
			  "'%.*s' could be read as octal, decimal or hexadecimal: write 0x%02x or %u",
			  length < QUOTE_MAX ? length : QUOTE_MAX, item, hexadecimal,
			  is_decimal ? decimal : hexadecimal);
}

static int refuse_item(const char *text, const char *item, struct vfioap_error **error)
{
	int length = (int)strcspn(item, ",");
	int first = (int)strcspn(item, ",-");
	int rc;

	rc = leading_zero(item, first, error);
	if (!rc && first < length)
		rc = leading_zero(item + first + 1, length - first - 1, error);
	if (rc)
		return rc;
	if (!length)
		return error_fail(error, VFIOAP_INVALID, EINVAL,
				  "a number is missing in '%.80s': expected a list like 5,0x0a-0x0c",
				  text);
	return error_fail(error, VFIOAP_INVALID, EINVAL,
			  "'%.*s' is not a number or range: expected a list like 5,0x0a-0x0c",
			  length < QUOTE_MAX ? length : QUOTE_MAX, item);
}

/* Add the part of the list @text that starts at @item, and return its end. */
static const char *parse_item(const char *text, const char *item, struct vfioap_ids *ids,
			      struct vfioap_error **error)
{
	unsigned int first, last, id;
	const char *end;

	end = parse_number(item, &first);
	last = first;
	if (end && *end == '-')
		end = parse_number(end + 1, &last);
	if (!end || (*end && *end != ',')) {
		refuse_item(text, item, error);
		return NULL;
	}
	if (first >= VFIOAP_IDS || last >= VFIOAP_IDS) {
		error_fail(error, VFIOAP_INVALID, EINVAL,
			   "'%.*s' is out of range: expected 0 to 255 (0xff)",
			   end - item < QUOTE_MAX ? (int)(end - item) : QUOTE_MAX, item);
		return NULL;
	}
	if (first > last) {
		error_fail(error, VFIOAP_INVALID, EINVAL,
			   "'%.*s' is a reversed range: expected the lower number first",
			   end - item < QUOTE_MAX ? (int)(end - item) : QUOTE_MAX, item);
		return NULL;
	}
	for (id = first; id <= last; id++)
		vfioap_ids_add(ids, id);
	return end;
}

int vfioap_ids_parse(const char *text, struct vfioap_ids *ids, struct vfioap_error **error)
{
	struct vfioap_ids result = { 0 };
	const char *item = text;

	for (;;) {
		item = parse_item(text, item, &result, error);
		if (!item)
			return -EINVAL;
		if (!*item)
			break;
		item++;
	}
	*ids = result;
	return 0;
}

void vfioap_ids_format(const struct vfioap_ids *ids, unsigned int digits,
		       char text[VFIOAP_IDS_TEXT_SIZE])
{
	unsigned int id, last;
	size_t used = 0;

	text[0] = '\0';
	for (id = vfioap_ids_next(ids, 0); id < VFIOAP_IDS; id = vfioap_ids_next(ids, last + 1)) {
		last = id;
		while (vfioap_ids_has(ids, last + 1))
			last++;
		used += (size_t)snprintf(text + used, VFIOAP_IDS_TEXT_SIZE - used, "%s0x%0*x",
					 used ? "," : "", (int)digits, id);
		if (last > id)
			used += (size_t)snprintf(text + used, VFIOAP_IDS_TEXT_SIZE - used,
						 "%s0x%0*x", last > id + 1 ? "-" : ",",
						 (int)digits, last);
	}
}

int vfioap_ids_parse_mask(const char *text, struct vfioap_ids *ids, struct vfioap_error **error)
{
	struct vfioap_ids result = { 0 };
	const char *p = text;
	unsigned int n;

	if (*p == '0' && p[1] == 'x')
		p++;
	if (*p == 'x')
		p++;
	for (n = 0; isxdigit((unsigned char)*p) && n < VFIOAP_IDS / 4; n++, p++)
		result.w[n / 16] |= (uint64_t)digit_value(*p) << (60 - n % 16 * 4);
	if (*p == '\n')
		p++;
	if (!n || *p)
		return error_fail(error, VFIOAP_INVALID, EINVAL,
				  "'%.80s' is not a mask: expected 0x and 1 to 64 hexadecimal digits",
				  text);
	*ids = result;
	return 0;
}

void vfioap_ids_format_mask(const struct vfioap_ids *ids, char text[VFIOAP_MASK_TEXT_SIZE])
{
	snprintf(text, VFIOAP_MASK_TEXT_SIZE, "0x%016llx%016llx%016llx%016llx",
		 (unsigned long long)ids->w[0], (unsigned long long)ids->w[1],
		 (unsigned long long)ids->w[2], (unsigned long long)ids->w[3]);
}
