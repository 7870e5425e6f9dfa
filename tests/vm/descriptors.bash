# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Words for processes that do with descriptors what they are told (descriptors.c), for orders that no VMM would keep to.

declare -A process_pid process_in process_out

# start_process NAME
start_process()
{
	process_pipes "$1"
	descriptors < "/run/vm/$1.in" > "/run/vm/$1.out" 2> "/run/vm/$1.err" &
	process_pid[$1]=$!
	open_process "$1"
}

# fork_process NAME CHILD: which has all descriptors, too
fork_process()
{
	process_pipes "$2"
	echo "fork /run/vm/$2.in /run/vm/$2.out" >&"${process_in[$1]}"
	open_process "$2"
	read_answer "$1"
	process_pid[$2]=${reply##* }
	read_answer "$2"
}

process_pipes()
{
	rm -f /run/vm/"$1".{in,out}
	mkfifo "/run/vm/$1.in" "/run/vm/$1.out"
}

open_process()
{
	local in out

	exec {in}> "/run/vm/$1.in" {out}< "/run/vm/$1.out"
	process_in[$1]=$in
	process_out[$1]=$out
}

# read_answer NAME: in $reply
read_answer()
{
	read -rt "${AWAIT_SECONDS:-240}" reply <&"${process_out[$1]}" || fail "process $1 does not answer"
	reply=${reply% }
}

# ask_process NAME COMMAND...: its answer in $reply
ask_process()
{
	echo "${*:2}" >&"${process_in[$1]}"
	read_answer "$1"
}

# process NAME COMMAND...: must succeed
process()
{
	ask_process "$@"
	like "$reply" "$2 ok*" "process $*"
}

# answers TEXT NAME COMMAND...: must succeed, with this answer
answers()
{
	process "${@:2}"
	is "${reply#"$3" ok }" "$1" "process ${*:2}"
}

# process_fails ERRNO NAME COMMAND...
process_fails()
{
	ask_process "${@:2}"
	is "$reply" "$3 $1" "process ${*:2}"
}

# kill_process NAME
kill_process()
{
	kill -KILL "${process_pid[$1]}"
	await process_ended "$1"
}

# Nobody may have waited for a child yet
process_ended()
{
	[[ ! -d /proc/${process_pid[$1]} ]] || grep -q '^State:.Z' "/proc/${process_pid[$1]}/status"
}

# start_machine NAME UUID: a process with a VM "vm" with 1 MiB of memory, its "kvm-vfio" and "facility", the "device", its
# "group" and "container"
start_machine()
{
	start_process "$1"
	process "$1" open container /dev/vfio/vfio
	process "$1" group group "$2"
	process "$1" container group container
	process "$1" iommu container
	make_vm "$1" vm
	process "$1" kvm-vfio kvm-vfio vm
	process "$1" add kvm-vfio group
	process "$1" facility facility vm
	process "$1" device device group "$2"
	process "$1" map container 0 0 0x100000
}

# make_vm PROCESS NAME
make_vm()
{
	process "$1" vm "$2"
	process "$1" slot "$2" 0 0 0x100000 0
	process "$1" vcpu "$2-vcpu" "$2" 0
}
