/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the command table points to: for each command the function that runs
 * it and the one that prints its data as text. The latter are in *_text.c.
 */
#ifndef VFIOAP_CLI_FAMILIES_H
#define VFIOAP_CLI_FAMILIES_H

#include <stdio.h>

struct document;
struct request;

typedef int run_function(struct request *req, struct document *doc);
typedef void print_function(const struct request *req, const struct document *doc, FILE *out);

run_function status_run, list_run, queues_run, map_run, wait_run, monitor_run;
print_function status_print, list_print, queues_print, map_print, wait_print;

run_function show_run, explain_run;
print_function show_print, explain_print;

run_function create_run, assign_run, unassign_run, set_run, remove_run;
print_function change_print;

run_function define_run, undefine_run, enable_run, disable_run, start_run, stop_run;
print_function several_print;

run_function import_run, export_run;
print_function import_print, export_print;

run_function pool_show_run, pool_free_run, pool_reserve_run, pool_set_run;
print_function pool_show_print, pool_change_print;

run_function plan_file_run, apply_run, compare_run;
print_function apply_print, assert_print, diff_print;

run_function sim_show_run, sim_load_run, sim_fault_run;
print_function sim_show_print, sim_change_print;

run_function driver_status_run, driver_load_run, driver_unload_run;
print_function driver_status_print, driver_change_print;

run_function doctor_run;
print_function doctor_print;

run_function help_run, version_run;
print_function help_print, version_print;

#endif
