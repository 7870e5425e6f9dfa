/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the command line asks for, checked and read.
 */
#ifndef VFIOAP_CLI_REQUEST_H
#define VFIOAP_CLI_REQUEST_H

#include <stdbool.h>
#include <stdlib.h>
#include <vfioap.h>

struct command;
struct document;

/**
 * struct request - the command line
 * @command: which command, NULL if there was none
 * @group: the first word of some, if only that was given and help is wanted
 * @json, @dry_run, @quiet, @no_color, @help, @version: global options
 * @verbose: how often -v was given
 * @root: tree to work on, NULL for /
 * @lock_timeout: seconds
 * @arguments: positional arguments
 * @matrix: values of --adapters, --domains and --control-domains
 * @parts: which of them were given (VFIOAP_ADAPTERS, ...)
 * @owner: value of --owner, NULL if not given
 * @wait: --wait was given
 * @wait_seconds: its value
 * @force, @all: options of remove
 * @condition: value of --for
 * @condition_given: --for was given
 * @timeout: value of --timeout in milliseconds, VFIOAP_FOREVER if not given
 * @svg: value of --svg, NULL if not given
 * @count: value of --count, 0 if not given
 * @prune: option of the commands that take a configuration file
 * @persist: change what is stored for the next restart, too
 * @automatic: --auto was given
 * @name, @label: options of define, NULL if not given
 * @format: value of --to, NULL if not given
 * @help_subject: what help is about: a command's name, or the first word of some
 * @ctx: the library's context, made by request_context()
 */
struct request {
	const struct command *command;
	char *group;
	bool json;
	bool dry_run;
	bool quiet;
	bool no_color;
	bool help;
	bool version;
	int verbose;
	const char *root;
	unsigned int lock_timeout;
	char **arguments;
	size_t argument_count;
	struct vfioap_matrix matrix;
	unsigned int parts;
	const char *owner;
	bool wait;
	unsigned int wait_seconds;
	bool force;
	bool all;
	enum vfioap_condition condition;
	bool condition_given;
	unsigned int timeout;
	unsigned int count;
	const char *svg;
	bool prune;
	bool persist;
	bool automatic;
	const char *name;
	const char *label;
	const char *format;
	char help_subject[64];
	struct vfioap_ctx *ctx;
};

/* A device as the user named it. */
struct device_reference {
	char uuid[VFIOAP_UUID_SIZE];
	/* As which it was given; NULL if a UUID was given. */
	const char *name;
};

/* The library's context with all global options applied; NULL with the error set. */
struct vfioap_ctx *request_context(struct request *req, struct document *doc);

/* True after SIGINT or SIGTERM, which request_context() begins to catch. */
bool request_interrupted(void);

/* A snapshot; NULL with the document's error set. To be freed. */
struct vfioap_host *request_host(struct request *req, unsigned int parts, struct document *doc);

/* Read a DEVICE; 0, or -1 with the document's error set. */
int request_device(struct request *req, const char *text, struct device_reference *device,
		   struct document *doc);

/* The arguments as queue patterns, to be freed; 0, or -1 with the error set. */
int request_patterns(struct request *req, struct vfioap_queue_pattern **patterns,
		     struct document *doc);

/* 0 if the host has an AP bus, or a driver too; else -1 with the document's error set. */
int need_bus(const struct vfioap_host *host, struct document *doc);
int need_driver(const struct vfioap_host *host, struct document *doc);

/* The device in the snapshot; NULL with the document's error set. */
const struct vfioap_device *need_device(const struct vfioap_host *host,
					const struct device_reference *reference,
					struct document *doc);

/* Tell on stderr that a list is empty, unless told to be quiet. */
void print_nothing(const struct request *req, const char *text);

void request_release(struct request *req);

static inline void free_hostp(struct vfioap_host **host)
{
	vfioap_host_free(*host);
}

static inline void unref_ctxp(struct vfioap_ctx **ctx)
{
	vfioap_ctx_unref(*ctx);
}

static inline void free_planp(struct vfioap_plan **plan)
{
	vfioap_plan_free(*plan);
}

static inline void free_patternsp(struct vfioap_queue_pattern **patterns)
{
	free(*patterns);
}

static inline void free_explanationp(struct vfioap_explanation **explanation)
{
	vfioap_explanation_free(*explanation);
}

#define _cleanup_ctx_ __attribute__((cleanup(unref_ctxp)))
#define _cleanup_explanation_ __attribute__((cleanup(free_explanationp)))
#define _cleanup_host_ __attribute__((cleanup(free_hostp)))
#define _cleanup_plan_ __attribute__((cleanup(free_planp)))
#define _cleanup_patterns_ __attribute__((cleanup(free_patternsp)))

#endif
