// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * unmap-many UUID ADAPTER DOMAIN INTERRUPTS PAGES: a guest enables the interrupts of so many
 * queues, from this domain on, with notification bytes in so many pages, and the VMM takes the
 * memory away while its other threads keep type1's lock. One of them always has it, and waits for
 * a page that is missing. It gets the page when whoever unmaps has been to the driver and wants
 * the lock again, and the next one is queued behind him.
 *
 * Prints how often whoever unmaps came for the lock. Nobody gets it out of turn if all threads
 * have the same real-time priority and one processor, and the driver's worker has no other.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "type1_lock.h"

static unsigned int unmap_in_turns(void)
{
	unsigned int turns = 0;

	holder_start(&holders[0]);
	await_lock_held(&holders[0]);
	unmapper_start();
	while (await_lock_wanted(&unmapper)) {
		if (++turns == MAX_HOLDERS)
			errx(1, "never unmapped");
		holder_start(&holders[turns]);
		await_lock_wanted(&holders[turns].thread);
		let_go(&holders[turns - 1]);
		await_lock_held(&holders[turns]);
	}
	let_go(&holders[turns]);
	return turns;
}

/* The driver's worker came with the device, and belongs to no program. */
static void keep_worker_on_processor(void)
{
	if (system("taskset -p -c 0 $(pgrep -x vfio_ap_unpin) > /dev/null"))
		errx(1, "no single worker of the driver");
}

int main(int argc, char **argv)
{
	if (argc != 6)
		return 64;
	vmm_start(argv + 1);
	keep_worker_on_processor();
	printf("%u\n", unmap_in_turns());
	return 0;
}
