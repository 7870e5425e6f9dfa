# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Measurements; they fail where a bound is broken

check_bench()
{
	from_tap bench "$logs/bench.log" tests/bench/run
}
