# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Everything that ctest runs

check_unit()
{
	local line name status

	step "the checkout builds" "$logs/build.log" build_user_space
	while read -r line; do
		name=$(sed 's/.*: \(\S*\) \.\.\..*/\1/' <<< "$line")
		status=${line##*...}
		case $status in
		*Passed*) pass "unit: $name" ;;
		*) not_ok "unit: $name" ;;
		esac
	done < <(ctest --test-dir "$build/user" --output-on-failure --output-log "$logs/ctest.log" \
		--parallel "$(nproc)" --timeout 300 --no-tests=error < /dev/null | grep '^ *[0-9]*/[0-9]* Test ')
	if ! grep -q '% tests passed' "$logs/ctest.log"; then
		not_ok "unit: ctest ran no test" "$logs/ctest.log"
	elif grep -q '(Failed)\|(Timeout)' "$logs/ctest.log"; then
		sed 's/^/# /' "$logs/ctest.log"
	fi
}

build_user_space()
{
	[[ -e $build/user/CMakeCache.txt ]] ||
		cmake -S . -B "$build/user" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_INSTALL_PREFIX=/usr
	cmake --build "$build/user" --parallel "$(nproc)"
}
