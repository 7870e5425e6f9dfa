// SPDX-License-Identifier: LGPL-2.1-or-later
#include "error.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "owner.h"

struct vfioap_error {
	enum vfioap_error_code code;
	int number;
	const char *operation;
	char *path;
	uint16_t *queues;
	size_t num_queues;
	struct vfioap_owner *owner;
	char *message;
	char *hint;
};

static const char *const code_names[] = {
	[VFIOAP_FAILED] = "failed",
	[VFIOAP_IO] = "io",
	[VFIOAP_PARTIAL] = "partial",
	[VFIOAP_NOT_FOUND] = "not_found",
	[VFIOAP_BUSY] = "busy",
	[VFIOAP_CONFLICT] = "conflict",
	[VFIOAP_RESERVED] = "reserved",
	[VFIOAP_PERMISSION] = "permission",
	[VFIOAP_UNSUPPORTED] = "unsupported",
	[VFIOAP_INVALID] = "invalid",
	[VFIOAP_TIMEOUT] = "timeout",
	[VFIOAP_DRIFT] = "drift",
	[VFIOAP_USAGE] = "usage",
};

const char *vfioap_error_code_name(enum vfioap_error_code code)
{
	size_t index = (size_t)code;

	if (index >= sizeof(code_names) / sizeof(code_names[0]) || !code_names[index])
		index = VFIOAP_FAILED;
	return code_names[index];
}

const char *vfioap_errno_name(int number)
{
	return strerrorname_np(number);
}

void vfioap_error_free(struct vfioap_error *error)
{
	if (!error)
		return;
	free(error->path);
	free(error->queues);
	owner_free(error->owner);
	free(error->message);
	free(error->hint);
	free(error);
}

static bool is_control(char c)
{
	return iscntrl((unsigned char)c);
}

/*
 * One line, and nothing that a terminal acts on, whatever text is quoted: control
 * characters become \xHH. Takes @text; NULL if there is no memory.
 */
static char *make_printable(char *text)
{
	char *printable, *to;
	const char *from;
	size_t extra = 0;

	for (from = text; from && *from; from++)
		extra += is_control(*from) ? strlen("\\xHH") - 1 : 0;
	if (!extra)
		return text;
	to = printable = malloc(strlen(text) + extra + 1);
	for (from = text; printable && *from; from++) {
		if (is_control(*from))
			to += sprintf(to, "\\x%02x", (unsigned char)*from);
		else
			*to++ = *from;
	}
	if (printable)
		*to = '\0';
	free(text);
	return printable;
}

static void set_error(struct vfioap_error **error, enum vfioap_error_code code, int number,
		      char *message)
{
	if (!error) {
		free(message);
		return;
	}
	message = make_printable(message);
	*error = message ? calloc(1, sizeof(**error)) : NULL;
	if (!*error) {
		free(message);
		return;
	}
	(*error)->code = code;
	(*error)->number = number;
	(*error)->message = message;
}

int error_fail(struct vfioap_error **error, enum vfioap_error_code code, int number,
	       const char *format, ...)
{
	char *message = NULL;
	va_list arguments;

	va_start(arguments, format);
	if (error && vasprintf(&message, format, arguments) < 0)
		message = NULL;
	va_end(arguments);
	set_error(error, code, number, message);
	return -number;
}

static enum vfioap_error_code code_of_errno(int number)
{
	switch (number) {
	case EACCES:
	case EPERM:
		return VFIOAP_PERMISSION;
	case EBUSY:
		return VFIOAP_BUSY;
	case EADDRINUSE:
	case EEXIST:
		return VFIOAP_CONFLICT;
	case EADDRNOTAVAIL:
		return VFIOAP_RESERVED;
	case EOPNOTSUPP:
		return VFIOAP_UNSUPPORTED;
	case EIO:
		return VFIOAP_IO;
	case ETIMEDOUT:
		return VFIOAP_TIMEOUT;
	default:
		return VFIOAP_FAILED;
	}
}

int error_from_errno(struct vfioap_error **error, int number, const char *format, ...)
{
	_cleanup_text_ char *what = NULL;
	char *message = NULL;
	char buffer[128];
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&what, format, arguments) < 0)
		what = NULL;
	va_end(arguments);
	if (!what || asprintf(&message, "%s: %s", what,
			      strerror_r(number, buffer, sizeof(buffer))) < 0)
		message = NULL;
	set_error(error, code_of_errno(number), number, message);
	return -number;
}

int error_no_memory(struct vfioap_error **error)
{
	return error_fail(error, VFIOAP_FAILED, ENOMEM, "out of memory");
}

void error_at(struct vfioap_error **error, const char *operation, const char *path)
{
	if (!error || !*error)
		return;
	(*error)->operation = operation;
	free((*error)->path);
	(*error)->path = path ? strdup(path) : NULL;
}

void error_whose(struct vfioap_error **error, const struct vfioap_owner *owner)
{
	if (!error || !*error)
		return;
	owner_free((*error)->owner);
	(*error)->owner = owner ? owner_copy(owner) : NULL;
}

void error_which(struct vfioap_error **error, const uint16_t *queues, size_t count)
{
	uint16_t *copy;

	if (!error || !*error || !count)
		return;
	copy = calloc(count, sizeof(*copy));
	if (!copy)
		return;
	memcpy(copy, queues, count * sizeof(*copy));
	free((*error)->queues);
	(*error)->queues = copy;
	(*error)->num_queues = count;
}

void error_hint(struct vfioap_error **error, const char *format, ...)
{
	char *hint = NULL;
	va_list arguments;

	if (!error || !*error)
		return;
	va_start(arguments, format);
	if (vasprintf(&hint, format, arguments) < 0)
		hint = NULL;
	va_end(arguments);
	free((*error)->hint);
	(*error)->hint = hint;
}

void error_partial(struct vfioap_error **error, const char *format, ...)
{
	_cleanup_text_ char *more = NULL;
	char *message = NULL;
	va_list arguments;

	if (!error || !*error)
		return;
	(*error)->code = VFIOAP_PARTIAL;
	va_start(arguments, format);
	if (vasprintf(&more, format, arguments) < 0)
		more = NULL;
	va_end(arguments);
	more = make_printable(more);
	if (!more || asprintf(&message, "%s; %s", (*error)->message, more) < 0)
		return;
	free((*error)->message);
	(*error)->message = message;
}

void error_clear(struct vfioap_error **error)
{
	if (!error)
		return;
	vfioap_error_free(*error);
	*error = NULL;
}

enum vfioap_error_code vfioap_error_get_code(const struct vfioap_error *error)
{
	return error->code;
}

int vfioap_error_get_errno(const struct vfioap_error *error)
{
	return error->number;
}

const char *vfioap_error_get_operation(const struct vfioap_error *error)
{
	return error->operation;
}

const char *vfioap_error_get_path(const struct vfioap_error *error)
{
	return error->path;
}

size_t vfioap_error_get_num_queues(const struct vfioap_error *error)
{
	return error->num_queues;
}

uint16_t vfioap_error_get_queue(const struct vfioap_error *error, size_t index)
{
	return error->queues[index];
}

const struct vfioap_owner *vfioap_error_get_owner(const struct vfioap_error *error)
{
	return error->owner;
}

const char *vfioap_error_get_message(const struct vfioap_error *error)
{
	return error->message;
}

const char *vfioap_error_get_hint(const struct vfioap_error *error)
{
	return error->hint;
}
