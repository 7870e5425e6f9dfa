# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Uevents of the kernel, in the order in which it sent them.

uevent_log=/run/vm/uevents

# watch_uevents: from now on
watch_uevents()
{
	: > $uevent_log
	"$here/watch-uevents" > $uevent_log &
	await grep -q '^listening' $uevent_log
}

# uevents [PATTERN]: those since the last call, that match.  A uevent of ours goes through the same socket
# afterwards, so none can be on its way.
uevents()
{
	local mark

	mark=$(< /proc/sys/kernel/random/uuid)
	echo "change $mark" > /sys/devices/ap/uevent
	await grep -q "SYNTH_UUID=$mark" $uevent_log
	awk -v mark="$mark" '
		/SYNTH_UUID=/ { if (index($0, mark)) exit; count = 0; next }
		/^listening/ { next }
		{ lines[++count] = $0 }
		END { for (i = 1; i <= count; i++) print lines[i] }' $uevent_log |
		grep -E -- "${1:-.}" || :
}
