# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Words for faults: the program fail-nth repeats an operation while the kernel fails, and these prepare the kernel
# for it.

fault_kinds=(failslab fail_page_alloc fail_usercopy fail_function)
may_lack=()

# Needs the debug kernel
allow_faults()
{
	local kind

	[[ -e /proc/self/fail-nth ]] || skip "this kernel has no fault injection"
	for kind in "${fault_kinds[@]}"; do
		set_knob $debugfs/$kind/verbose 0
	done
	set_knob $debugfs/failslab/ignore-gfp-wait N
	set_knob $debugfs/fail_page_alloc/ignore-gfp-wait N
	set_knob $debugfs/fail_page_alloc/ignore-gfp-highmem N
	set_knob $debugfs/fail_page_alloc/min-order 0
	echo "$debugfs/fail_function/inject" >> $undo
	spare_debugging
}

# may_fail FUNCTION ERRNO: a function of the driver that is one of the possible faults from now on
may_fail()
{
	echo "$1" > $debugfs/fail_function/inject
	printf '%#x' "-$2" > "$debugfs/fail_function/$1/retval"
}

# The allocations of the debugging are none of the possible faults: kmemleak makes one for each that the kernel makes, and
# nothing depends on it
spare_debugging()
{
	local cache

	for cache in /sys/kernel/slab/*; do
		case ${cache##*/} in
		kmemleak_* | debug_objects_cache) ;;
		*) echo 1 > "$cache/failslab" ;;
		esac
	done
	set_knob $debugfs/failslab/cache-filter Y
}

# spare FUNCTION: whatever the kernel allocates in or below this function of its own is none of the possible faults
spare()
{
	local begin end kind

	read -r begin end < <(code_of "$1") || fail "this kernel has no function $1"
	for kind in failslab fail_page_alloc; do
		set_knob $debugfs/$kind/reject-start "$begin"
		set_knob $debugfs/$kind/reject-end "$end"
	done
}

# code_of FUNCTION: its address, and that of what comes behind it
code_of()
{
	awk -v name="$1" '
		begin && $1 != begin { print "0x" begin, "0x" $1; exit }
		$3 == name { begin = $1 }' /proc/kallsyms
}

# sweep OPERATION...: of which no fault may change what $same (an array) lists.  If it succeeds in spite of one, what
# $may_lack lists need not be as it is without one.  Nor may a scenario with sweeps have lost memory when it ends.
sweep()
{
	sparse_sweep 1 "$@"
}

# possible_faults OPERATION...: how many there are until it is done, or refused
possible_faults()
{
	fail-nth --count -- "$@"
}

# sparse_sweep N OPERATION...: each Nth fault, beginning with a random one.  FAULTS=all is for those who have time.
# /run/vm/sweeps tells how many there were.
sparse_sweep()
{
	sweep_from 1 "$@"
}

# sweep_from FIRST N OPERATION...: the same from a fault between FIRST and FIRST + N - 1 on
sweep_from()
{
	local first=$1 every=$2 options=() path begun=$SECONDS

	shift 2
	[[ -e $watched_since ]] || watch_for_leaks
	[[ ${FAULTS-} != all ]] || every=1
	for path in "${same[@]}"; do
		options+=(--same "$path")
	done
	for path in "${may_lack[@]}"; do
		options+=(--may-lack "$path")
	done
	fail-nth "${options[@]}" --every $every --from $((first + RANDOM % every)) -- "$@" > /run/vm/sweep ||
		fail "sweep $*"
	echo "$((SECONDS - begun)) s: $* $(< /run/vm/sweep)" >> /run/vm/sweeps
}
