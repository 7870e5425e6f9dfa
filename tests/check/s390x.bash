# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The library and the command as they are on the machines that have the cards: big-endian. Built with Debian's
# cross compiler; the tests are run by qemu. Debian's libraries for s390x are only unpacked into the cache.

# What the cross build needs of the target, and what those need
s390x_packages=(libc6 libc6-dev libcrypt-dev linux-libc-dev libgcc-s1 libgcc-12-dev
	libjson-c5 libjson-c-dev libkmod2 libkmod-dev libudev1 libudev-dev libuuid1 uuid-dev libcmocka0 libcmocka-dev
	libzstd1 liblzma5 libssl3)

check_s390x()
{
	local root=$cache/s390x/root

	step "s390x: Debian's libraries are there" "$logs/s390x-root.log" fetch_s390x_root
	build_user_space s390x all -DCMAKE_TOOLCHAIN_FILE="$top/tests/check/s390x.cmake" -DS390X_ROOT="$root"
	# lib-scale is about time; the other tests of the command take longer than they tell in an emulator
	run_tests s390x s390x --tests-regex '^(lib|kmod|fuzz)-|^cli-(output|completion)$' --exclude-regex '^lib-scale$'
}

fetch_s390x_root()
{
	local directory=$cache/s390x package

	[[ ! -e $directory/complete || $(< "$directory/complete") != "${s390x_packages[*]}" ]] || return 0
	rm -rf "$directory"
	mkdir -p "$directory"/{root,packages,state/lists/partial,cache/archives/partial} || return
	configure_s390x_apt "$directory" || return
	(
		export APT_CONFIG=$directory/apt.conf
		cd "$directory/packages" && apt-get update && apt-get download "${s390x_packages[@]}"
	) || return
	for package in "$directory"/packages/*.deb; do
		dpkg-deb -x "$package" "$directory/root" || return
	done
	rm -rf "${directory:?}"/{packages,state,cache}
	echo "${s390x_packages[*]}" > "$directory/complete"
}

# apt as if for a machine of that kind on which nothing is installed: this one's own is not touched
configure_s390x_apt()
{
	: > "$1/status" &&
		cat > "$1/apt.conf" <<-APT
		APT::Architecture "s390x";
		APT::Architectures { "s390x"; };
		Acquire::Languages "none";
		Dir::State "$1/state";
		Dir::State::status "$1/status";
		Dir::Cache "$1/cache";
		APT
}
