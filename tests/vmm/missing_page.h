/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A page that is missing: whoever touches it, the kernel included, waits until it is provided.
 */
#ifndef VMM_MISSING_PAGE_H
#define VMM_MISSING_PAGE_H

#include <stdbool.h>

/**
 * struct missing_page - a page of this process that userfaultfd handles
 * @address: the page
 * @uffd: who waits for it is read from here
 */
struct missing_page {
	void *address;
	int uffd;
};

/* Let the page at @address be one; there must not be any yet. 0, or -1 with errno. */
int missing_page_make(struct missing_page *page, void *address);

/* Wait until somebody wants it. Whether that was in @seconds. */
bool missing_page_is_wanted(const struct missing_page *page, int seconds);

/* Provide it, full of zeros; from now on it is a page like others. 0, or -1 with errno. */
int missing_page_provide(struct missing_page *page);

#endif
