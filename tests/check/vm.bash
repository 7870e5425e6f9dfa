# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The scenarios, in one boot of the lab per kernel

begin_vm()
{
	! on_debug_kernel || in_background vm-debug scenarios_on debug
}

check_vm()
{
	local kernel

	for kernel in "${kernels[@]}"; do
		[[ $kernel == debug ]] || from_tap "$kernel" "$logs/vm-$kernel.log" scenarios_on "$kernel"
	done
	! on_debug_kernel || from_tap debug "$logs/vm-debug.log" follow vm-debug
}

scenarios_on()
{
	./lab exec --kernel "$1" --timeout 3600 -- \
		"VFIOAP_BUILD='$build' tests/vm/run$(printf " '%s'" "${scenarios[@]}" | sed "s/^ ''$//")"
}
