# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Random operations from several processes over all ways into the driver, and what must be true meanwhile.
#
# Each worker is a process that repeats its step. Now and then all of them stop, and the faults of the cards end.
# Then each device must pass on exactly what it should, and each guest see exactly that and be able to use it. Then the
# same after each of some single steps, so that a step that forgot something is found before another one repairs it.

stress_dir=/run/vm/stress
stress_devices=("$A" "$B" "$C")
stress_adapters=(1 5 10)
stress_domains=(4 5 6 0x47)
stress_queues=(01.0004 05.0004 05.0005 05.0006 0a.0004 0a.0005 0a.0047)
stress_steps=30

# stress SECONDS SEED
stress()
{
	local seed=$2 end=$((SECONDS + $1)) name index=0 rounds=0 begun free=3
	local -A pids counted guest_of=()

	stress_count
	rm -rf $stress_dir
	mkdir $stress_dir
	RANDOM=$seed
	exec {ops}> $stress_dir/steps.ops
	stress_prepare
	for name in assign configure life bus cards look guest1 guest2; do
		index=$((index + 1))
		stress_worker $name $((seed + index)) > $stress_dir/$name.log 2>&1 &
		pids[$name]=$!
	done
	while [[ $SECONDS -lt $end ]]; do
		stress_watch $((SECONDS + free < end ? SECONDS + free : end))
		[[ $rounds -eq 0 || $((SECONDS + free)) -le $end ]] || continue
		begun=$SECONDS
		stress_hold
		rounds=$((rounds + 1))
		# a slow machine would do little else, and not end in time
		free=$((SECONDS - begun > 3 ? SECONDS - begun : 3))
	done
	: > $stress_dir/stop
	for name in "${!pids[@]}"; do
		wait "${pids[$name]}" || stress_failed $name
	done
	echo "# $(cat $stress_dir/*.ops | wc -l) operations, held $rounds times"
}

# The knobs, so that the clean-up knows their first values
stress_prepare()
{
	local apqn

	free_queues -1,-5,-10
	change_domains +9
	change_domains -9
	change_control_domains +0x10
	adapter_knob 0a config 1
	set_knob $sim/adapters/0a/live 1
	for apqn in "${stress_queues[@]}"; do
		queue_knob $apqn reset_ms 30
		queue_knob $apqn stuck 0
		queue_knob $apqn aqic_ms 0
		queue_knob $apqn rc_zapq none
		queue_knob $apqn rc_tapq none
	done
}

# stress_failed NAME: shows what the worker said and did last
stress_failed()
{
	tail -n 20 $stress_dir/"$1".log $stress_dir/*.ops
	fail "worker $1 failed"
}

stress_alive()
{
	local name

	for name in "${!pids[@]}"; do
		[[ -d /proc/${pids[$name]} ]] || stress_failed "$name"
	done
	[[ ! -e $stress_dir/failed ]] || stress_failed life
}

# stress_watch DEADLINE: what must be true at any moment
stress_watch()
{
	while [[ $SECONDS -lt $1 ]]; do
		stress_alive
		stress_counted_nothing
		stress_owned_once
		read -rt 0.1 -u "$never" || :
	done
}

# What ap_sim counts of what must never happen
stress_count()
{
	local counter

	for counter in violations premature needless_updates shared_queues; do
		counted[$counter]=$(< $debug/$counter)
	done
}

stress_counted_nothing()
{
	local counter

	for counter in "${!counted[@]}"; do
		is "$(< $debug/$counter)" "${counted[$counter]}" "ap_sim's count of $counter"
	done
}

# A queue has one owner. Files are read one after the other, so what seems to have two is looked at again.
stress_owned_once()
{
	local twice again

	twice=$(stress_owned_twice)
	for again in 1 2 3 4; do
		[[ -n $twice ]] || return 0
		twice=$(comm -12 <(sort <<< "$twice") <(stress_owned_twice | sort))
	done
	[[ -z $twice ]] || fail "queues of two devices: $twice"
}

stress_owned_twice()
{
	awk '/^..\.....$/ && seen[$0]++ == 1' $matrix/*-*-*-*-*/matrix 2> /dev/null || :
}

# All workers stop, all becomes quiet, and then everything must fit
stress_hold()
{
	local name step device

	: > $stress_dir/hold
	for name in "${!pids[@]}"; do
		stress_await_report $name idle
	done
	stress_calm
	for device in "${stress_devices[@]}"; do
		try $create $device
	done
	stress_check first
	for ((step = 0; step < stress_steps; step++)); do
		stress_step
		stress_fits
	done
	stress_check second
	stress_owned_once
	stress_counted_nothing
	rm $stress_dir/*.{idle,first,second} $stress_dir/{first,second,hold}
}

# stress_check first|second: by the guests, of which each says in NAME.has what it has
stress_check()
{
	local name device facility

	guest_of=()
	stress_fits
	: > $stress_dir/$1
	for name in guest1 guest2; do
		stress_await_report $name $1
		read -r device facility < $stress_dir/$name.has || continue
		guest_of[$device]=$facility
	done
	stress_fits
}

# Each device passes on what it should, and the guest that has it gets that
stress_fits()
{
	local device devices=()

	for device in "${stress_devices[@]}"; do
		! stress_is_there $device || devices+=("$device${guest_of[$device]+=${guest_of[$device]}}")
	done
	passes-on ${AWAIT_SECONDS:-60} "${devices[@]}" > $stress_dir/difference || stress_does_not_fit
}

stress_does_not_fit()
{
	cat $stress_dir/difference
	tail -n 20 $stress_dir/*.ops
	fail "a device does not pass on what it should"
}

# One step, after which all must fit
stress_step()
{
	one_of assign assign assign assign configure domain control_domain adapter bus bus bus again remove
	stress_step_$one
}

stress_step_assign()
{
	stress_assign
}

stress_step_configure()
{
	stress_configure
}

# An adapter leaves a guest and comes back, with a card that does not tell how its reset went
stress_step_again()
{
	local device directory=$sim/adapters

	for device in "${!guest_of[@]}"; do
		stress_is_there $device || continue
		[[ $(< $matrix/$device/guest_matrix) =~ ^(..)\.([0-9a-f]{4}) ]] || continue
		directory=$sim/adapters/${BASH_REMATCH[1]}
		set_random_knob $directory/${BASH_REMATCH[2]} "reset_ms 400"
		set_random_knob $directory/${BASH_REMATCH[2]} "rc_tapq 0x42 1"
		try $matrix/$device/unassign_adapter 0x${BASH_REMATCH[1]}
		try $matrix/$device/assign_adapter 0x${BASH_REMATCH[1]}
	done
}

# Of one that a guest has; if the guest does not let go, it gets nothing from then on, whatever comes
stress_step_remove()
{
	local devices=("${!guest_of[@]}")

	((RANDOM % 2 && ${#devices[@]})) || return 0
	one_of "${devices[@]}"
	stress_remove $one
}

stress_step_domain()
{
	stress_host_domain $sim/domains
}

stress_step_control_domain()
{
	stress_host_domain $sim/control_domains
}

# stress_host_domain MASK: the host gets or loses one
stress_host_domain()
{
	local sign

	one_of + -
	sign=$one
	one_of 4 5 6 0x47
	echo "$sign$one > $1" >&$ops
	echo "$sign$one" > "$1"
	try $bus/scans 1
}

stress_step_adapter()
{
	one_of "live 0" "live 1"
	set_random_knob $sim/adapters/0a "$one"
	try $bus/scans 1
}

stress_step_bus()
{
	one_of "${stress_queues[@]}"
	if ((RANDOM % 3)); then
		try $bus/drivers/vfio_ap/unbind $one
	else
		try $bus/drivers/vfio_ap/bind $one
	fi
}

# stress_await_report NAME WHAT: however long its last step takes
stress_await_report()
{
	AWAIT_TRIES=2400 await stress_has_reported "$@"
}

# stress_has_reported NAME WHAT: a condition, for workers that are still there
stress_has_reported()
{
	[[ -e $stress_dir/$1.$2 ]] && return
	[[ -d /proc/${pids[$1]} ]] || stress_failed "$1"
	return 1
}

stress_calm()
{
	local apqn directory

	for apqn in "${stress_queues[@]}"; do
		directory=$sim/adapters/${apqn%%.*}/${apqn#*.}
		echo 0 > $directory/stuck
		echo 30 > $directory/reset_ms
		echo 0 > $directory/aqic_ms
		echo none > $directory/rc_zapq
		echo none > $directory/rc_tapq
	done
	echo +4,+5,+6,+0x47,-9 > $sim/domains
	echo +4,+5,+6,+0x47 > $sim/control_domains
	echo 1 > $sim/adapters/0a/live
	echo 1 > $sim/adapters/0a/config
	scan
	for apqn in /sys/bus/ap/devices/{01,05,0a}.*; do
		[[ -e $apqn/driver ]] || attempt $bus/drivers/vfio_ap/bind "${apqn##*/}"
	done
	scan
}

stress_worker()
{
	set +x
	name=$1
	RANDOM=$2
	exec {ops}> $stress_dir/$name.ops
	while [[ ! -e $stress_dir/stop ]]; do
		if [[ -e $stress_dir/hold ]]; then
			stress_is_held
		else
			stress_${name%[0-9]}
		fi
	done
	[[ $name != guest? ]] || stress_guest_ends
	wait
}

stress_is_held()
{
	: > $stress_dir/$name.idle
	if [[ $name == guest? ]]; then
		stress_is_checked first
		stress_is_checked second
		[[ -z $mine ]] || stress_is_there $mine || stress_guest_release
	fi
	while [[ -e $stress_dir/hold && ! -e $stress_dir/stop ]]; do
		read -rt 0.05 -u "$never" || :
	done
}

# stress_is_checked first|second
stress_is_checked()
{
	AWAIT_TRIES=2400 await test -e $stress_dir/$1
	: > $stress_dir/$name.has
	[[ $1 == second ]] || stress_guest_has_device
	stress_guest_agrees
	stress_guest_was_told $1
	: > $stress_dir/$name.$1
}

# one_of WORD...: in $one
one_of()
{
	one=${*:RANDOM % $# + 1:1}
}

# try PATH DATA: a write that may be refused, but for a known reason
try()
{
	echo "$2 > $1" >&$ops
	attempt "$1" "$2"
	case $errno in
	'' | ENODEV | ENOENT | EACCES | EBUSY | EADDRINUSE | EADDRNOTAVAIL | EEXIST | EAGAIN) ;;
	*) fail "writing '$2' to $1: $errno" ;;
	esac
}

random_device()
{
	one_of "${stress_devices[@]}"
	device=$one
}

stress_assign()
{
	local what

	random_device
	one_of adapter domain domain control_domain
	what=$one
	case $what in
	adapter) one_of "${stress_adapters[@]}" ;;
	*) one_of "${stress_domains[@]}" ;;
	esac
	if ((RANDOM % 2)); then
		try $matrix/$device/assign_$what $one
	else
		try $matrix/$device/unassign_$what $one
	fi
}

# Adapters 1, 5 and 10, domains 4 to 6
stress_configure()
{
	local adapters domains

	random_device
	one_of 0x0 0x4 0x04 0x0020 0x0420 0x4 0x44
	adapters=$one
	one_of 0x0 0x08 0x0c 0x0e 0x04
	domains=$one
	try $matrix/$device/ap_config "$adapters,$domains,$domains"
}

stress_life()
{
	random_device
	if ((RANDOM % 30)); then
		try $create $device
	else
		stress_remove $device
	fi
}

# Its attributes go first when a device is removed, and its directory when the guest has let go
stress_is_there()
{
	[[ -e $matrix/$1/ap_config ]]
}

# It takes until the guest lets go, and a guest may ignore that it was asked to: so wait for the beginning only
# While somebody's create of it is not through, the core refuses (EAGAIN), and the attribute is gone for ever.
stress_remove()
{
	[[ -e $matrix/$1/mdev_type ]] || return 0
	(try $matrix/$1/remove 1) || : > $stress_dir/failed &
	await stress_is_being_removed $1 $!
}

# stress_is_being_removed DEVICE PROCESS: a condition; or could not be
stress_is_being_removed()
{
	! stress_is_there $1 || [[ ! -d /proc/$2 ]]
}

stress_bus()
{
	one_of "${stress_queues[@]}"
	case $((RANDOM % 8)) in
	0 | 1) try $bus/drivers/vfio_ap/unbind $one ;;
	2 | 3) try $bus/drivers/vfio_ap/bind $one ;;
	4) try $bus/aqmask -0x47 && try $bus/aqmask +0x47 ;;
	5) stress_host_domain $sim/control_domains ;;
	6) echo +9 > $sim/domains; stress_host_domain $sim/domains ;;
	7) echo -9 > $sim/domains; try $bus/scans 1 ;;
	esac
}

# set_random_knob DIRECTORY "KNOB VALUE"
set_random_knob()
{
	echo "$*" >&$ops
	echo "${2#* }" > "$1/${2%% *}" || :
}

stress_cards()
{
	local directory

	one_of "${stress_queues[@]}"
	directory=$sim/adapters/${one%%.*}/${one#*.}
	one_of "stuck 1" "stuck 0" "stuck 0" "reset_ms 30" "reset_ms 500" "aqic_ms 50" "aqic_ms 0" "rc_zapq 0x05 3" \
		"rc_tapq 0x42 2" "rc_tapq 0x02 2"
	set_random_knob $directory "$one"
	one_of "live 0" "live 1" "live 1" "config 0" "config 1" "config 1"
	((RANDOM % 4)) || set_random_knob $sim/adapters/0a "$one"
}

stress_look()
{
	echo look >&$ops
	cat $matrix/*-*-*-*-*/{matrix,guest_matrix,control_domains,ap_config} $debug/guests/*/{masks,vcpus} \
		/sys/devices/ap/card{01,05,0a}/*/status $matrix/mdev_supported_types/*/* > /dev/null 2>&1 || :
}

# --- guests; $name is the worker's and the guest's, $mine the device that it has ---

stress_guest()
{
	[[ -n ${guest_pid[$name]-} ]] || stress_guest_starts
	one_of attach attach attach use use use aqic aqic off off hammer reset unmap map zapq device facility vcpu release end
	stress_guest_$one
}

# ask WORD...: its reply may be an error, but no foreign data, and a success is one in each respect
ask()
{
	echo "$*" >&$ops
	ask_guest $name "$@"
	[[ ! $reply =~ \"residues?\":[1-9] ]] || fail "foreign data: $reply"
	[[ ! $reply =~ \"rc\":\"00\",\"cc\":[1-9] ]] || fail "condition code of a success: $reply"
}

# must WORD...: and succeed
must()
{
	ask "$@"
	[[ $reply == *'"ok":true'* ]] || fail "guest $name: $*: $reply"
}

stress_guest_starts()
{
	echo start >&$ops
	one_of "" "" --no-events "--on-request ignore"
	start_guest $name --vcpus 2 $one
	mine=
}

stress_guest_attach()
{
	[[ -z $mine ]] || return 0
	random_device
	stress_guest_attaches $device
}

stress_guest_attaches()
{
	ask attach $1
	[[ $reply != *'"ok":true'* ]] || mine=$1
}

stress_guest_use()
{
	one_of "${stress_queues[@]}"
	ask use $one "$name $RANDOM"
}

stress_guest_aqic()
{
	one_of "${stress_queues[@]}"
	ask on 1 aqic $one $((RANDOM % 7))
}

stress_guest_off()
{
	one_of "${stress_queues[@]}"
	ask aqic $one off
}

stress_guest_zapq()
{
	one_of "${stress_queues[@]}"
	ask zapq $one
}

stress_guest_hammer()
{
	ask hammer 1
}

stress_guest_reset()
{
	[[ -z $mine ]] || ask reset $mine
}

stress_guest_unmap()
{
	[[ -z $mine ]] || ask unmap $mine
}

stress_guest_map()
{
	[[ -z $mine ]] || ask map $mine
}

stress_guest_device()
{
	[[ -n $mine ]] || return 0
	ask close device $mine
	ask open device $mine
}

stress_guest_facility()
{
	ask close facility
	ask open facility
}

stress_guest_vcpu()
{
	ask get-vcpu 0
	ask set-vcpu 1 aiv apie
}

stress_guest_release()
{
	[[ -z $mine ]] || ask release $mine
	mine=
}

stress_guest_end()
{
	echo end >&$ops
	case $((RANDOM % 3)) in
	0) stop_guest $name ;;
	1) kill_guest $name ;;
	2)
		tell_guest $name hammer 30 '&'
		kill_guest $name
		;;
	esac
}

stress_guest_ends()
{
	[[ -z ${guest_pid[$name]-} ]] || stop_guest $name
}

# A guest without a device would not show much, and one device is all that it may have
stress_guest_has_device()
{
	local device

	[[ -n ${guest_pid[$name]-} ]] || stress_guest_starts
	ask open facility
	for device in "${stress_devices[@]}"; do
		[[ -n $mine ]] || stress_guest_attaches $device
	done
	[[ -n $mine ]] || return 0
	ask open device $mine
	[[ $reply == *'"ok":true'* ]] || return 0
	for device in "${stress_devices[@]}"; do
		[[ $device != "$mine" ]] || continue
		ask attach $device
		[[ $reply != *'"ok":true'* ]] || fail "$name has $mine and got $device, too"
	done
}

# With all else at rest the guest sees what its device has, and can use it, or nothing if the device was taken away
stress_guest_agrees()
{
	ask open facility
	if [[ -n $mine ]]; then
		ask open device $mine
		[[ $reply == *'"ok":true'* ]] || mine=
	fi
	if [[ -n $mine ]] && stress_is_there $mine; then
		await stress_sees_all
		stress_guest_is_served
		echo "$mine $(facility $name)" > $stress_dir/$name.has
	else
		sees $name ""
	fi
}

# The first queue that it has works, and interrupts by a subclass that is used here only
stress_guest_is_served()
{
	local apqn text="is $name served? $RANDOM"

	apqn=$(answer queues)
	apqn=${apqn%% *}
	[[ -n $apqn ]] || return 0
	ask map $mine
	# on a slow machine it may not be verified in time, and the queue comes back later
	await can $name reset $mine
	await stress_sees_all
	must aqic $apqn 7
	must send $apqn $text
	must await-irq 7
	must receive $apqn
	is "$(answer received)" "$text" "what $name received"
	must aqic $apqn off
}

# stress_guest_was_told first|second: between the two, of each change of its masks, and of nobody else's. That its device
# is being removed is told in any case.
stress_guest_was_told()
{
	local changes

	changes=$(updates $name)
	must changes
	if [[ $1 == second ]]; then
		changes=$((changes - updated))
		[[ -z $had ]] || stress_is_there $had || changes=$((changes + 1))
		[[ $(answer changes) -le $((told + changes)) ]] ||
			fail "$name was told of more than $changes changes of its masks: $reply, before: $told"
	fi
	told=$(answer changes)
	updated=$changes
	had=$mine
}

stress_sees_all()
{
	local text

	text=$(in_one_line $matrix/$mine/guest_matrix)
	[[ $text =~ [0-9a-f]\.[0-9a-f] ]] || text=
	finds $name "$text"
}
