# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The state from which each scenario starts, and what must not be left behind when it ends: called with the
# scenario's processes still there.  What it prints are failures; it returns non-zero if it had to give up.

. "$here/topology.bash"
. "$here/pause.bash"
ones=0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
parent=/sys/devices/vfio_ap/matrix
# what ap_sim counts that must never happen
counted_failures=(violations premature needless_updates shared_queues)
declare -A failures_before

restore_clean_state()
{
	release_pauses
	end_processes || return
	load_missing_modules || return
	undo_knobs
	remove_devices || return
	rm -rf /etc/mdevctl.d/matrix /etc/vfioap.d
	give_queues_back || return
	find_leftovers
	echo > $debug/log
}

# Whoever is held there cannot be killed.
release_pauses()
{
	local name

	[[ -e $paused ]] || return 0
	while read -r name; do
		echo "$name" > "$pauses/release" 2> /dev/null || :
	done < $paused
	rm $paused
}

# poll SECONDS CONDITION...
poll()
{
	local end=$((SECONDS + $1))

	shift
	until "$@" 2> /dev/null; do
		[[ $SECONDS -lt $end ]] || { echo "waited in vain for: $*"; return 1; }
		sleep 0.05
	done
}

end_processes()
{
	echo 1 > /sys/fs/cgroup/scenario/cgroup.kill
	poll "${CLEAN_SECONDS:-60}" grep -q 'populated 0' /sys/fs/cgroup/scenario/cgroup.events || {
		blocked_tasks
		return 1
	}
}

load_missing_modules()
{
	local module

	for module in ap_sim vfio_ap; do
		[[ -d /sys/module/$module ]] || modprobe $module || return
	done
}

# Newest first, so that a knob ends with its first value; "PATH VALUE", or "PATH/" for a directory
undo_knobs()
{
	local path value

	[[ -e $undo ]] || return 0
	while read -r path value; do
		case $path in
		*/) rmdir "$path" 2> /dev/null || : ;;
		*) [[ ! -e $path ]] || echo "$value" > "$path" ;;
		esac
	done < <(tac $undo)
	rm $undo
}

devices()
{
	compgen -G "$parent/*-*-*-*-*"
}

remove_devices()
{
	local device

	for device in $(devices); do
		timeout 60 sh -c "echo 1 > $device/remove" 2> /dev/null || :
	done
	poll 60 no_devices || {
		blocked_tasks
		return 1
	}
}

no_devices()
{
	! devices > /dev/null
}

give_queues_back()
{
	local queue

	echo $ones > /sys/bus/ap/apmask
	echo $ones > /sys/bus/ap/aqmask
	echo 1 > /sys/bus/ap/scans
	for queue in /sys/devices/ap/card*/*.*; do
		[[ -e $queue/driver ]] || echo "${queue##*/}" > /sys/bus/ap/drivers/cex4queue/bind 2> /dev/null
	done
	poll 60 all_bound
}

all_bound()
{
	[[ $(< /sys/bus/ap/bindings) == "25/25 (complete)" && ! -e /sys/bus/ap/drivers/vfio_ap/01.0004 ]]
}

find_leftovers()
{
	local counter

	[[ $(< /sys/module/vfio_ap/refcnt) -eq 0 ]] || echo "vfio_ap is still in use"
	! compgen -G "$debug/guests/*" || echo "an AP facility is left"
	poll 10 no_vms || echo "a VM is left"
	poll 10 nothing_held || echo "interruption subclasses of $(< $debug/interrupts_held) guests are held"
	for counter in "${counted_failures[@]}"; do
		found_counted $counter "$(< $debug/$counter)"
	done
}

list_vms()
{
	local vm

	for vm in /sys/kernel/debug/kvm/*-*; do
		[[ ! -d $vm ]] || echo "${vm##*/}"
	done
}

no_vms()
{
	local vm

	for vm in $(list_vms); do
		grep -qx "$vm" /run/vm/abandoned_vms || return 1
	done
}

# unload-stuck leaves something with a card for good
nothing_held()
{
	[[ $(< $debug/interrupts_held) -le $(< /run/vm/abandoned) ]]
}

# found_counted COUNTER NUMBER
found_counted()
{
	[[ $2 -eq ${failures_before[$1]} ]] || echo "ap_sim counted: $(($2 - ${failures_before[$1]})) $1"
	failures_before[$1]=$2
}

# What was counted, or left behind, before the first scenario is not its fault
remember_state()
{
	local counter

	cat $debug/interrupts_held > /run/vm/abandoned 2> /dev/null || echo 0 > /run/vm/abandoned
	list_vms > /run/vm/abandoned_vms

	for counter in "${counted_failures[@]}"; do
		failures_before[$counter]=$(cat $debug/$counter 2> /dev/null || echo 0)
	done
}
