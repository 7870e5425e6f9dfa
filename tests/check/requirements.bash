# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# That what is claimed to be shown is shown by something (E14: each way in has its test)

check_requirements()
{
	step "each requirement is named by a test or does not apply" "$logs/requirements.log" requirements_named
	step "each test that the documents of the driver name exists" "$logs/documents.log" named_tests_exist
	step "what CONTRIBUTING.md tells to type can be typed" "$logs/contributing.log" contributing_holds
}

requirements_named()
{
	local id missing=0

	for id in $(grep -v '^#' tests/check/requirements); do
		named_by_test "$id" || does_not_apply "$id" && continue
		echo "$id: no test names it"
		missing=1
	done
	return $missing
}

# The head of a scenario, or anything in a unit test, a model, or the check of the documents
named_by_test()
{
	grep -q -w -e "^# Proves: .*$1" tests/vm/*.test ||
		grep -q -w -e "$1" tests/unit/*.[ch] tests/unit/*.test tests/models/* tests/check/requirements.bash
}

does_not_apply()
{
	sed -n '/^## Rows that do not apply/,$p' kmod/DIFFERENCES.md | grep -q -w -e "^| .*$1.* |"
}

# In `backticks`, where the documents speak of tests
named_tests_exist()
{
	local name missing=0

	for name in $(tested_by kmod/LOCKING.md; tested_by kmod/DIFFERENCES.md); do
		[[ ! -e tests/vm/$name.test && ! -e tests/models/$name.pml ]] || continue
		echo "no test is called $name"
		missing=1
	done
	return $missing
}

# The last column of the tables, and "Shown by"
tested_by()
{
	{
		sed -n 's/^|.*| \(.*\) |$/\1/p' "$1" | grep -x '[`a-z0-9,; -]*'
		sed -n '/^Shown by/,/^$/p' "$1"
	} | grep -o '`[^`]*`' | tr -d '`'
}

# Its commands, up to where they would begin to work; its files; the options that it gives cmake
contributing_holds()
{
	local words failed=0

	while read -r words; do
		case $words in
		./check* | ./lab*' '*)
			# shellcheck disable=SC2086 # words
			${words%% -- *} --help > /dev/null && continue
			echo "cannot be typed: $words"
			;;
		-D*)
			grep -q -w -- "${words:2}" CMakeLists.txt && continue
			echo "CMakeLists.txt does not know $words"
			;;
		[a-z]*/*)
			[[ -n $(git ls-files "$words" "*/$words" "*/$words*") ]] && continue
			echo "there is no $words"
			;;
		*) continue ;;
		esac
		failed=1
	done < <(grep -o '`[^`]*`' CONTRIBUTING.md | tr -d '`'; grep -o -e '-D[A-Z]*' CONTRIBUTING.md)
	return $failed
}
