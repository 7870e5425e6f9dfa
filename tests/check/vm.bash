# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The scenarios, in one boot of the lab per kernel

check_vm()
{
	local kernel

	for kernel in "${kernels[@]}"; do
		from_tap "$kernel" "$logs/vm-$kernel.log" \
			./lab exec --kernel "$kernel" --timeout 3600 -- \
			"VFIOAP_BUILD='$build' tests/vm/run$(printf " '%s'" "${scenarios[@]}" | sed "s/^ ''$//")"
	done
}
