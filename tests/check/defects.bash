# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Tests that can fail: with each historical defect brought back, the scenario that names it must fail. That it
# does not fail without the defect is what vm shows.

check_defects()
{
	local kernel

	for kernel in "${kernels[@]}"; do
		caught_on "$kernel"
	done
}

caught_on()
{
	local id scenario

	while read -r id scenario; do
		caught_alone "$1" "$id" "$scenario"
	done < <(defects_of "$1" alone)
	[[ -z $(defects_of "$1" together) ]] ||
		from_tap "$1" "$logs/defects-$1.log" caught_together "$1"
}

# defects_of KERNEL alone|together: lines with identifier and scenario
defects_of()
{
	awk -v kernel="$1" -v how="$2" '$2 == kernel && $3 == how { print $1, $4 }' tests/vm/defects
}

# One boot for all. The kernel may well complain, and the machine then ends with 99.
caught_together()
{
	local status

	VFIOAP_DEFECTS=1 ./lab exec --kernel "$1" --timeout 7200 --append kasan_multi_shot -- \
		"VFIOAP_BUILD='$build' tests/vm/catch $(defects_of "$1" together | tr ' \n' ': ')"
	status=$?
	[[ $status -eq 99 ]] || return $status
}

# caught_alone KERNEL ID SCENARIO: in a machine of its own, since it may not survive
caught_alone()
{
	local log=$logs/defects-$2.log begun=$SECONDS status

	VFIOAP_DEFECTS=1 ./lab exec --kernel "$1" --timeout 900 -- "VFIOAP_BUILD='$build' tests/vm/catch $2:$3" \
		> "$log" 2>&1 < /dev/null
	status=$?
	if grep -q '^ok 1 - ' "$log" || [[ $status -eq 99 && $(grep -c '^not ok ' "$log") -eq 0 ]]; then
		pass "$1: $2 is caught by $3 ($((SECONDS - begun)) s)"
	else
		not_ok "$1: $2 is not caught by $3 (status $status, log: $log)" "$log"
	fi
}
