// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <uuid/uuid.h>

#include "error.h"

#define NAME_MAX_LENGTH 64

int vfioap_uuid_parse(const char *text, char uuid[VFIOAP_UUID_SIZE], struct vfioap_error **error)
{
	uuid_t binary;

	/* uuid_parse() checks the length, and that all is hyphens and digits */
	if (uuid_parse(text, binary))
		return error_fail(error, VFIOAP_INVALID, EINVAL,
				  "'%.80s' is not a UUID: expected 36 characters like %s", text,
				  VFIOAP_NAME_NAMESPACE);
	uuid_unparse_lower(binary, uuid);
	return 0;
}

int vfioap_uuid_random(char uuid[VFIOAP_UUID_SIZE], struct vfioap_error **error)
{
	uuid_t binary;

	/* uuid_generate_random() would fall back to a weak generator */
	if (getrandom(binary, sizeof(binary), 0) != (ssize_t)sizeof(binary))
		return error_from_errno(error, errno ? errno : EIO, "cannot make up a UUID");
	binary[6] = (unsigned char)((binary[6] & 0x0f) | 0x40);
	binary[8] = (unsigned char)((binary[8] & 0x3f) | 0x80);
	uuid_unparse_lower(binary, uuid);
	return 0;
}

static bool is_name(const char *name)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-");
	uint16_t apqn;
	uuid_t uuid;

	if (length < 1 || length > NAME_MAX_LENGTH || name[length])
		return false;
	return name[0] >= 'a' && name[0] <= 'z' && strcmp(name, "all") &&
	       uuid_parse(name, uuid) && vfioap_apqn_parse(name, &apqn, NULL);
}

int vfioap_uuid_from_name(const char *name, char uuid[VFIOAP_UUID_SIZE],
			  struct vfioap_error **error)
{
	uuid_t namespace, binary;

	if (!is_name(name))
		return error_fail(error, VFIOAP_INVALID, EINVAL,
				  "'%.80s' is not a name: expected a lower-case letter, then up to 63 of a-z 0-9 . _ -",
				  name);
	uuid_parse(VFIOAP_NAME_NAMESPACE, namespace);
	uuid_generate_sha1(binary, namespace, name, strlen(name));
	uuid_unparse_lower(binary, uuid);
	return 0;
}
