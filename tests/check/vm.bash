# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The scenarios, in one boot of the lab per kernel. The debug kernel takes longer than the others together, so two
# machines share its scenarios: one of them is there from the start, the other one comes when the stock kernels are done.
# Both count which lines of the driver they execute.

counters=("$logs/gcov-1" "$logs/gcov-2")

begin_vm()
{
	! two_machines || in_background vm-debug scenarios_on debug 1,2,3/4 "${counters[0]}"
}

check_vm()
{
	local kernel

	for kernel in "${kernels[@]}"; do
		[[ $kernel == debug ]] || from_tap "$kernel" "$logs/vm-$kernel.log" scenarios_on "$kernel" 1/1
	done
	if two_machines; then
		from_tap debug "$logs/vm-debug-2.log" scenarios_on debug 4/4 "${counters[1]}"
		from_tap debug "$logs/vm-debug.log" follow vm-debug
		driver_covered
	elif on_debug_kernel; then
		from_tap debug "$logs/vm-debug.log" scenarios_on debug 1/1
	fi
}

two_machines()
{
	on_debug_kernel && [[ ${#scenarios[@]} -eq 0 ]]
}

# scenarios_on KERNEL SHARE [COUNTERS]: the directory for the coverage counters, if they are wanted
scenarios_on()
{
	local words options=()

	words=$(printf " '%s'" "${scenarios[@]}" | sed "s/^ ''$//")
	if [[ -n ${3-} ]]; then
		rm -rf "$3"
		options=(--out "$3")
	fi
	VFIOAP_GCOV=${3:+1} ./lab exec --kernel "$1" --timeout 3600 "${options[@]}" -- \
		"VFIOAP_BUILD='$build' tests/vm/run --share $2$words"
}

# Only all scenarios together can be expected to execute everything
driver_covered()
{
	step "debug: the scenarios execute kmod/vfio_ap" "$logs/coverage.log" tests/check/coverage "${counters[@]}"
	sed -n 's/^\(\S* .* %\)$/# \1/p' "$logs/coverage.log"
}
