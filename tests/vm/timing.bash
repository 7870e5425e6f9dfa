# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Words about how long something takes. A scenario sets `steps`, a list of commands, calls measure_idle, and
# later not_slower as often as it likes.

declare -A idle

# timed COMMAND...: in milliseconds, in $took
timed()
{
	local started=${EPOCHREALTIME/./}

	"$@" > /dev/null
	took=$(((${EPOCHREALTIME/./} - started) / 1000))
}

# What waits for nobody: by how much longer it takes than when idle the machine itself is slower
reference()
{
	local i

	for i in 1 2 3 4 5; do
		cat /proc/self/status
	done
}

# The longest of two rounds
measure_idle()
{
	local step round

	for round in 1 2; do
		for step in reference "${steps[@]}"; do
			timed $step
			[[ $took -le ${idle[$step]-0} ]] || idle[$step]=$took
		done
	done
}

# not_slower WHEN: each step takes less than 100 ms more than when idle. The emulated machine itself is slow at times:
# the best of up to six rounds counts, and idle is what it would have been on a machine that is as slow in all of them. Who
# waits for somebody else's hardware waits for seconds, in each round.
not_slower()
{
	local -A best
	local step round slow

	for round in {1..6}; do
		for step in reference "${steps[@]}"; do
			timed $step
			[[ $took -ge ${best[$step]-999999} ]] || best[$step]=$took
		done
		slow=$(slow_steps)
		[[ -n $slow ]] || return 0
	done
	fail "$1: $slow"
}

# On the debug kernel a step takes hundreds of milliseconds of processor time, and whoever is busy beside it has half of
# the one processor: there, a step may take twice its time as well.
slow_steps()
{
	local step factor=1 expected slowness=${best[reference]}

	[[ ! -e /proc/lockdep_stats ]] || factor=2
	[[ $slowness -ge ${idle[reference]} ]] || slowness=${idle[reference]}
	for step in "${steps[@]}"; do
		expected=$((${idle[$step]} * slowness / ${idle[reference]}))
		[[ ${best[$step]} -lt $((factor * expected + 100)) ]] ||
			echo "$step took ${best[$step]} ms, when idle ${idle[$step]} ms, $expected ms on a machine as slow as now"
	done
}
