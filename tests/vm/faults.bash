# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Words for faults: the program fail-nth repeats an operation while the kernel fails, and these prepare the kernel
# for it.

fault_kinds=(failslab fail_page_alloc fail_usercopy fail_function)

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
}

# may_fail FUNCTION ERRNO: a function of the driver that is one of the possible faults from now on
may_fail()
{
	echo "$1" > $debugfs/fail_function/inject
	printf '%#x' "-$2" > "$debugfs/fail_function/$1/retval"
}

# sweep OPERATION...: of which no fault may change what $same (an array) lists
sweep()
{
	sparse_sweep 1 "$@"
}

# sparse_sweep N OPERATION...: each Nth fault, beginning with a random one.  FAULTS=all is for those who have time.
# /run/vm/sweeps tells how many there were.
sparse_sweep()
{
	local every=$1 options=() path begun=$SECONDS

	shift
	[[ ${FAULTS-} != all ]] || every=1
	for path in "${same[@]}"; do
		options+=(--same "$path")
	done
	fail-nth "${options[@]}" --every $every --from $((RANDOM % every + 1)) -- "$@" > /run/vm/sweep ||
		fail "sweep $*"
	echo "$((SECONDS - begun)) s: $* $(< /run/vm/sweep)" >> /run/vm/sweeps
}
