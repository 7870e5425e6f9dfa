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
	spare_refills
}

# may_fail FUNCTION [ERRNO]: a function of the driver that is one of the possible faults from now on; without ERRNO it is
# one that says whether it failed
may_fail()
{
	echo "$1" > $debugfs/fail_function/inject
	[[ $# -gt 1 ]] || return 0
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

# Nor are the pages that allocations are made of, or that KASAN keeps their stacks in (slub.c to kasan/): one is asked for
# now and then, which would move the number of each later fault, and one of those would be left out. So what kmalloc takes
# in whole pages (more than 8 kB) does not fail either: nothing of vfio_ap, and of ap_sim what kvmalloc would get elsewhere.
spare_refills()
{
	limit reject allocate_slab kasan_save_stack fail_page_alloc
}

# spare FUNCTION: whatever the kernel allocates in or below this function of its own is none of the possible faults
spare()
{
	limit reject "$1" "$1" failslab
}

# only_below FUNCTION: the possible faults are what happens in or below this function of the kernel's own
only_below()
{
	limit require "$1" "$1" failslab fail_page_alloc fail_usercopy
}

# limit reject|require FIRST LAST KIND...: by the functions that are being executed
limit()
{
	local begin end kind

	read -r begin end < <(code_of "$2" "$3") || fail "this kernel has no functions from $2 to $3"
	for kind in "${@:4}"; do
		set_knob "$debugfs/$kind/$1-start" "$begin"
		set_knob "$debugfs/$kind/$1-end" "$end"
	done
}

# code_of FIRST LAST: the address of a function, and that of what comes behind another one, or the same
code_of()
{
	awk -v first="$1" -v last="$2" '
		end && $1 != end { print "0x" begin, "0x" $1; exit }
		$3 == first { begin = $1 }
		$3 == last && begin { end = $1 }' /proc/kallsyms
}

# sweep OPERATION...: of which no fault may change what $same (an array) lists.  If it succeeds in spite of one, what
# $may_lack lists need not be as it is without one.  Nor may a scenario with sweeps have lost memory when it ends.
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
	[[ -e $watched_since ]] || watch_for_leaks
	[[ ${FAULTS-} != all ]] || every=1
	for path in "${same[@]}"; do
		options+=(--same "$path")
	done
	for path in "${may_lack[@]}"; do
		options+=(--may-lack "$path")
	done
	fail-nth "${options[@]}" --every $every --from $((1 + RANDOM % every)) -- "$@" > /run/vm/sweep ||
		fail "sweep $*"
	echo "$((SECONDS - begun)) s: $* $(< /run/vm/sweep)" >> /run/vm/sweeps
}

# parameters_of MODULE: those that modprobe would give it
parameters_of()
{
	modprobe --show-depends "$1" | sed -n "s:^insmod .*/$1[.]ko *::p"
}
