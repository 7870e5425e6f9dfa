/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the command table points to: for each command the function that runs
 * it and the one that prints its data as text.
 */
#ifndef VFIOAP_CLI_FAMILIES_H
#define VFIOAP_CLI_FAMILIES_H

#include <stdio.h>

struct document;
struct request;

typedef int run_function(struct request *req, struct document *doc);
typedef void print_function(const struct request *req, const struct document *doc, FILE *out);

/* look.c */
run_function status_run, list_run, queues_run;
print_function status_print, list_print, queues_print;

/* show.c */
run_function show_run;
print_function show_print;

/* map.c */
run_function map_run;
print_function map_print;

/* explain.c */
run_function explain_run;
print_function explain_print;

/* change.c */
run_function create_run, assign_run, unassign_run, set_run;
print_function change_print;

/* remove.c */
run_function remove_run;
print_function remove_print;

/* pool.c */
run_function pool_show_run, pool_free_run, pool_reserve_run;
print_function pool_show_print, pool_change_print;

/* driver.c */
run_function driver_status_run, driver_load_run, driver_unload_run;
print_function driver_status_print, driver_change_print;

/* help.c */
run_function help_run, version_run;
print_function help_print, version_print;

#endif
