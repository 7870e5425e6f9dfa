# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The words that the tests of the command are written in. A test fabricates a
# host, runs the command on it, and looks at what came out. Every JSON document
# that it sees is validated against its schema when the test ends.
#
# From CMake: VFIOAP_CTL (the program), VFIOAP_SCHEMAS (directory of schemas).

set -eu
unset NO_COLOR POSIXLY_CORRECT
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
root=$work/root
status=0
document=0
failed=0

finish() {
	local rc=$?

	if [[ $rc -eq 0 ]]; then
		validate || rc=1
	fi
	rm -rf "$work"
	exit "$((rc ? rc : failed))"
}
trap finish EXIT

# fabricate [OPTION...]: a new host for the commands that follow
fabricate() {
	rm -rf "$root"
	"$here/fabricate-sysfs" "$root" "$@"
}

# ctl WORD...: run the command; its output is in $out and $err, its exit status in $status
ctl() {
	status=0
	"$VFIOAP_CTL" --root "$root" "$@" > "$work/out" 2> "$work/err" < /dev/null || status=$?
	out=$(< "$work/out")
	err=$(< "$work/err")
	command_line="vfioap-ctl $*"
	[[ " $* " != *' --json '* ]] || keep_document
}

# Two documents, or half of one, fail when it is validated.
keep_document() {
	local schema=no-command

	[[ ! $out =~ \"command\":\ ?\"([a-z\ ]+)\" ]] || schema=${BASH_REMATCH[1]// /-}
	[[ -d $work/documents/$schema ]] || mkdir -p "$work/documents/$schema"
	document=$((document + 1))
	printf '%s\n' "$out" > "$work/documents/$schema/$document.json"
}

validate() {
	local directory file instances rc=0

	for directory in "$work"/documents/*; do
		[[ -d $directory ]] || continue
		instances=()
		for file in "$directory"/*.json; do instances+=(-i "$file"); done
		python3 -W ignore -m jsonschema "${instances[@]}" \
			"$VFIOAP_SCHEMAS/${directory##*/}.json" >&2 || rc=1
	done
	return "$rc"
}

fail() {
	local frame=0

	while [[ ${BASH_SOURCE[frame]} == */cli.bash ]]; do frame=$((frame + 1)); done
	echo "${BASH_SOURCE[frame]##*/}:${BASH_LINENO[frame - 1]}: $*"
	echo "  after: ${command_line-}"
	echo "  exit status: $status"
	sed 's/^/  stdout: /' "$work/out" 2>/dev/null | head -40
	sed 's/^/  stderr: /' "$work/err" 2>/dev/null | head -20
	failed=1
}

# exits STATUS
exits() {
	[[ $status -eq $1 ]] || fail "exit status $status instead of $1"
}

# is ACTUAL EXPECTED
is() {
	[[ $1 == "$2" ]] || fail "expected '$2', found '$1'"
}

# like TEXT PATTERN
like() {
	# shellcheck disable=SC2053 # a pattern
	[[ $1 == $2 ]] || fail "expected something like '$2', found '$1'"
}

# json FILTER EXPECTED: what the filter makes of the document
json() {
	local actual

	actual=$(jq -c -r "$1" "$work/out" 2>&1) || true
	is "$actual" "$2"
}

# tree: everything below the root, to see that nothing was written
tree() {
	(cd "$root" && find . -type f -print0 | sort -z | xargs -0 md5sum)
}
