# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# One run of the machine: QEMU, the streams in and out, and the verdict on what the kernel said

# run_machine MODE (exec or shell) KERNEL COMMAND; returns the exit status that ./lab ends with
run_machine()
{
	local mode=$1 kernel=$2 command=$3

	run=$(mktemp -d "${TMPDIR:-/tmp}/vfioap-lab.XXXXXXXX") || die "cannot write to ${TMPDIR:-/tmp}"
	mkdir -p "$run/exchange/out" "$run/layer"
	build_checkout "$kernel" "$run/layer"
	printf '%s\n' "$command" > "$run/exchange/command"
	cp "$top/tests/lab/init" "$run/exchange/init"
	write_settings "$mode" "$kernel"
	qemu_arguments "$mode" "$kernel"
	if [[ $mode == shell ]]; then
		stty_before=$(stty -g)
		setpriv --pdeathsig KILL qemu-system-x86_64 "${qemu[@]}" || :
		stty "$stty_before"
		verdict "$kernel"
	else
		run_with_streams
		verdict "$kernel"
	fi
}

write_settings()
{
	local mode=$1 kernel=$2 rows=24 columns=80 size

	if size=$(stty size <&2 2>/dev/null); then
		rows=${size% *}
		columns=${size#* }
	fi
	stdin=0
	if [[ $mode == exec && ( -p /dev/fd/0 || -f /dev/fd/0 || -S /dev/fd/0 ) ]]; then
		stdin=1
	fi
	{
		printf '%s=%s\n' mode "$mode" sim "$sim" coverage "$coverage" stdin "$stdin" \
			rows "$rows" columns "$columns" kernel "$kernel" colour "$colour" out "$((${#out_dir} > 0))"
		# sh reads this: bash's own quoting of odd characters ($'..') would not do
		printf "%s='%s'\n" checkout "${top//\'/\'\\\'\'}" directory "${PWD//\'/\'\\\'\'}" \
			term "${TERM//[^a-zA-Z0-9.+-]/}"
	} > "$run/exchange/settings"
}

qemu_arguments()
{
	local mode=$1 kernel=$2 append memory_size=$memory stream

	# Level 5 lets warnings through to the console, for the case that the machine dies.  An oops ends
	# the machine: what runs on after one proves nothing.  Patience with stalls: this is emulation, on
	# a machine that may be busy.
	append="console=ttyS0,115200 loglevel=5 quiet panic=-1 oops=panic reboot=k log_buf_len=8M"
	append+=" rcupdate.rcu_cpu_stall_timeout=120 watchdog_thresh=60 nokaslr random.trust_cpu=on"
	append+=" no_timer_check tsc=reliable mitigations=off"
	case $kernel in
	debug)
		# ACPI's interrupt routing tables cost half a minute per device under KASAN
		append+=" kmemleak=on pci=noacpi"
		: "${memory_size:=2G}"
		;;
	*)
		: "${memory_size:=1G}"
		;;
	esac
	# One thread for all processors: with several, Debian 12's QEMU does not survive the kernel patching its
	# own code ("Oops: int3" at a static key), and it is slower on the two cores that a host may have.
	qemu=(
		-accel tcg,thread=single -cpu "qemu64,+svm" -machine pc -smp "$processors" -m "$memory_size"
		-nodefaults -no-user-config -no-reboot -display none
		-kernel "$kernel_dir/vmlinuz" -initrd "$build/lab/initramfs-$kernel"
		-append "$append $append_more"
		-chardev "file,id=console,path=$run/console" -serial chardev:console
		-device virtio-rng-pci
	)
	share root / ,readonly=on,multidevs=remap
	share layer "$run/layer" ,readonly=on
	share exchange "$run/exchange" ,multidevs=remap
	[[ -z $out_dir ]] || share out "$out_dir" ,multidevs=remap
	if [[ $mode == shell ]]; then
		qemu+=(-chardev "stdio,id=terminal,signal=off" -serial chardev:terminal)
		return
	fi
	# Regular files and no ioeventfd: a write in the machine has reached the file when it returns, so
	# nothing is lost at the end.
	qemu+=(-device "virtio-serial-pci,ioeventfd=off")
	for stream in stdout stderr; do
		: > "$run/$stream"
		qemu+=(-chardev "file,id=$stream,path=$run/$stream,append=on"
			-device "virtserialport,chardev=$stream,name=$stream")
	done
	[[ $stdin -eq 0 ]] ||
		qemu+=(-chardev "stdio,id=stdin,signal=off" -device "virtserialport,chardev=stdin,name=stdin")
}

# share TAG DIRECTORY OPTIONS: a comma in the name of a directory is doubled for QEMU
share()
{
	qemu+=(-fsdev "local,id=$1,path=${2//,/,,},security_model=none$3"
		-device "virtio-9p-pci,fsdev=$1,mount_tag=$1")
}

run_with_streams()
{
	local machine out err timer gone

	# QEMU makes its standard input non-blocking, which would hit the caller's too: hence cat
	mkfifo "$run/stdin"
	if [[ $stdin -eq 1 ]]; then
		exec 3<&0
		cat <&3 > "$run/stdin" 2>/dev/null &
		kill_at_exit+=($!)
		exec 3<&-
	else
		: > "$run/stdin" &
		kill_at_exit+=($!)
	fi
	setpriv --pdeathsig KILL qemu-system-x86_64 "${qemu[@]}" \
		< "$run/stdin" > "$run/qemu" 2>&1 &
	machine=$!
	tail -c +1 -f -s 0.05 --pid=$machine "$run/stdout" 2>/dev/null &
	out=$!
	tail -c +1 -f -s 0.05 --pid=$machine "$run/stderr" >&2 2>/dev/null &
	err=$!
	sleep "$timeout" &
	timer=$!
	kill_at_exit+=($machine $out $err $timer)

	wait -n -p gone "$machine" "$out" "$err" "$timer" || :
	case $gone in
	"$machine") ;;
	"$timer") timed_out=1 ;;
	*) reader_gone=1 ;;
	esac
	kill -KILL "$machine" "$timer" 2>/dev/null || :
	wait "$machine" "$timer" 2>/dev/null || :
	wait "$out" "$err" || :
}

# verdict KERNEL: tells what went wrong, on stderr, and returns the exit status of ./lab
verdict()
{
	local kernel=$1 exchange=$run/exchange status=''

	# of /dev/kmsg's records, those of the kernel itself (facility 0), as dmesg would print them
	if [[ -s $exchange/kernel ]]; then
		awk -F ';' '
			/^ / { next }
			{ split($1, field, ",") }
			field[1] < 8 { sub(/^[^;]*;/, ""); gsub(/\\x0a/, "\n"); print }' "$exchange/kernel" > "$run/log"
	elif [[ -e $run/console ]]; then
		tr -d '\r' < "$run/console" | sed 's/^\[ *[0-9.]*\] //' > "$run/log"
	fi
	cp "$run/log" "$build/lab/last-kernel-log.$$" 2>/dev/null &&
		mv "$build/lab/last-kernel-log.$$" "$build/lab/last-kernel-log"
	[[ ! -e $exchange/status ]] || status=$(< "$exchange/status")

	if [[ -e $exchange/started ]] && print_complaints >&2; then
		return 99
	elif [[ -n $status ]]; then
		return "$status"
	elif [[ $timed_out -eq 1 ]]; then
		echo "lab: no end after $timeout s (--timeout); last lines of the console:" >&2
		print_console_tail >&2
		return 124
	elif [[ $reader_gone -eq 1 ]]; then
		return 141
	elif [[ ! -e $exchange/started ]]; then
		echo "lab: the machine did not start; last lines of the console:" >&2
		[[ ! -s $run/qemu ]] || cat "$run/qemu" >&2
		print_console_tail >&2
		return 125
	elif [[ -e $exchange/failure ]]; then
		echo "lab: the machine could not be set up: $(< "$exchange/failure")" >&2
		print_console_tail >&2
		tail -n 15 "$run/log" >&2
		return 125
	fi
	echo "lab: the machine died before the command ended; last lines of the console:" >&2
	print_console_tail >&2
	return 99
}

print_console_tail()
{
	[[ ! -e $run/console ]] || tr -d '\r' < "$run/console" | tail -n 40
}

# Each complaint with what surrounds it; false if there is none
print_complaints()
{
	local found=1

	if [[ -e $run/log ]] && grep -q -E -f <(grep -v "^#" "$top/tests/lab/complaints") "$run/log"; then
		echo "lab: the kernel complained (whole log: $build/lab/last-kernel-log):"
		grep -n -E -f <(grep -v "^#" "$top/tests/lab/complaints") "$run/log" | cut -d : -f 1 |
			awk '
				NR == FNR { complaint[$1] = 1; next }
				FNR in complaint { left = 60 }
				/---\[ end trace/ { left = left ? 1 : 0 }
				left > 0 { print; left-- }' - "$run/log" | head -n 400
		found=0
	fi
	if [[ -s $run/exchange/report ]]; then
		echo "lab: found at the end of the run:"
		head -n 400 "$run/exchange/report"
		found=0
	fi
	return $found
}
