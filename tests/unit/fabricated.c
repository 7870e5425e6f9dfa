// SPDX-License-Identifier: GPL-2.0-or-later
#include "fabricated.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void run(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void run(const char *format, ...)
{
	char command[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(command, sizeof(command), format, arguments);
	va_end(arguments);
	assert_int_equal(system(command), 0);
}

struct fabricated *fabricate_nothing(void)
{
	struct fabricated *host = calloc(1, sizeof(*host));

	assert_non_null(host);
	/* thousands of small files: in memory where possible */
	snprintf(host->root, sizeof(host->root), "%s/vfioap-unit-XXXXXX",
		 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	assert_non_null(mkdtemp(host->root));
	assert_int_equal(vfioap_ctx_new(&host->ctx, NULL), 0);
	assert_int_equal(vfioap_ctx_set_root(host->ctx, host->root, NULL), 0);
	vfioap_ctx_set_lock_timeout(host->ctx, 0);
	return host;
}

struct fabricated *fabricate(const char *options)
{
	struct fabricated *host = fabricate_nothing();

	run("%s %s %s", FABRICATE_SYSFS, host->root, options);
	return host;
}

void fabricated_free(struct fabricated *host)
{
	int left = access(host_path(host, "/run/lock/s390apconfig.lock"), F_OK);

	vfioap_ctx_unref(host->ctx);
	run("rm -rf %s", host->root);
	free(host);
	assert_int_not_equal(left, 0);
}

struct plan_test plan_on(const char *options, unsigned int flags)
{
	struct plan_test test = { .host = fabricate(options) };

	assert_int_equal(vfioap_plan_new(test.host->ctx, flags, &test.plan, NULL), 0);
	return test;
}

void end_plan(struct plan_test *test)
{
	vfioap_plan_free(test->plan);
	fabricated_free(test->host);
}

const char *host_path(const struct fabricated *host, const char *path)
{
	static char result[512];

	snprintf(result, sizeof(result), "%s%s", host->root, path);
	return result;
}

void host_write(const struct fabricated *host, const char *path, const char *text)
{
	FILE *file = fopen(host_path(host, path), "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

void host_read(const struct fabricated *host, const char *path, char *text, size_t size)
{
	FILE *file = fopen(host_path(host, path), "r");
	size_t n;

	assert_non_null(file);
	n = fread(text, 1, size - 1, file);
	text[n] = '\0';
	fclose(file);
}

void host_break(const struct fabricated *host, const char *path)
{
	host_delete(host, path);
	assert_int_equal(mkdir(host_path(host, path), 0755), 0);
}

void host_delete(const struct fabricated *host, const char *path)
{
	assert_int_equal(remove(host_path(host, path)), 0);
}

struct vfioap_ids ids(const char *list)
{
	struct vfioap_ids result = { 0 };

	if (*list)
		assert_int_equal(vfioap_ids_parse(list, &result, NULL), 0);
	return result;
}

struct vfioap_matrix matrix(const char *adapters, const char *domains,
			    const char *control_domains)
{
	return (struct vfioap_matrix){ ids(adapters), ids(domains), ids(control_domains) };
}

void assert_ids(const struct vfioap_ids *found, const char *expected)
{
	struct vfioap_ids wanted = ids(expected);
	char found_text[VFIOAP_IDS_TEXT_SIZE], wanted_text[VFIOAP_IDS_TEXT_SIZE];

	vfioap_ids_format(found, VFIOAP_ADAPTER_DIGITS, found_text);
	vfioap_ids_format(&wanted, VFIOAP_ADAPTER_DIGITS, wanted_text);
	assert_string_equal(found_text, wanted_text);
}

void assert_matrix(const struct vfioap_matrix *found, const char *adapters, const char *domains,
		   const char *control_domains)
{
	assert_ids(&found->adapters, adapters);
	assert_ids(&found->domains, domains);
	assert_ids(&found->control_domains, control_domains);
}

/* As messages quote it: in one line. */
static void quote(const char *word, char quoted[512])
{
	size_t i, n = 0;

	for (i = 0; word[i]; i++)
		n += (size_t)snprintf(quoted + n, 512 - n, word[i] == '\n' ? "\\x%02x" : "%c",
				      word[i]);
	quoted[n] = '\0';
}

void assert_error(struct vfioap_error *error, enum vfioap_error_code code, int number,
		  const char *word)
{
	char quoted[512];

	assert_non_null(error);
	quote(word, quoted);
	if (vfioap_error_get_code(error) != code || vfioap_error_get_errno(error) != number ||
	    !strstr(vfioap_error_get_message(error), quoted))
		fail_msg("expected %s %s '%s', found %s %s '%s'", vfioap_error_code_name(code),
			 vfioap_errno_name(number), quoted,
			 vfioap_error_code_name(vfioap_error_get_code(error)),
			 vfioap_errno_name(vfioap_error_get_errno(error)),
			 vfioap_error_get_message(error));
	vfioap_error_free(error);
}

int stop_before(const char *what, unsigned int elapsed, unsigned int timeout, void *data)
{
	int *left = data;

	(void)what;
	(void)elapsed;
	(void)timeout;
	return (*left)-- == 0;
}
