// SPDX-License-Identifier: LGPL-2.1-or-later
#include "queue_id.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"

/* How many queues a message names before it counts the rest. */
#define DESCRIBE_MAX 8

void vfioap_apqn_format(uint16_t apqn, char text[VFIOAP_APQN_TEXT_SIZE])
{
	static const char digits[] = "0123456789abcdef";

	/* not by printf: it is done a few times for each of 65,536 queues */
	text[0] = digits[apqn >> 12];
	text[1] = digits[apqn >> 8 & 0xf];
	memcpy(text + 2, ".00", 3);
	text[5] = digits[apqn >> 4 & 0xf];
	text[6] = digits[apqn & 0xf];
	text[7] = '\0';
}

/* @digits hexadecimal digits; NULL if that is not what stands there. */
static const char *parse_digits(const char *text, int digits, int *value)
{
	*value = 0;
	for (; digits > 0; digits--, text++) {
		if (!isxdigit((unsigned char)*text))
			return NULL;
		*value = *value * 16 + (isdigit((unsigned char)*text) ?
			*text - '0' : tolower((unsigned char)*text) - 'a' + 10);
	}
	return text;
}

static const char *parse_part(const char *text, int digits, bool any, int *value)
{
	if (any && *text == '*') {
		*value = VFIOAP_ANY;
		return text + 1;
	}
	return parse_digits(text, digits, value);
}

/* Sets both ids; false if @text is not the name of a queue. */
static bool parse_queue(const char *text, bool any, int *adapter, int *domain)
{
	text = parse_part(text, 2, any, adapter);
	if (!text || *text != '.')
		return false;
	text = parse_part(text + 1, 4, any, domain);
	return text && !*text && *domain < VFIOAP_IDS &&
	       !(*adapter == VFIOAP_ANY && *domain == VFIOAP_ANY);
}

int vfioap_apqn_parse(const char *text, uint16_t *apqn, struct vfioap_error **error)
{
	int adapter, domain;

	if (!parse_queue(text, false, &adapter, &domain))
		return error_fail(error, VFIOAP_INVALID, EINVAL,
				  "'%.80s' is not a queue: expected one like 05.0004", text);
	*apqn = vfioap_apqn((unsigned int)adapter, (unsigned int)domain);
	return 0;
}

int vfioap_queue_pattern_parse(const char *text, struct vfioap_queue_pattern *pattern,
			       struct vfioap_error **error)
{
	int adapter, domain;

	if (!parse_queue(text, true, &adapter, &domain))
		return error_fail(error, VFIOAP_INVALID, EINVAL,
				  "'%.80s' is not a queue: expected 05.0004, 05.* or *.0004", text);
	pattern->adapter = adapter;
	pattern->domain = domain;
	return 0;
}

bool vfioap_queue_pattern_matches(const struct vfioap_queue_pattern *pattern, uint16_t apqn)
{
	int adapter = (int)vfioap_apqn_adapter(apqn);
	int domain = (int)vfioap_apqn_domain(apqn);

	return (pattern->adapter == VFIOAP_ANY || pattern->adapter == adapter) &&
	       (pattern->domain == VFIOAP_ANY || pattern->domain == domain);
}

static char *join(const uint16_t *queues, size_t count, const char *separator)
{
	char name[VFIOAP_APQN_TEXT_SIZE];
	size_t size = 0, i;
	char *text = NULL;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	for (i = 0; i < count; i++) {
		vfioap_apqn_format(queues[i], name);
		fprintf(stream, "%s%s", i ? separator : "", name);
	}
	if (fclose(stream)) {
		free(text);
		return NULL;
	}
	return text;
}

char *queue_list_words(const uint16_t *queues, size_t count)
{
	return join(queues, count, " ");
}

char *queue_list_describe(const uint16_t *queues, size_t count)
{
	size_t shown = count > DESCRIBE_MAX ? DESCRIBE_MAX - 1 : count;
	char *list = join(queues, shown, ", ");
	char *text = NULL;
	int rc = -1;

	if (!list)
		return NULL;
	if (shown < count)
		rc = asprintf(&text, "queues %s and %zu more", list, count - shown);
	else
		rc = asprintf(&text, "queue%s %s", count == 1 ? "" : "s", list);
	free(list);
	return rc < 0 ? NULL : text;
}
