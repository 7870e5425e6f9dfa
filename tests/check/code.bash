# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The sources: style, shell scripts, warnings

check_code()
{
	local kernel

	step "checkpatch finds nothing in kmod" "$logs/checkpatch.log" run_checkpatch
	step "shellcheck finds nothing in the scripts" "$logs/shellcheck.log" run_shellcheck
	step "modules compile for Linux 6.12 with all that tests need" "$logs/kmod-tests.log" \
		compile_modules 6.12 VFIO_AP_PAUSE=1 VFIO_AP_DEFECTS=1
	for kernel in 6.12 6.1; do
		step "modules compile for Linux $kernel without a warning (W=1)" "$logs/kmod-$kernel.log" \
			compile_modules "$kernel"
	done
	step "sparse finds nothing in kmod" "$logs/sparse.log" run_sparse
	step "differences from upstream's transcripts are documented" "$logs/differences.log" \
		differences_documented
	check_requirements
}

# checkpatch comes with the source of the debug kernel, not with Debian's headers.  Not asked for is what a module
# for several kernels cannot have: compat.h tests versions and has arguments that only one of them uses, and
# Linux 6.1 takes no const struct bus_type.
run_checkpatch()
{
	local trees

	trees=("$cache"/kernel-debug-*/linux/scripts)
	git ls-files 'kmod/*.[ch]' |
		xargs -r perl "${trees[-1]}/checkpatch.pl" --no-tree --quiet --terse --no-summary --file --show-types \
			--max-line-length=100 \
			--ignore LINUX_VERSION_CODE,CONSTANT_COMPARISON,MACRO_ARG_UNUSED,CONST_STRUCT
}

run_shellcheck()
{
	git ls-files check lab .ci/run '*.bash' tests/check/coverage tests/lab/init tests/vm/run tests/vm/catch tests/vm/stress tests/bench/run |
		xargs -r shellcheck --severity=warning
}

# compile_modules KERNEL [MAKE-ARGUMENT...]: in a tree of its own, from nothing, so that every warning is seen
compile_modules()
{
	local kernel=$1 tree=$build/check/kmod-$1

	shift
	rm -rf "$tree"
	cp -r kmod "$tree"
	make -C "$cache/kernel-$kernel/headers" "M=$tree" W=1 KCFLAGS=-Werror "-j$(nproc)" "$@" modules
}

run_sparse()
{
	compile_modules 6.12 C=1 'CHECKFLAGS=-Wno-unknown-attribute' > "$logs/sparse-build.log" 2>&1 ||
		{ cat "$logs/sparse-build.log"; return 1; }
	! grep -E "^$build/check/kmod-6.12/.*: (warning|error):" "$logs/sparse-build.log"
}

# Each id of tests/vm/golden/differences is a row of kmod/DIFFERENCES.md
differences_documented()
{
	local id place missing=0

	while read -r id place; do
		grep -q "^| $id |" kmod/DIFFERENCES.md && continue
		echo "$place: $id is not in kmod/DIFFERENCES.md"
		missing=1
	done < <(grep -E '^[A-Z]\S* [a-z]+\.txt:[0-9]+$' tests/vm/golden/differences)
	return $missing
}
