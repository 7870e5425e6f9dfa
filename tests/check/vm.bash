# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The scenarios, in one boot of the lab per kernel. The debug kernel takes longer than the others together, so two
# machines share its scenarios: one of them is there from the start, the other one comes when the stock kernels are done.
# Both count which lines of the driver they execute.

shared=$logs/vm-debug

begin_vm()
{
	two_machines || return 0
	rm -rf "$shared"
	mkdir "$shared"
	in_background vm-debug scenarios_on debug gcov-1
}

check_vm()
{
	local kernel

	for kernel in "${kernels[@]}"; do
		[[ $kernel == debug ]] || from_tap "$kernel" "$logs/vm-$kernel.log" scenarios_on "$kernel"
	done
	if two_machines; then
		from_tap debug "$logs/vm-debug-2.log" scenarios_on debug gcov-2
		from_tap debug "$logs/vm-debug.log" follow vm-debug
		driver_covered
	elif on_debug_kernel; then
		from_tap debug "$logs/vm-debug.log" scenarios_on debug
	fi
}

two_machines()
{
	on_debug_kernel && [[ ${#scenarios[@]} -eq 0 ]]
}

# scenarios_on KERNEL [COUNTERS]: with COUNTERS, one of those that share the scenarios
scenarios_on()
{
	local words options=() claim=''

	words=$(printf " '%s'" "${scenarios[@]}" | sed "s/^ ''$//")
	if [[ -n ${2-} ]]; then
		options=(--out "$shared")
		claim=' --claim /run/lab/out'
	fi
	VFIOAP_GCOV=${2-} ./lab exec --kernel "$1" --timeout 10800 "${options[@]}" -- \
		"VFIOAP_BUILD='$build' tests/vm/run$claim$words"
}

# Only all scenarios together can be expected to execute everything
driver_covered()
{
	step "debug: the scenarios execute kmod/vfio_ap" "$logs/coverage.log" tests/check/coverage "$shared"
	sed -n 's/^\(\S* .* %\)$/# \1/p' "$logs/coverage.log"
}
