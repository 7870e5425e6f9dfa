# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Everything that ctest runs; then again with sanitizers, and with inputs that libFuzzer makes up

check_unit()
{
	build_user_space user
	run_tests unit user
}

check_sanitize()
{
	build_user_space asan all -DSANITIZE=address,undefined
	run_tests asan asan
	# only the library is meant for threads
	build_user_space tsan all -DSANITIZE=thread
	run_tests tsan tsan --tests-regex '^lib-'
	build_user_space fuzz fuzzers -DFUZZ=ON -DSANITIZE=address,undefined -DCMAKE_C_COMPILER=clang
	run_tests fuzz fuzz --tests-regex '^fuzz-'
}

# build_user_space DIRECTORY [TARGET [CMAKE-OPTION...]]
build_user_space()
{
	step "$1: the checkout builds" "$logs/build-$1.log" cmake_build "$build/$1" "${2-all}" "${@:3}"
}

cmake_build()
{
	local directory=$1 target=$2

	shift 2
	[[ -e $directory/build.ninja ]] ||
		cmake -S . -B "$directory" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_INSTALL_PREFIX=/usr "$@" ||
		return
	cmake --build "$directory" --target "$target" --parallel "$(nproc)"
}

# run_tests NAME DIRECTORY [CTEST-OPTION...]: each test is counted
run_tests()
{
	local name=$1 log=$logs/ctest-$2.log line test

	while read -r line; do
		test=$(sed 's/.*: \(\S*\) \.\.\..*/\1/' <<< "$line")
		case ${line##*...} in
		*Passed*) pass "$name: $test" ;;
		*) not_ok "$name: $test" ;;
		esac
	done < <(in_the_gaps ctest --test-dir "$build/$2" --output-on-failure --output-log "$log" \
		--parallel "$(nproc)" --timeout 1800 --no-tests=error "${@:3}" < /dev/null |
		grep '^ *[0-9]*/[0-9]* Test ')
	if ! grep -q '% tests passed' "$log"; then
		not_ok "$name: ctest ran no test" "$log"
	elif ! grep -q '100% tests passed' "$log"; then
		sed 's/^/# /' "$log"
	fi
}
