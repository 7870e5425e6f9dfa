# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The scenarios, in one boot of the lab per kernel. The debug kernel takes longer than the others together, so two
# machines share its scenarios: one of them is there from the start, the other one comes when the stock kernels are done.

begin_vm()
{
	! two_machines || in_background vm-debug scenarios_on debug 1,2,3/4
}

check_vm()
{
	local kernel

	for kernel in "${kernels[@]}"; do
		[[ $kernel == debug ]] || from_tap "$kernel" "$logs/vm-$kernel.log" scenarios_on "$kernel" 1/1
	done
	if two_machines; then
		from_tap debug "$logs/vm-debug-2.log" scenarios_on debug 4/4
		from_tap debug "$logs/vm-debug.log" follow vm-debug
	elif on_debug_kernel; then
		from_tap debug "$logs/vm-debug.log" scenarios_on debug 1/1
	fi
}

two_machines()
{
	on_debug_kernel && [[ ${#scenarios[@]} -eq 0 ]]
}

# scenarios_on KERNEL SHARE
scenarios_on()
{
	local words

	words=$(printf " '%s'" "${scenarios[@]}" | sed "s/^ ''$//")
	./lab exec --kernel "$1" --timeout 3600 -- "VFIOAP_BUILD='$build' tests/vm/run --share $2$words"
}
