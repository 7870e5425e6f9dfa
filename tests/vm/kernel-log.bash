# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What the kernel said since the scenario began.

# The mark is a line of user space; only lines of the kernel itself are shown.
mark_kernel_log()
{
	echo "scenario $1 begins" > /dev/kmsg
}

# Message texts, one per line, since the last mark.  /dev/kmsg because dmesg(1) has no since-this-line.  At its end dd
# always fails, which is no failure of the pipeline.
kernel_log()
{
	{ dd if=/dev/kmsg iflag=nonblock bs=8k 2>/dev/null || :; } |
		awk '
			!/^[0-9]+,/ { next }
			{ split($0, head, ","); text = substr($0, index($0, ";") + 1) }
			int(head[1] / 8) != 0 { if (text ~ /^scenario .* begins$/) count = 0; next }
			{ lines[++count] = text }
			END { for (i = 1; i <= count; i++) print lines[i] }'
}

# The same without KVM's words for two VMs of one process (6.1), and for a clock that was measured badly; nor what is said
# once when the emulated machine is slow
kernel_said()
{
	kernel_log | grep -v -e '^KVM: debugfs: duplicate directory' -e '^kvm: user requested TSC rate' \
		-e '^hrtimer: interrupt took' || :
}

# All of them are read: were grep to end at the first one, awk might fail with SIGPIPE, and that would look like none
kernel_complaints()
{
	local what

	what=$(kernel_log | grep -E -f "$here/../lab/complaints") || return 0
	echo "the kernel complained: ${what%%$'\n'*}"
}

# Stacks of the tasks that hang, for the report of a scenario that took too long
blocked_tasks()
{
	local status

	grep -ls '^State:.*D' /proc/[0-9]*/task/[0-9]*/status | while read -r status; do
		echo "blocked: $(tr '\0' ' ' < "${status%/*}/cmdline")"
		cat "${status%/*}/stack"
	done 2>/dev/null
}
