# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What the debug kernel does takes longer than all the rest together, and its machine is one thread: it runs beside the
# rest from the start, one job after the other, and is reported when its turn comes.

background_pid=
background_groups=()
trap 'exec 2> /dev/null; for group in "${background_groups[@]}"; do kill -- "-$group"; done' EXIT

# in_background NAME COMMAND...
in_background()
{
	local name=$1 before=$background_pid

	shift
	: > "$logs/$name.tap"
	set -m
	(
		set +m
		[[ -z $before ]] || tail --pid="$before" -f /dev/null
		"$@" > "$logs/$name.tap" 2>&1 < /dev/null
		echo $? > "$logs/$name.tap.status"
	) &
	set +m
	background_pid=$!
	background_groups+=("$background_pid")
	echo $! > "$logs/$name.tap.pid"
}

# follow NAME: prints what that job prints, until it ends, and has its status
follow()
{
	tail -n +1 -f --pid="$(< "$logs/$1.tap.pid")" "$logs/$1.tap"
	return "$(< "$logs/$1.tap.status")"
}

# in_the_gaps COMMAND...: with the time that the machines leave over. Who competes with them at the same priority
# makes them three times slower, since QEMU's threads wait for each other at each step.
in_the_gaps()
{
	(
		renice -n 19 -p "$BASHPID" > /dev/null
		"$@"
	)
}

on_debug_kernel()
{
	[[ " ${kernels[*]} " == *" debug "* ]]
}
