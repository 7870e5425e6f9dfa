# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Words for the driver's pause points (kmod/vfio_ap/pause.h): hold somebody between two steps.

pauses=/sys/kernel/debug/vfio_ap/pause
paused=/run/vm/paused

# pause_at POINT: the next one who comes there stays there; the clean-up releases him, too
pause_at()
{
	echo "$1" >> $paused
	store $pauses/arm "$1"
}

# load_pausing_at POINT: loads the driver in the background
load_pausing_at()
{
	echo "$1" >> $paused
	modprobe vfio_ap pause="$1" &
}

# held_at POINT: a condition
held_at()
{
	grep -qx "$1" $pauses/waiting
}

# resume POINT
resume()
{
	store $pauses/release "$1"
}

# sleeps_in FUNCTION PID: a thread of the process, or the process itself, waits in this function of the kernel. Without a
# process, since some wait for two seconds only. One that is awake for a moment has no stack: await it, unless nothing wakes it.
sleeps_in()
{
	local file stack

	for file in /proc/"$2"/task/*/stack; do
		mapfile -t stack 2> /dev/null < "$file" || continue
		[[ ${stack[*]} != *"$1+"* ]] || return 0
	done
	return 1
}

# no_worker_waits: nor is a worker of the kernel busy in the driver just now. Without a process, since there are many workers.
no_worker_waits()
{
	local comm name stack

	for comm in /proc/[0-9]*/comm; do
		read -r name < "$comm" || continue
		[[ $name == kworker/* || $name == vfio_ap_unpin ]] || continue
		mapfile -t stack < "${comm%/*}/stack" || continue
		[[ ${stack[*]} != *'[vfio_ap]'* ]] || return 1
	done
}
