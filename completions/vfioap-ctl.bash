# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Completion for bash. The command itself knows what may come next.

_vfioap_ctl()
{
	local current=${COMP_WORDS[COMP_CWORD]} line word
	local -a lines

	COMPREPLY=()
	mapfile -t lines < <(vfioap-ctl --complete "$COMP_CWORD" "${COMP_WORDS[@]}" 2>/dev/null)
	for line in "${lines[@]}"; do
		word=${line%%$'\t'*}
		# Readline splits at '=', so that what stands before it is on the line already.
		[[ $word == --*=?* && $current != --*=* ]] && word=${word#*=}
		COMPREPLY+=("$word")
	done
	if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=/] ]]; then
		compopt -o nospace
	elif [[ ${#COMPREPLY[@]} -eq 0 && " ${COMP_WORDS[*]} " == *' --root '* ]]; then
		mapfile -t COMPREPLY < <(compgen -d -- "${current#=}")
		compopt -o filenames
	fi
}

complete -F _vfioap_ctl vfioap-ctl
