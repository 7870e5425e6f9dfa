/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The values of options: each function checks one and keeps it in the request.
 * 0, or -1 with the document's error set.
 */
#ifndef VFIOAP_CLI_VALUES_H
#define VFIOAP_CLI_VALUES_H

struct document;
struct request;

typedef int take_function(struct request *req, const char *text, struct document *doc);

take_function take_json, take_root, take_dry_run, take_lock_timeout, take_quiet, take_verbose,
	take_no_color, take_help, take_version;
take_function take_adapters, take_domains, take_control_domains;
take_function take_owner, take_wait, take_force, take_all, take_prune;
take_function take_condition, take_timeout, take_count, take_svg;
take_function take_persist, take_automatic, take_name, take_label, take_format;

#endif
