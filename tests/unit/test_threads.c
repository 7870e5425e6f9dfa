// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads: each with a context of its own, all with the same snapshot. Built with
 * -DSANITIZE=thread this shows that the library has no state that they share.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fabricated.h"

#define THREADS 4
#define ROUNDS 20

/**
 * struct worker - one thread
 * @root: of the host
 * @snapshot: that all threads look at
 * @failed: what went wrong, NULL if nothing
 */
struct worker {
	pthread_t thread;
	const char *root;
	const struct vfioap_host *snapshot;
	const char *failed;
};

#define REQUIRE(worker, condition)                     \
	do {                                           \
		if (!(condition))                      \
			(worker)->failed = #condition; \
	} while (0)

static void fail_to_parse(struct worker *worker)
{
	struct vfioap_error *error = NULL;
	struct vfioap_ids ids;

	REQUIRE(worker, vfioap_ids_parse("5,010", &ids, &error) == -EINVAL);
	REQUIRE(worker, error && strstr(vfioap_error_get_message(error), "010"));
	vfioap_error_free(error);
}

static void look_at_snapshot(struct worker *worker)
{
	const struct vfioap_device *device = vfioap_host_find_device(worker->snapshot, UUID_A);
	struct vfioap_explanation *explanation = NULL;

	REQUIRE(worker, device && vfioap_device_get_state(device) == VFIOAP_DEVICE_IN_USE);
	REQUIRE(worker, vfioap_host_get_num_queues(worker->snapshot) == 25);
	REQUIRE(worker, vfioap_explain_queue(worker->snapshot, vfioap_apqn(5, 0x47), &explanation,
					     NULL) == 0);
	vfioap_explanation_free(explanation);
}

static void plan_a_device(struct worker *worker, struct vfioap_ctx *ctx)
{
	struct vfioap_matrix matrix = { ids("10"), ids("171"), ids("") };
	struct vfioap_plan *plan = NULL;

	REQUIRE(worker, vfioap_plan_new(ctx, VFIOAP_PLAN_PREVIEW, &plan, NULL) == 0);
	REQUIRE(worker, vfioap_plan_create(plan, UUID_B, &matrix, NULL) == 0);
	REQUIRE(worker, vfioap_plan_get_num_steps(plan) > 0);
	vfioap_plan_free(plan);
}

static void use_own_context(struct worker *worker)
{
	struct vfioap_host *host = NULL;
	struct vfioap_ctx *ctx = NULL;

	REQUIRE(worker, vfioap_ctx_new(&ctx, NULL) == 0);
	REQUIRE(worker, vfioap_ctx_set_root(ctx, worker->root, NULL) == 0);
	REQUIRE(worker, vfioap_host_read(ctx, VFIOAP_READ_ALL, &host, NULL) == 0);
	REQUIRE(worker, vfioap_host_get_num_devices(host) == 1);
	plan_a_device(worker, ctx);
	vfioap_host_free(host);
	vfioap_ctx_unref(ctx);
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	int round;

	for (round = 0; round < ROUNDS && !worker->failed; round++) {
		fail_to_parse(worker);
		look_at_snapshot(worker);
		use_own_context(worker);
	}
	return NULL;
}

static void test_each_thread_has_its_context(void **state)
{
	struct fabricated *host = fabricate("--device " UUID_A "/5/71 --user " UUID_A
					    "/4321/qemu");
	struct worker workers[THREADS] = { 0 };
	struct vfioap_host *snapshot = NULL;
	int i;

	(void)state;
	assert_int_equal(vfioap_host_read(host->ctx, VFIOAP_READ_ALL, &snapshot, NULL), 0);
	for (i = 0; i < THREADS; i++) {
		workers[i].root = host->root;
		workers[i].snapshot = snapshot;
		assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
	}
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
	for (i = 0; i < THREADS; i++)
		if (workers[i].failed)
			fail_msg("thread %d: %s", i, workers[i].failed);
	vfioap_host_free(snapshot);
	fabricated_free(host);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_thread_has_its_context),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
