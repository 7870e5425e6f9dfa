# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Words for vfioap-ctl: run it, look at its document and its exit status.

# ctl STATUS WORD...: with --json; exactly one document, and its error fits the exit status
ctl()
{
	local expected=$1 status=0 fine

	shift
	vfioap-ctl --json "$@" > /run/vm/document 2> /run/vm/messages || status=$?
	# one jq for all: on the debug kernel, to start a program takes a tenth of a second and more
	fine=$(jq -s 'if length == 1 and (.[0] | has("schema_version") and has("command") and has("changed") and
		has("dry_run") and has("data") and has("warnings") and has("error")) then .[0].error == null
		else empty end' /run/vm/document) || :
	[[ -n $fine ]] || fail "vfioap-ctl $*: not the one document: $(< /run/vm/document)"
	[[ $status -eq $expected ]] ||
		fail "vfioap-ctl $*: status $status, expected $expected: $(jq -c .error /run/vm/document)"
	is "$fine" "$([[ $status -eq 0 ]] && echo true || echo false)" "vfioap-ctl $*: whether there is no error"
}

# json FILTER TEXT: of the last document, one value a line, compact
json()
{
	local found

	found=$(jq -c -r "$1" /run/vm/document)
	[[ $found == "$2" ]] || is "$found" "$2" "$1 of $(jq -c .command /run/vm/document)"
}

# says STATUS PATTERN WORD...: as text; the pattern is what it says on standard output or standard error
says()
{
	local expected=$1 pattern=$2 status=0

	shift 2
	vfioap-ctl "$@" > /run/vm/messages 2>&1 || status=$?
	is "$status" "$expected" "vfioap-ctl $*: exit status"
	like "$(< /run/vm/messages)" "$pattern" "vfioap-ctl $*"
}

# steps WORD...: how many steps the command would take
steps()
{
	vfioap-ctl --json --dry-run "$@" 2> /dev/null | jq '.data.steps | length'
}

# writes WORD...: how many of them are about the kernel, and not about what is stored
writes()
{
	vfioap-ctl --json --dry-run "$@" 2> /dev/null |
		jq '[.data.steps[] | select(.path == null or (.path | startswith("/sys/")))] | length'
}

# faulty FAULT NUMBER WORD...: with that fault at its write with that number (see write-fault.c); sets $status
faulty()
{
	local fault=$1 number=$2

	shift 2
	rm -f /run/vm/faults
	status=0
	LD_PRELOAD=write-fault.so LD_LIBRARY_PATH=$programs/vm WRITE_FAULT="$number $fault" \
		WRITE_FAULT_LOG=/run/vm/faults vfioap-ctl --json "$@" > /run/vm/document 2> /run/vm/messages || status=$?
	[[ -s /run/vm/faults ]] || fail "vfioap-ctl $*: there was no write number $number"
}

# untouched_by WORD...: whichever of its writes fails, or is not done though it seems so, the command says so, and
# whole_state, of the scenario, says the same as before
untouched_by()
{
	local before fault number

	before=$(whole_state)
	for number in $(seq "$(writes "$@")"); do
		for fault in EIO lie; do
			faulty $fault "$number" "$@"
			is "$status" 1 "vfioap-ctl $*: exit status with $fault at write $number"
			json '[.changed, .error.code, .data.before == .data.after, (.error.operation | type)]' \
				'[false,"io",true,"string"]'
			is "$(whole_state)" "$before" "state after vfioap-ctl $* with $fault at write $number"
		done
	done
}
