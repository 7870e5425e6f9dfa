# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What the checks need from Debian besides what the lab installs for itself

prepare()
{
	local missing=() need=()

	[[ " ${parts[*]} " != *" code "* ]] || need+=(perl shellcheck sparse)
	[[ " ${parts[*]} " != *" sanitize "* ]] || need+=(clang libclang-rt-dev)
	[[ " ${parts[*]} " != *" s390x "* ]] || need+=(gcc-s390x-linux-gnu qemu-user-static)
	[[ " ${parts[*]} " != *" models "* ]] || need+=(spin gcc)
	if [[ ${#need[@]} -gt 0 ]]; then
		mapfile -t missing < <(for package in "${need[@]}"; do
			dpkg-query --show --showformat='${db:Status-Status}\n' "$package" 2>/dev/null |
				grep -qx installed || echo "$package"
		done)
	fi
	if [[ ${#missing[@]} -gt 0 ]]; then
		echo "check: installing Debian packages: ${missing[*]}"
		install_packages "${missing[@]}" > "$logs/packages.log" 2>&1 || {
			not_ok "installing ${missing[*]}" "$logs/packages.log"
			return 1
		}
	fi
	[[ " ${parts[*]} " == " models " ]] || prepare_lab
}

install_packages()
{
	local root=()

	[[ $EUID -eq 0 ]] || root=(sudo)
	"${root[@]}" env DEBIAN_FRONTEND=noninteractive \
		bash -c 'apt-get update && apt-get install -y --no-install-recommends "$@"' - "$@"
}

# Packages, kernels and the build; the debug kernel takes a while the first time
prepare_lab()
{
	local since=$SECONDS

	echo "check: setting up (./lab setup)"
	if ! ./lab setup > "$logs/setup.log" 2>&1 < /dev/null; then
		not_ok "./lab setup" "$logs/setup.log"
		return 1
	fi
	if [[ " ${parts[*]} " == *" code "* || " ${parts[*]} ${kernels[*]} " =~ \ (vm|defects)\ .*\ debug\  ]]; then
		echo "check: the debug kernel (built once: 10 to 30 minutes)"
		if ! ./lab kernel debug > "$logs/debug-kernel.log" 2>&1 < /dev/null; then
			not_ok "./lab kernel debug" "$logs/debug-kernel.log"
			return 1
		fi
	fi
	echo "check: ready after $((SECONDS - since)) s"
}
