# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Words for guests: each is a vfioap-vmm that gets commands and answers in JSON.

declare -A guest_pid guest_in guest_out

# start_guest NAME [OPTION...]: NAME is the name of the guest, not of the device
start_guest()
{
	launch_guest "$@"
	await_event "$1" '"event":"ready"'
}

# launch_guest NAME [OPTION...]: the same without waiting until it is up
launch_guest()
{
	local name=$1 in out

	shift
	rm -f /run/vm/"$name".*
	mkfifo "/run/vm/$name.in" "/run/vm/$name.out"
	vfioap-vmm --name "$name" "$@" < "/run/vm/$name.in" > "/run/vm/$name.out" 2> "/run/vm/$name.err" &
	guest_pid[$name]=$!
	exec {in}> "/run/vm/$name.in" {out}< "/run/vm/$name.out"
	guest_in[$name]=$in
	guest_out[$name]=$out
	: > "/run/vm/$name.events"
}

# guest NAME COMMAND...: must succeed; its answer in $reply
guest()
{
	ask_guest "$@"
	[[ $reply == *'"ok":true'* ]] || fail "guest $*: $reply"
}

# can NAME COMMAND...: the same as a condition for await
can()
{
	ask_guest "$@"
	[[ $reply == *'"ok":true'* ]]
}

# guest_fails NAME COMMAND...
guest_fails()
{
	ask_guest "$@"
	[[ $reply == *'"ok":false'* ]] || fail "guest $* succeeded: $reply"
}

ask_guest()
{
	local name=$1

	shift
	tell_guest "$name" "$*"
	next_line "$name" '{"reply":*'
}

# tell_guest NAME COMMAND...: without waiting for the answer; "&" as last word lets it run in the background
tell_guest()
{
	local name=$1

	shift
	echo "$*" >&"${guest_in[$name]}"
}

# next_line NAME PATTERN: reads what the guest says up to a line like that, which is then $reply
next_line()
{
	local deadline=$((SECONDS + ${AWAIT_SECONDS:-240})) begun=

	while [[ $SECONDS -lt $deadline ]]; do
		if ! IFS= read -rt 5 reply <&"${guest_out[$1]}"; then
			[[ -d /proc/${guest_pid[$1]} ]] || fail "guest $1 ended: $(< "/run/vm/$1.err")"
			begun+=$reply	# the time was over in the middle of a line
			continue
		fi
		reply=$begun$reply
		begun=
		# shellcheck disable=SC2053 # a pattern
		[[ $reply == $2 ]] && return
		echo "$reply" >> "/run/vm/$1.events"
	done
	fail "guest $1 did not say: $2"
}

# await_event NAME REGEXP: also one that was said before; each serves one call; it is in $reply
await_event()
{
	local seen

	if seen=$(grep -E -n -m 1 -- "$2" "/run/vm/$1.events"); then
		reply=${seen#*:}
		sed -i "${seen%%:*}d" "/run/vm/$1.events"
		return
	fi
	while :; do
		next_line "$1" '*'
		[[ ! $reply =~ $2 ]] || return 0
		echo "$reply" >> "/run/vm/$1.events"
	done
}

# answer KEY: a value of $reply; a list as words
answer()
{
	local list='"'$1'":\[([^]]*)\]' string='"'$1'":"([^"]*)"' other='"'$1'":([-0-9a-z]+)'

	if [[ $reply =~ $list ]]; then
		list=${BASH_REMATCH[1]//\"/}
		echo "${list//,/ }"
	elif [[ $reply =~ $string || $reply =~ $other ]]; then
		echo "${BASH_REMATCH[1]}"
	else
		fail "no $1 in $reply"
	fi
}

# sees NAME "05.0004 05.0005": the queues that the guest finds
sees()
{
	guest "$1" scan
	is "$(answer queues)" "$2" "queues seen by guest $1"
}

# agrees NAME UUID: the guest finds what guest_matrix says, no more and no less
agrees()
{
	local text

	text=$(in_one_line "$matrix/$2/guest_matrix")
	[[ $text =~ [0-9a-f]\.[0-9a-f] ]] || text=
	sees "$1" "$text"
}

# finds NAME "05.0004": the same as a condition for await
finds()
{
	guest "$1" scan
	[[ $(answer queues) == "$2" ]]
}

# uses NAME APQN...: a message goes through each queue and comes back
uses()
{
	local name=$1 apqn

	shift
	for apqn; do
		guest "$name" use "$apqn" "hello $apqn"
		is "$(answer residue)" 0 "foreign data in $apqn"
	done
}

# cannot_use NAME APQN [RC]: with this response code; 01 is: there is no such queue
cannot_use()
{
	guest_fails "$1" use "$2" hello
	is "$(answer rc)" "${3:-01}" "response code of NQAP on $2"
}

stop_guest()
{
	tell_guest "$1" quit
	wait "${guest_pid[$1]}" || :
	forget_guest "$1"
}

kill_guest()
{
	kill -KILL "${guest_pid[$1]}"
	wait "${guest_pid[$1]}" || :
	forget_guest "$1"
}

forget_guest()
{
	local in=${guest_in[$1]} out=${guest_out[$1]}

	exec {in}>&- {out}<&-
	unset "guest_pid[$1]"
}
