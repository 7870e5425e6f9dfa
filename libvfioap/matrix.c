// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matrix.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool vfioap_matrix_equal(const struct vfioap_matrix *a, const struct vfioap_matrix *b)
{
	return !memcmp(a, b, sizeof(*a));
}

bool vfioap_matrix_has_queue(const struct vfioap_matrix *matrix, uint16_t apqn)
{
	return vfioap_ids_has(&matrix->adapters, vfioap_apqn_adapter(apqn)) &&
	       vfioap_ids_has(&matrix->domains, vfioap_apqn_domain(apqn));
}

unsigned int vfioap_matrix_count_queues(const struct vfioap_matrix *matrix)
{
	return vfioap_ids_count(&matrix->adapters) * vfioap_ids_count(&matrix->domains);
}

struct vfioap_matrix matrix_or(const struct vfioap_matrix *a, const struct vfioap_matrix *b)
{
	return (struct vfioap_matrix){
		.adapters = vfioap_ids_or(&a->adapters, &b->adapters),
		.domains = vfioap_ids_or(&a->domains, &b->domains),
		.control_domains = vfioap_ids_or(&a->control_domains, &b->control_domains),
	};
}

struct vfioap_matrix matrix_and(const struct vfioap_matrix *a, const struct vfioap_matrix *b)
{
	return (struct vfioap_matrix){
		.adapters = vfioap_ids_and(&a->adapters, &b->adapters),
		.domains = vfioap_ids_and(&a->domains, &b->domains),
		.control_domains = vfioap_ids_and(&a->control_domains, &b->control_domains),
	};
}

struct vfioap_matrix matrix_minus(const struct vfioap_matrix *a, const struct vfioap_matrix *b)
{
	return (struct vfioap_matrix){
		.adapters = vfioap_ids_minus(&a->adapters, &b->adapters),
		.domains = vfioap_ids_minus(&a->domains, &b->domains),
		.control_domains = vfioap_ids_minus(&a->control_domains, &b->control_domains),
	};
}

bool matrix_empty(const struct vfioap_matrix *matrix)
{
	return vfioap_ids_empty(&matrix->adapters) && vfioap_ids_empty(&matrix->domains) &&
	       vfioap_ids_empty(&matrix->control_domains);
}

static bool ids_share(const struct vfioap_ids *a, const struct vfioap_ids *b)
{
	struct vfioap_ids both = vfioap_ids_and(a, b);

	return !vfioap_ids_empty(&both);
}

bool matrix_shares_queue(const struct vfioap_matrix *a, const struct vfioap_matrix *b)
{
	return ids_share(&a->adapters, &b->adapters) && ids_share(&a->domains, &b->domains);
}

int matrix_list_queues(const struct vfioap_matrix *matrix, uint16_t **queues, size_t *count)
{
	unsigned int adapter, domain;
	size_t n = 0;

	*queues = calloc(vfioap_matrix_count_queues(matrix) + 1, sizeof(**queues));
	if (!*queues)
		return -ENOMEM;
	vfioap_ids_for_each(adapter, &matrix->adapters)
		vfioap_ids_for_each(domain, &matrix->domains)
			(*queues)[n++] = vfioap_apqn(adapter, domain);
	*count = n;
	return 0;
}

static const char *list_or_dash(const struct vfioap_ids *ids, unsigned int digits, char *text)
{
	vfioap_ids_format(ids, digits, text);
	return *text ? text : "-";
}

void matrix_format_words(const struct vfioap_matrix *matrix, char text[MATRIX_WORDS_SIZE])
{
	char adapters[VFIOAP_IDS_TEXT_SIZE];
	char domains[VFIOAP_IDS_TEXT_SIZE];
	char control[VFIOAP_IDS_TEXT_SIZE];

	snprintf(text, MATRIX_WORDS_SIZE, "adapters %s, domains %s, control domains %s",
		 list_or_dash(&matrix->adapters, VFIOAP_ADAPTER_DIGITS, adapters),
		 list_or_dash(&matrix->domains, VFIOAP_DOMAIN_DIGITS, domains),
		 list_or_dash(&matrix->control_domains, VFIOAP_DOMAIN_DIGITS, control));
}

void matrix_format_config(const struct vfioap_matrix *matrix, char text[MATRIX_CONFIG_SIZE])
{
	const size_t width = VFIOAP_MASK_TEXT_SIZE;

	vfioap_ids_format_mask(&matrix->adapters, text);
	vfioap_ids_format_mask(&matrix->domains, text + width);
	vfioap_ids_format_mask(&matrix->control_domains, text + 2 * width);
	text[width - 1] = ',';
	text[2 * width - 1] = ',';
	strcpy(text + 3 * width - 1, "\n");
}

int matrix_parse_config(const char *text, struct vfioap_matrix *matrix)
{
	struct vfioap_matrix result = { 0 };
	struct vfioap_ids *const parts[] = {
		&result.adapters, &result.domains, &result.control_domains
	};
	char mask[VFIOAP_MASK_TEXT_SIZE];
	size_t i, length;

	for (i = 0; i < 3; i++) {
		length = strcspn(text, ",\n");
		if (length >= sizeof(mask))
			return -EINVAL;
		memcpy(mask, text, length);
		mask[length] = '\0';
		if (vfioap_ids_parse_mask(mask, parts[i], NULL))
			return -EINVAL;
		text += length;
		if (*text)
			text++;
	}
	if (*text)
		return -EINVAL;
	*matrix = result;
	return 0;
}

/* Hexadecimal digits, exactly @digits of them, of a number below 256; else -1. */
static int parse_id(const char *text, int digits)
{
	int value = 0;
	int i;

	for (i = 0; i < digits; i++) {
		if (!isxdigit((unsigned char)text[i]) || value >= VFIOAP_IDS / 16)
			return -1;
		value = value * 16 + (isdigit((unsigned char)text[i]) ?
			text[i] - '0' : tolower((unsigned char)text[i]) - 'a' + 10);
	}
	return value;
}

/* One line, "05.0004", "05." or ".0004"; returns what follows it, or NULL. */
static const char *parse_queue_line(const char *line, struct vfioap_matrix *matrix)
{
	int adapter = -1, domain = -1;

	if (*line != '.') {
		adapter = parse_id(line, 2);
		if (adapter < 0)
			return NULL;
		vfioap_ids_add(&matrix->adapters, (unsigned int)adapter);
		line += 2;
	}
	if (*line++ != '.')
		return NULL;
	if (*line != '\n' || adapter < 0) {
		domain = parse_id(line, 4);
		if (domain < 0)
			return NULL;
		vfioap_ids_add(&matrix->domains, (unsigned int)domain);
		line += 4;
	}
	return *line == '\n' ? line + 1 : NULL;
}

int matrix_parse_queues(const char *text, struct vfioap_matrix *matrix)
{
	struct vfioap_matrix result = { 0 };

	while (*text) {
		text = parse_queue_line(text, &result);
		if (!text)
			return -EINVAL;
	}
	matrix->adapters = result.adapters;
	matrix->domains = result.domains;
	return 0;
}

int matrix_parse_control_domains(const char *text, struct vfioap_matrix *matrix)
{
	struct vfioap_ids result = { 0 };
	int id;

	for (; *text; text += 5) {
		id = parse_id(text, 4);
		if (id < 0 || text[4] != '\n')
			return -EINVAL;
		vfioap_ids_add(&result, (unsigned int)id);
	}
	matrix->control_domains = result;
	return 0;
}
