# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What the lab needs from Debian: programs, installed with apt; kernels and their headers, downloaded
# and unpacked into the cache.

# need_packages GROUP...: installs the missing packages of these groups of tests/lab/packages
need_packages()
{
	local group package missing=() wanted=()

	for group; do
		mapfile -t -O "${#wanted[@]}" wanted < <(
			awk -v group="$group" '$1 == group { print $2 }' "$top/tests/lab/packages")
	done
	mapfile -t missing < <(
		dpkg-query --show --showformat='${binary:Package} ${db:Status-Status}\n' \
			"${wanted[@]}" 2>/dev/null |
		awk '$2 == "installed" { sub(/:.*/, "", $1); print $1 }' |
		sort | comm -13 - <(printf '%s\n' "${wanted[@]}" | sort))
	[[ ${#missing[@]} -gt 0 ]] || return 0

	for package in apt-get dpkg-deb; do
		command -v $package > /dev/null ||
			die "this is no Debian system ($package is missing); install: ${missing[*]}"
	done
	[[ $EUID -eq 0 ]] || command -v sudo > /dev/null ||
		die "Debian packages are missing, and there is no sudo; as root: apt-get install ${missing[*]}"
	note "installing Debian packages: ${missing[*]}"
	stage "installing packages" "$cache/install.log" as_root env DEBIAN_FRONTEND=noninteractive \
		bash -c 'apt-get update && apt-get install -y --no-install-recommends "$@"' - "${missing[@]}"
}

as_root()
{
	if [[ $EUID -eq 0 ]]; then
		"$@"
	else
		sudo --prompt="[lab] password of %p for installing Debian packages: " "$@"
	fi
}

# kernel_directory KERNEL: where the cache has, or will have, the kernel.  In there:
#   release    what uname -r will say; exists only when the rest is complete
#   vmlinuz    the kernel
#   headers    (link) what modules are built against
#   modules/   usr/lib/modules/RELEASE of the kernel's own package
kernel_directory()
{
	if [[ $1 == debug ]]; then
		echo "$cache/kernel-debug-$(debug_kernel_key)"
	else
		echo "$cache/kernel-$1"
	fi
}

# need_kernel KERNEL: sets kernel_dir and release
need_kernel()
{
	kernel_dir=$(kernel_directory "$1")
	if [[ ! -e $kernel_dir/release ]]; then
		if [[ $1 == debug ]]; then
			need_packages kernel
			note "building the debug kernel: 10 to 30 minutes, once (log: $kernel_dir.log)"
			locked "$kernel_dir.lock" \
				stage "building the debug kernel" "$kernel_dir.log" \
				build_debug_kernel "$kernel_dir"
		else
			note "downloading Linux $1 from Debian, for the machine only"
			locked "$kernel_dir.lock" \
				stage "fetching Linux $1" "$kernel_dir.log" \
				fetch_debian_kernel "$1" "$kernel_dir"
		fi
	fi
	release=$(< "$kernel_dir/release")
}

# The name of the newest package that the meta package stands for
resolve_package()
{
	local found

	found=$(LC_ALL=C apt-cache depends --important "$1" 2>/dev/null |
		sed -n "s/^ *Depends: \($2[^ ]*\).*/\1/p" | head -n 1)
	if [[ -z $found ]]; then
		as_root apt-get update >&2
		found=$(LC_ALL=C apt-cache depends --important "$1" |
			sed -n "s/^ *Depends: \($2[^ ]*\).*/\1/p" | head -n 1)
	fi
	if [[ -z $found ]]; then
		echo "apt knows no package $1; the lab needs the archives of Debian 12" >&2
		return 1
	fi
	echo "$found"
}

download_packages()
{
	apt-get download "$@" && return
	# the index is older than the archive
	as_root apt-get update
	apt-get download "$@"
}

fetch_debian_kernel()
{
	local version=$1 target=$2 meta image release headers root module packages

	[[ ! -e $target/release ]] || return 0	# somebody else was faster
	meta=linux-image-$version-amd64
	[[ $version != 6.1 ]] || meta=linux-image-amd64
	image=$(resolve_package "$meta" linux-image-)
	release=${image#linux-image-}
	if [[ $release != "$version".* ]]; then
		echo "$meta is Linux $release here, not $version; the lab needs the archives of Debian 12"
		return 1
	fi
	mapfile -t headers < <(LC_ALL=C apt-cache depends --important "linux-headers-$release" |
		sed -n 's/^ *Depends: \(linux-\(headers\|kbuild\)-[^ ]*\).*/\1/p')
	packages=("$image" "linux-headers-$release" "${headers[@]}")

	rm -rf "$target"
	mkdir -p "$target/packages" "$target/root"
	cd "$target/packages"
	download_packages "${packages[@]}"
	root=$target/root
	for package in *.deb; do
		echo "unpacking $package"
		dpkg-deb -x "$package" "$root"
	done
	rm -r "$target/packages"

	mkdir -p "$target/modules/usr/lib"
	mv "$root/lib/modules" "$target/modules/usr/lib/"
	mv "$root/boot/vmlinuz-$release" "$target/vmlinuz"
	# the headers' Makefile names the common headers where installing would have put them
	sed -i "s,/usr/src/,$root/usr/src/,g" "$root/usr/src/linux-headers-$release/Makefile"
	ln -s "root/usr/src/linux-headers-$release" "$target/headers"
	# what the machine loads at each start is unpacked here, once, instead of there
	rm -f "$target/modules/usr/lib/modules/$release/"{build,source}
	find "$target/modules" \( -path '*/kvm/*' -o -path '*/vfio/*' -o -path '*/virtio/*' \
		-o -path '*/9p/*' -o -path '*/overlayfs/*' -o -path '*/netfs/*' -o -path '*/fscache/*' \
		-o -path '*/virt/*' -o -path '*/configfs/*' -o -path '*/iommu/*' -o -path '*/net/9p/*' \
		-o -name 'virtio*' -o -name 'ccp.*' -o -name 'crc32*' \) -name '*.xz' -exec xz -d {} +
	depmod --basedir "$(module_tree "$target/modules")" "$release"
	echo "$release" > "$target/release"
}

# depmod wants lib/modules, the layers have usr/lib/modules
module_tree()
{
	[[ -e $1/lib ]] || ln -s usr/lib "$1/lib"
	echo "$1"
}
