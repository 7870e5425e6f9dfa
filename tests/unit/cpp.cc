// SPDX-License-Identifier: GPL-2.0-or-later
// A program in C++ includes the header and links the library.
#include "vfioap.h"

#include <cstdio>

int main()
{
	vfioap_ids ids = {};
	vfioap_error *error = nullptr;

	if (vfioap_ids_parse("3-5", &ids, &error) || vfioap_ids_count(&ids) != 3)
		return 1;
	if (vfioap_apqn_adapter(vfioap_apqn(5, 4)) != 5)
		return 1;
	if (!vfioap_ids_parse("05", &ids, &error))
		return 1;
	std::puts(vfioap_error_get_message(error));
	vfioap_error_free(error);
	return 0;
}
