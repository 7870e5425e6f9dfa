// SPDX-License-Identifier: GPL-2.0
/*
 * The text of the device attributes.
 */
#include "config_text.h"

static const char hex_digits[] = "0123456789abcdef";

/* The value of a digit, or 16 if it is none. */
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

/* The base that the prefix of *@text tells, which is skipped. */
static unsigned int skip_prefix(const char **text)
{
	const char *s = *text;

	if (s[0] != '0')
		return 10;
	if ((s[1] != 'x' && s[1] != 'X') || digit_value(s[2]) == 16)
		return 8;
	*text += 2;
	return 16;
}

/**
 * config_parse_number - parse the number of an adapter or domain
 * @text: decimal, 0x hexadecimal or 0 octal; a leading plus sign and one newline
 *	at the end are allowed
 * @number: out
 *
 * The grammar of kstrtoul() with base 0, which users of these files rely on.
 *
 * Return: 0, -EINVAL, or -ERANGE if it does not fit 64 bits.
 */
int config_parse_number(const char *text, u64 *number)
{
	const char *digits;
	unsigned int base;
	int ret = 0;
	u64 n = 0;

	if (*text == '+')
		text++;
	base = skip_prefix(&text);
	for (digits = text; digit_value(*text) < base; text++) {
		unsigned int d = digit_value(*text);

		if (n > (~0ULL - d) / base)
			ret = -ERANGE;
		n = n * base + d;
	}
	if (ret)
		return ret;
	if (text == digits)
		return -EINVAL;
	if (*text == '\n')
		text++;
	if (*text)
		return -EINVAL;
	*number = n;
	return 0;
}

/* One mask, leftmost digit first; returns what follows, NULL if malformed. */
static const char *parse_mask(const char *s, struct ap_mask *mask)
{
	unsigned int i, d;

	*mask = AP_MASK_EMPTY;
	if (s[0] == '0' && s[1] == 'x')
		s += 2;
	else if (s[0] == 'x')
		s++;
	for (i = 0; (d = digit_value(*s)) < 16; i++, s++) {
		if (i == AP_IDS / 4)
			return NULL;
		mask->w[i / 16] |= (u64)d << (60 - i % 16 * 4);
	}
	return s;
}

/**
 * config_parse_masks - parse adapters, usage domains and control domains
 * @text: three masks with a comma or newline after the first and the second one,
 *	and an optional newline at the end; ends with a zero byte
 * @size: number of bytes that were written
 * @matrix: out; undefined on failure
 *
 * A mask has an optional 0x or x, and at most 64 digits; missing ones are zeros on
 * the right. Nothing may follow the third one: what cannot be meant is refused, not
 * ignored.
 *
 * Return: 0 or -EINVAL.
 */
int config_parse_masks(const char *text, size_t size, struct ap_matrix *matrix)
{
	struct ap_mask *masks[] = { &matrix->apm, &matrix->aqm, &matrix->adm };
	unsigned int i;

	if (size > CONFIG_TEXT_SIZE)
		return -EINVAL;
	for (i = 0; i < 3; i++) {
		text = parse_mask(text, masks[i]);
		if (!text)
			return -EINVAL;
		if (i < 2 && *text != ',' && *text != '\n')
			return -EINVAL;
		if (i < 2)
			text++;
	}
	if (*text == '\n')
		text++;
	return *text ? -EINVAL : 0;
}

static char *format_mask(const struct ap_mask *mask, char *s)
{
	unsigned int i;

	*s++ = '0';
	*s++ = 'x';
	for (i = 0; i < AP_IDS / 4; i++)
		*s++ = hex_digits[mask->w[i / 16] >> (60 - i % 16 * 4) & 0xf];
	return s;
}

/**
 * config_format_masks - the text of ap_config
 * @matrix: adapters, usage domains and control domains
 * @text: out: CONFIG_TEXT_SIZE characters, no zero byte
 *
 * Return: CONFIG_TEXT_SIZE.
 */
size_t config_format_masks(const struct ap_matrix *matrix, char *text)
{
	char *s = text;

	s = format_mask(&matrix->apm, s);
	*s++ = ',';
	s = format_mask(&matrix->aqm, s);
	*s++ = ',';
	s = format_mask(&matrix->adm, s);
	*s++ = '\n';
	return s - text;
}

static char *format_adapter(unsigned int apid, char *s)
{
	*s++ = hex_digits[apid >> 4];
	*s++ = hex_digits[apid & 0xf];
	return s;
}

static char *format_domain(unsigned int apqi, char *s)
{
	*s++ = '0';
	*s++ = '0';
	return format_adapter(apqi, s);
}

/**
 * config_format_domains - one domain number per line
 * @domains: the domains
 * @text: out: at most DOMAINS_TEXT_SIZE characters, no zero byte
 *
 * Return: the number of characters.
 */
size_t config_format_domains(const struct ap_mask *domains, char *text)
{
	unsigned int apqi;
	char *s = text;

	for_each_ap_id(apqi, domains) {
		s = format_domain(apqi, s);
		*s++ = '\n';
	}
	return s - text;
}

/* A line of the matrix; AP_IDS stands for no adapter or no domain. */
static void format_line(unsigned int apid, unsigned int apqi, char *line)
{
	if (apid < AP_IDS)
		line = format_adapter(apid, line);
	*line++ = '.';
	if (apqi < AP_IDS)
		line = format_domain(apqi, line);
	*line = '\n';
}

/* The @n-th number of a mask, counted from 0. */
static unsigned int mask_nth(const struct ap_mask *mask, unsigned int n)
{
	unsigned int id = ap_mask_next(mask, 0);

	while (n--)
		id = ap_mask_next(mask, id + 1);
	return id;
}

/* Which lines there are: at least one row and one column if there is any line. */
struct matrix_lines {
	unsigned int rows;
	unsigned int columns;
	unsigned int length;
};

static void matrix_lines(const struct ap_matrix *matrix, struct matrix_lines *lines)
{
	unsigned int adapters = ap_mask_weight(&matrix->apm);
	unsigned int domains = ap_mask_weight(&matrix->aqm);

	lines->rows = adapters ? adapters : 1;
	lines->columns = domains ? domains : 1;
	lines->length = (adapters ? 2 : 0) + (domains ? 4 : 0) + 2;
	if (!adapters && !domains)
		lines->rows = 0;
}

/* AP_IDS, where there are no adapters or no domains, stays what it is. */
static void line_next(const struct ap_matrix *matrix, unsigned int *apid, unsigned int *apqi)
{
	*apqi = ap_mask_next(&matrix->aqm, *apqi + 1);
	if (*apqi < AP_IDS)
		return;
	*apqi = ap_mask_next(&matrix->aqm, 0);
	*apid = ap_mask_next(&matrix->apm, *apid + 1);
}

/**
 * config_read_matrix - a part of the text that lists a matrix
 * @matrix: adapters and usage domains
 * @offset: where to start in the text
 * @text: out: no zero byte
 * @size: how many characters at most
 *
 * One queue per line, or only the adapters or only the domains if there is nothing
 * of the other kind. All lines have the same length, so any part can be made without
 * what comes before it.
 *
 * Return: the number of characters, 0 at the end.
 */
size_t config_read_matrix(const struct ap_matrix *matrix, u64 offset, char *text, size_t size)
{
	unsigned int number, count, skip, apid, apqi;
	struct matrix_lines lines;
	size_t part, done = 0;
	char line[8];

	matrix_lines(matrix, &lines);
	count = lines.rows * lines.columns;
	if (offset >= count * lines.length)
		return 0;
	number = (u32)offset / lines.length;
	skip = (u32)offset % lines.length;
	apid = mask_nth(&matrix->apm, number / lines.columns);
	apqi = mask_nth(&matrix->aqm, number % lines.columns);
	for (; number < count && done < size; number++, done += part, skip = 0) {
		part = lines.length - skip;
		if (part > size - done)
			part = size - done;
		format_line(apid, apqi, line);
		memcpy(text + done, line + skip, part);
		line_next(matrix, &apid, &apqi);
	}
	return done;
}
