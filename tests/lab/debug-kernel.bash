# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The debug kernel: Debian's linux-source-6.12 with tests/lab/debug.config

source_package=linux-source-6.12

source_version()
{
	if [[ ! -s $cache/$source_package.version ]]; then
		LC_ALL=C apt-cache show --no-all-versions $source_package |
			sed -n 's/^Version: //p' > "$cache/$source_package.version.$$"
		if [[ ! -s $cache/$source_package.version.$$ ]]; then
			rm -f "$cache/$source_package.version.$$"
			die "apt knows no package $source_package; the lab needs the archives of Debian 12 (apt-get update?)"
		fi
		mv "$cache/$source_package.version.$$" "$cache/$source_package.version"
	fi
	cat "$cache/$source_package.version"
}

# Names the cached kernel: same configuration, source and compiler, same kernel
debug_kernel_key()
{
	local version

	version=$(source_version)
	{
		grep '^CONFIG_' "$top/tests/lab/debug.config"
		echo "$source_package $version"
		gcc -dumpfullversion
	} | sha256sum | cut -c 1-12
}

# Continues where an interrupted build stopped
build_debug_kernel()
{
	local target=$1 version

	[[ ! -e $target/release ]] || return 0	# somebody else was faster
	mkdir -p "$target"
	cd "$target"
	version=$(source_version)
	if [[ ! -e linux/Makefile ]]; then
		rm -rf linux root packages
		mkdir packages root
		(cd packages && download_packages "$source_package=$version")
		dpkg-deb -x packages/*.deb root
		tar -xf "root/usr/src/$source_package.tar.xz" -C root
		mv "root/$source_package" linux
		rm -r packages root
	fi
	cd linux
	[[ -e .config ]] || configure_debug_kernel
	nice -n 10 make "-j$(nproc)" bzImage modules
	keep_module_build_tree "$target"
	make -s kernelrelease > "$target/release.new"
	mv "$target/release.new" "$target/release"
}

configure_debug_kernel()
{
	local line option refused=0

	make tinyconfig
	grep '^CONFIG_' "$top/tests/lab/debug.config" |
		sed -E 's/^(CONFIG_[A-Za-z0-9_]+)=n$/# \1 is not set/' > wanted
	cat wanted >> .config
	make olddefconfig
	while read -r line; do
		option=${line#\# }
		option=${option%%[= ]*}
		case $line in
		'# '*) ! grep -q "^$option=" .config || refused=1 ;;
		*) grep -qxF "$line" .config || refused=1 ;;
		esac
		if [[ $refused -eq 1 ]]; then
			echo "Kconfig does not honour $line"
			rm .config
			return 1
		fi
	done < wanted
}

# Keeps the kernel, the modules the lab loads, and what building a module against it needs: 30 GB less
keep_module_build_tree()
{
	local target=$1 modules

	modules=$target/modules/usr/lib/modules/$(make -s kernelrelease)
	mkdir -p "$modules/kernel/drivers/vfio/mdev"
	cp arch/x86/boot/bzImage "$target/vmlinuz"
	cp drivers/vfio/mdev/mdev.ko "$modules/kernel/drivers/vfio/mdev/"
	cp modules.builtin modules.builtin.modinfo "$modules/"
	echo kernel/drivers/vfio/mdev/mdev.ko > "$modules/modules.order"
	depmod --basedir "$(module_tree "$target/modules")" "${modules##*/}"
	ln -sfn linux "$target/headers"
	rm -rf Documentation LICENSES block certs crypto drivers fs init io_uring ipc kernel lib mm net \
		rust samples security sound usr virt vmlinux* .tmp_vmlinux*
	find arch -mindepth 1 -maxdepth 1 -type d ! -name x86 -exec rm -r {} +
	find tools -mindepth 1 -maxdepth 1 ! -name objtool ! -name include ! -name lib ! -name scripts \
		! -name build ! -name arch -exec rm -r {} +
	find . \( -name '*.o' -o -name '*.a' -o -name '*.gcno' -o -name '*.cmd' \) -type f \
		! -path './scripts/*' ! -path './tools/objtool/*' -delete
}
