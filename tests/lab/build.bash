# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Builds this checkout for the machine, in build/: the library, the command and the tests once, the
# modules once for each kernel; and puts together the layer that the machine sees over the host's files.

# build_checkout KERNEL LAYER: the layer is a snapshot, so a later build does not disturb the machine
build_checkout()
{
	mkdir -p "$build/lab" 2>/dev/null || die "cannot write to $build"
	locked "$build/lab/lock" build_and_copy "$@"
}

build_and_copy()
{
	local kernel=$1 layer=$2 flavour=$1

	[[ $kernel != debug || -z $coverage ]] || flavour+=-gcov
	[[ $defects -eq 0 ]] || flavour+=-defects
	if [[ -e $top/CMakeLists.txt ]]; then
		case $build_what in
		all | user) stage "building the library and the command" "$build/lab/user.log" build_user ;;
		esac
		[[ ! -d $build/prefix ]] || cp -a "$build/prefix/." "$layer/"
	fi
	case $build_what in
	all | kmod)
		stage "building the modules for Linux $release" "$build/lab/kmod-$flavour.log" \
			build_modules "$flavour"
		;;
	esac
	if [[ ! -d $build/lab/modules-$flavour/usr/lib/modules/$release ]]; then
		stage "indexing the modules" "$build/lab/kmod-$flavour.log" index_modules "$flavour"
	fi
	cp -a "$build/lab/modules-$flavour/usr" "$layer/"
	stage "packing the initramfs" "$build/lab/initramfs.log" pack_initramfs "$kernel"
}

build_user()
{
	if [[ ! -e $build/user/CMakeCache.txt ]]; then
		cmake -S "$top" -B "$build/user" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
			-DCMAKE_INSTALL_PREFIX=/usr
	fi
	cmake --build "$build/user" --parallel "$(nproc)"
	rm -rf "$build/prefix"
	DESTDIR=$build/prefix cmake --install "$build/user"
	DESTDIR=$build/prefix cmake --install "$build/user" --component tests
}

# A copy of kmod/ per kernel, so that one kernel's objects do not throw away the other's
build_modules()
{
	local flavour=$1 tree=$build/kmod-$1 changed options=(VFIO_AP_PAUSE=1) against

	[[ -e $top/kmod/Kbuild ]] || return 0
	mkdir -p "$tree"
	changed=$(rsync --archive --omit-dir-times --delete --itemize-changes --exclude='*.o' --exclude='*.ko' \
		--exclude='*.mod' --exclude='*.mod.c' --exclude='.*' --exclude='*.gcno' \
		--exclude=Module.symvers --exclude=modules.order --exclude=/built-against \
		"$top/kmod/" "$tree/")
	[[ $flavour != *-gcov* ]] || options+=(GCOV_PROFILE=y)
	[[ $flavour != *-defects ]] || options+=(VFIO_AP_DEFECTS=1)
	against="$kernel_dir $release ${options[*]}"
	if [[ -z $changed && $(cat "$tree/built-against" 2>/dev/null) == "$against" ]]; then
		return 0
	fi
	echo "$changed"
	rm -f "$tree/built-against"
	make -C "$kernel_dir/headers" "M=$tree" "${options[@]}" "-j$(nproc)" modules
	index_modules "$flavour"
	echo "$against" > "$tree/built-against"
}

# /usr/lib/modules/RELEASE as modprobe and udevd want it: Debian's modules, ours in extra/, one index.
# depmod reads all of Debian's modules, so it runs only when something that it indexes has changed.
index_modules()
{
	local flavour=$1 tree=$build/kmod-$1 base=$build/lab/modules-$1 directory module indexed
	local own=$kernel_dir/modules/usr/lib/modules/$release ours=()

	directory=$base/usr/lib/modules/$release
	if [[ -e $tree/modules.order ]]; then
		# modules.order names .ko files up to 6.1 and .o files later
		while read -r module; do
			module=${module##*/}
			mapfile -t -O "${#ours[@]}" ours < <(find "$tree" -name "${module%.*}.ko")
		done < "$tree/modules.order"
	fi
	indexed=$(echo "$kernel_dir"
		for module in "${ours[@]}"; do
			modinfo "$module" | grep -E '^(name|alias|depends|softdep):'
		done
		[[ ${#ours[@]} -eq 0 ]] || awk '{ print $2, $3 }' "$tree/Module.symvers")
	if [[ $(cat "$base/indexed" 2>/dev/null) == "$indexed" ]]; then
		[[ ${#ours[@]} -eq 0 ]] || cp "${ours[@]}" "$directory/extra/"
		return 0
	fi
	rm -rf "$base"
	mkdir -p "$directory/extra"
	ln -s "$own/kernel" "$directory/kernel"
	cp "$own"/modules.* "$directory/"
	if [[ ${#ours[@]} -gt 0 ]]; then
		cp "${ours[@]}" "$directory/extra/"
		depmod --basedir "$(module_tree "$base")" "$release"
	fi
	echo "$indexed" > "$base/indexed"
}

# What the kernel needs to reach the host's files
pack_initramfs()
{
	local kernel=$1 image=$build/lab/initramfs-$1 root module name count=0

	if [[ $image -nt $top/tests/lab/initramfs-init && $image -nt $kernel_dir/release ]]; then
		return 0
	fi
	root=$(mktemp -d)
	mkdir -p "$root/bin" "$root/modules"
	cp /bin/busybox "$root/bin/"
	install -m 0755 "$top/tests/lab/initramfs-init" "$root/init"
	: > "$root/modules/order"
	for name in virtio_pci virtio_console virtio_rng 9pnet_virtio 9p overlay; do
		modprobe --dirname "$(module_tree "$kernel_dir/modules")" --set-version "$release" \
			--show-depends "$name" || return 1
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' > "$root/list"
	while read -r module; do
		name=${module##*/}
		name=${name%.xz}
		case $module in
		*.xz) xz -dc "$module" > "$root/modules/$name" ;;
		*) cp "$module" "$root/modules/$name" ;;
		esac
		echo "$name" >> "$root/modules/order"
		count=$((count + 1))
	done < "$root/list"
	echo "$count modules"
	(cd "$root" && find init bin modules | cpio --quiet --create --format=newc --owner=0:0) > "$image.new"
	mv "$image.new" "$image"
	rm -rf "$root"
}
