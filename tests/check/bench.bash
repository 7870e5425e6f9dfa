# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Measurements: only when asked for, on a machine that does nothing else

check_bench()
{
	from_tap bench "$logs/bench.log" \
		./lab exec --kernel 6.12 --timeout 3600 --memory 3G -- "VFIOAP_BUILD='$build' tests/bench/run start queues apply list mdevctl devices large"
}
