# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The scenarios, in one boot of the lab per kernel. The debug kernel takes as long as the others
# together, and each machine is one thread: it runs beside them and is reported last.

check_vm()
{
	local kernel tap=$logs/vm-debug.tap debug_pid=

	for kernel in "${kernels[@]}"; do
		if [[ $kernel == debug ]]; then
			: > "$tap"
			(scenarios_on debug > "$tap" 2>&1 < /dev/null; echo $? > "$tap.status") &
			debug_pid=$!
		fi
	done
	for kernel in "${kernels[@]}"; do
		[[ $kernel == debug ]] || from_tap "$kernel" "$logs/vm-$kernel.log" scenarios_on "$kernel"
	done
	[[ -z $debug_pid ]] || from_tap debug "$logs/vm-debug.log" follow "$debug_pid" "$tap"
}

scenarios_on()
{
	./lab exec --kernel "$1" --timeout 3600 -- \
		"VFIOAP_BUILD='$build' tests/vm/run$(printf " '%s'" "${scenarios[@]}" | sed "s/^ ''$//")"
}

# follow PID TAP: what the background process PID prints, and its status
follow()
{
	tail -n +1 -f --pid="$1" "$2"
	return "$(< "$2.status")"
}
