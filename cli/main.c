// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "complete.h"
#include "families.h"
#include "json_document.h"
#include "message.h"
#include "options.h"
#include "request.h"

/* Options that stand for a command of their own. */
static const struct command version_command = {
	.name = "version",
	.run = version_run,
	.print = version_print,
};

/*
 * Where a standard stream is closed, the next file would take its place, and messages would be
 * written into it. What is put there instead fails as the closed one would.
 */
static void keep_standard_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_PATH);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

static void redirect_to_help(struct request *req)
{
	static char words[64];
	char *second;

	req->argument_count = 0;
	if (req->group)
		req->arguments[req->argument_count++] = req->group;
	if (req->command) {
		strncpy(words, req->command->name, sizeof(words) - 1);
		req->arguments[req->argument_count++] = words;
		second = strchr(words, ' ');
		if (second) {
			*second = '\0';
			req->arguments[req->argument_count++] = second + 1;
		}
	}
	req->command = command_find("help");
}

static void run(struct request *req, struct document *doc)
{
	if (req->version)
		req->command = &version_command;
	else if (req->help)
		redirect_to_help(req);
	doc->command = req->command->name;
	doc->dry_run = req->dry_run;
	req->command->run(req, doc);
}

static int print(const struct request *req, const struct document *doc)
{
	int rc = 0;

	errno = 0;
	if (req->command && req->command->streams) {
		if (doc->error && req->json)
			document_write_line(doc, stdout);
	} else if (req->json)
		document_write(doc, stdout);
	else if (doc->data && !(req->quiet && req->command->changes))
		req->command->print(req, doc, stdout);
	if (fflush(stdout) == EOF || ferror(stdout))
		rc = -(errno ? errno : EIO);
	return rc;
}

int main(int argc, char **argv)
{
	struct request req = { .lock_timeout = 10, .timeout = VFIOAP_FOREVER };
	static char buffer[1 << 16];
	struct document doc;
	int status, rc;

	keep_standard_streams();
	/* A reader that has seen enough (head) is no reason to die half way. */
	signal(SIGPIPE, SIG_IGN);
	/* A file that may not grow is an error of write(2), not the end. */
	signal(SIGXFSZ, SIG_IGN);
	/* queues --json of a large machine is 40 MB; for a size alone, glibc takes no notice */
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	/* One message, one write: it stays whole where both streams go to one place. */
	setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
	if (argc > 1 && !strcmp(argv[1], "--complete"))
		return complete(argc - 2, argv + 2);
	document_init(&doc);
	if (!options_parse(argc, argv, &req, &doc))
		run(&req, &doc);
	rc = print(&req, &doc);
	message_print(&doc, req.quiet, req.no_color);
	status = document_status(&doc);
	if (rc && rc != -EPIPE) {
		fprintf(stderr, "vfioap-ctl: cannot write the output: %s\n", strerror(-rc));
		status = status ? status : EXIT_FAILED;
	}
	document_release(&doc);
	request_release(&req);
	return status;
}
