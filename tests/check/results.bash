# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Counting, and what is shown of it

heading()
{
	printf '\n== %s ==\n' "$*"
}

pass()
{
	passed=$((passed + 1))
	echo "ok - $1"
}

# not_ok WHAT [LOG]: shows the end of the log
not_ok()
{
	failed=$((failed + 1))
	failures+=("$1")
	echo "not ok - $1"
	[[ -z ${2-} ]] || tail -n 40 "$2" | sed 's/^/# /'
}

# step WHAT LOG COMMAND...: one check that is a command
step()
{
	local what=$1 log=$2 since=$SECONDS

	shift 2
	if in_the_gaps "$@" > "$log" 2>&1 < /dev/null; then
		pass "$what ($((SECONDS - since)) s)"
	else
		not_ok "$what ($((SECONDS - since)) s, log: $log)" "$log"
	fi
}

# from_tap NAME LOG COMMAND...: a command that prints TAP, shown as it comes and counted line by line
from_tap()
{
	local name=$1 log=$2 status line plan='' seen=0

	shift 2
	while IFS= read -r line; do
		case $line in
		"ok "*) passed=$((passed + 1)); seen=$((seen + 1)) ;;
		"not ok "*)
			failed=$((failed + 1))
			seen=$((seen + 1))
			failures+=("$name: ${line#not ok }")
			;;
		1..*) plan=${line#1..}; continue ;;
		esac
		printf '%s: %s\n' "$name" "$line"
	done < <("$@" 2>&1 < /dev/null | tee "$log"; echo "${PIPESTATUS[0]}" > "$log.status")
	wait $!
	status=$(< "$log.status")
	if [[ $plan != "$seen" ]]; then
		not_ok "$name: ended with $seen of ${plan:-an unknown number of} results (status $status)"
	elif [[ $status -ne 0 && $(grep -c '^not ok ' "$log") -eq 0 ]]; then
		not_ok "$name: exit status $status (99: the kernel complained, 124: took too long)"
	fi
}

summary()
{
	printf '\n'
	if [[ $failed -gt 0 ]]; then
		echo "Failed:"
		printf '  %s\n' "${failures[@]}"
	fi
	echo "Took $(((SECONDS - begun) / 60)) min $(((SECONDS - begun) % 60)) s; logs in $logs"
	echo "$passed passed, $failed failed"
	[[ $failed -eq 0 && $passed -gt 0 ]]
}
