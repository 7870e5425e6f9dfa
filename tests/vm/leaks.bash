# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What a scenario lost.  The machine asks kmemleak once more at its end; here the scenario is named, and what was lost
# before it is not its own.

kmemleak=/sys/kernel/debug/kmemleak
watched_since=/run/vm/watched-since

# From now on until the scenario ends nothing may be lost
watch_for_leaks()
{
	awk '/^jiffies: / { print $2; exit }' /proc/timer_list > $watched_since
}

# find_leaks ENDED: prints what was lost before that time (of $SECONDS).  kmemleak reports no object that is younger than
# five seconds, nor before a second scan finds it unchanged.  What was merely on its way has arrived by a third one.
find_leaks()
{
	local since objects

	[[ -e $watched_since ]] || return 0
	since=$(< $watched_since)
	scan_for_leaks || return
	poll 10 seconds_after 6 "$1" || return
	scan_for_leaks || return
	[[ -z $(lost "$since") ]] || scan_for_leaks
	objects=$(lost "$since")
	[[ -n $objects ]] || return 0
	echo "lost: $(grep -m 1 -e '\[vfio_ap\]' -e '\[ap_sim\]' -e '^ *0x' <<< "$objects" | tr -d ' ')"
	head -n 100 <<< "$objects"
}

scan_for_leaks()
{
	echo scan > $kmemleak || { echo "kmemleak has switched itself off"; return 1; }
}

# seconds_after N BEGIN
seconds_after()
{
	[[ $SECONDS -gt $(($1 + $2)) ]]
}

# lost SINCE: what kmemleak knows of, in jiffies
lost()
{
	awk -v since="$1" -f "$here/../lab/leaks.awk" $kmemleak
}
