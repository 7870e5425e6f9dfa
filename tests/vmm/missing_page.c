// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "missing_page.h"

#define PAGE	4096

int missing_page_make(struct missing_page *page, void *address)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = {
		.range = { .start = (uintptr_t)address, .len = PAGE },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int error;

	page->address = address;
	page->uffd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	if (page->uffd < 0)
		return -1;
	if (ioctl(page->uffd, UFFDIO_API, &api) || ioctl(page->uffd, UFFDIO_REGISTER, &reg)) {
		error = errno;
		close(page->uffd);
		errno = error;
		return -1;
	}
	return 0;
}

bool missing_page_is_wanted(const struct missing_page *page, int seconds)
{
	struct pollfd wanted = { .fd = page->uffd, .events = POLLIN };
	struct uffd_msg message;

	if (poll(&wanted, 1, seconds * 1000) != 1)
		return false;
	return read(page->uffd, &message, sizeof(message)) == sizeof(message) &&
	       message.event == UFFD_EVENT_PAGEFAULT;
}

int missing_page_provide(struct missing_page *page)
{
	struct uffdio_zeropage zero = {
		.range = { .start = (uintptr_t)page->address, .len = PAGE },
	};

	if (ioctl(page->uffd, UFFDIO_ZEROPAGE, &zero))
		return -1;
	close(page->uffd);
	page->uffd = -1;
	return 0;
}
