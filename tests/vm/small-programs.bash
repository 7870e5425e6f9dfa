# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# To start a program is expensive on the debug kernel: half a second for a grep that maps its shared libraries, a
# tenth of one for busybox, which has none. It is the same with bash and each of its subshells: hence bash-static.

small_programs='awk cat cmp cp cut grep head ln mkdir mkfifo mv readlink rm rmdir sed seq sleep sort tac tail touch
	tr true uniq wc'

# link_small_programs DIRECTORY
link_small_programs()
{
	local name

	mkdir -p "$1"
	for name in $small_programs; do
		busybox ln -sf /bin/busybox "$1/$name"
	done
}
