#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# scenario.bash FILE: runs one scenario with the words it is written in.  A scenario is a list of commands; the
# first that fails ends it.
#
# Status 77 from `skip` means that this kernel lacks what the scenario is about.

exec {never}<> <(:)
set -eEu -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/kernel-log.bash"
. "$here/attributes.bash"
. "$here/uevents.bash"
. "$here/topology.bash"
. "$here/guest.bash"
. "$here/descriptors.bash"
. "$here/command.bash"
. "$here/pause.bash"
. "$here/timing.bash"
. "$here/leaks.bash"
. "$here/faults.bash"

trap 'echo "${BASH_SOURCE[0]##*/}:$LINENO: failed: $BASH_COMMAND"' ERR

skip()
{
	echo "$*"
	exit 77
}

fail()
{
	{ set +x; } 2> /dev/null
	local frame=0

	# the line of the scenario, not of the word that it used
	while [[ ${BASH_SOURCE[frame]} != "$scenario" && $frame -lt $((${#BASH_SOURCE[@]} - 1)) ]]; do
		frame=$((frame + 1))
	done
	trap - ERR
	echo "${scenario##*/}:${BASH_LINENO[frame - 1]}: $*"
	exit 1
}

# is ACTUAL EXPECTED [WHAT]
is()
{
	[[ $1 == "$2" ]] && return
	fail "${3:+$3: }expected '$2', found '$1'"
}

# like ACTUAL PATTERN [WHAT]
like()
{
	# shellcheck disable=SC2053 # a pattern
	[[ $1 == $2 ]] && return
	fail "${3:+$3: }expected something like '$2', found '$1'"
}

# await CONDITION...: runs a command until it succeeds.  The scenario's own time limit ends it too.
await()
{
	local tries=${AWAIT_TRIES:-600}

	until "$@" 2>/dev/null; do
		tries=$((tries - 1))
		[[ $tries -gt 0 ]] || fail "waited in vain for: $*"
		read -rt 0.05 -u "$never" || :
	done
}

# fails COMMAND...: the command must fail
fails()
{
	if "$@"; then
		fail "succeeded: $*"
	fi
}

# logged PATTERN: the kernel said something that matches this extended regular expression
logged()
{
	[[ $(lines_logged "$1") -gt 0 ]] || fail "the kernel did not say: $1"
}

# lines_logged PATTERN
lines_logged()
{
	kernel_said | grep -E -c -- "$1" || :
}

scenario=$1
# the last steps before a failure; see run
exec {BASH_XTRACEFD}> /run/vm/trace
PS4='+ ${BASH_SOURCE[0]##*/}:$LINENO: '
set -x
. "$scenario"
