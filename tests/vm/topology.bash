# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Words for the simulated hardware: what the machine has, how its queues behave, what happened to them.
# The instructions see a change at once, the bus at its next scan.

sim=/sys/kernel/config/ap_sim
debugfs=/sys/kernel/debug
debug=$debugfs/ap_sim
undo=/run/vm/undo

# set_knob PATH VALUE: the clean-up sets it back
set_knob()
{
	echo "$1 $(< "$1")" >> $undo
	store "$1" "$2"
}

# make_directory PATH: the clean-up removes it
make_directory()
{
	[[ ! -d $1 ]] || return 0
	mkdir "$1"
	echo "$1/" >> $undo
}

# plug_adapter ID [TYPE [MODE]]: two hexadecimal digits, CEX4 to CEX8 or a number, accel, cca or ep11
plug_adapter()
{
	make_directory "$sim/adapters/$1"
	[[ -z ${2-} ]] || set_knob "$sim/adapters/$1/type" "$2"
	[[ -z ${3-} ]] || set_knob "$sim/adapters/$1/mode" "$3"
	set_knob "$sim/adapters/$1/live" 1
}

unplug_adapter()
{
	set_knob "$sim/adapters/$1/live" 0
}

# change_domains +7,-5; change_control_domains likewise
change_domains()
{
	set_knob $sim/domains "$1"
}

change_control_domains()
{
	set_knob $sim/control_domains "$1"
}

# adapter_knob ID config|chkstop|depth VALUE
adapter_knob()
{
	set_knob "$sim/adapters/$1/$2" "$3"
}

# queue_knob APQN reset_ms|stuck|aqic_ms|message_ms|rc_tapq|rc_zapq|rc_aqic|async_error VALUE
queue_knob()
{
	local directory=$sim/adapters/${1%%.*}/${1#*.}

	make_directory "$directory"
	set_knob "$directory/$2" "$3"
}

# no_scans: the bus does not look by itself for two minutes, as it does 30 s after the last scan
no_scans()
{
	set_knob $bus/config_time 120
}

# counter APQN NAME: tapq, zapq, aqic, resets_started, notifications, ...
counter()
{
	sed -n "s/^$1 .*\<$2=\([0-9]*\).*/\1/p" $debug/queues
}

# instructions PATTERN: lines of the instruction log that match, since it was emptied
instructions()
{
	grep -E -- "$1" $debug/log || :
}

empty_instruction_log()
{
	echo > $debug/log
}

# facility GUEST: the debugfs directory of its AP facility
facility()
{
	local directory

	for directory in $debug/guests/*; do
		[[ $(< "$directory/pid") == "${guest_pid[$1]}" ]] || continue
		echo "$directory"
		return
	done
	fail "guest $1 has no AP facility"
}

# apcb_is_empty GUEST: a condition; also what is set without being in effect counts
apcb_is_empty()
{
	! grep -q '0x0*[1-9a-f]' "$(facility "$1")/apcb"
}

# updates GUEST: how often its APCB was changed
updates()
{
	cat "$(facility "$1")/updates"
}
