# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Words for sysfs: the AP bus, the matrix parent, mediated devices.

bus=/sys/bus/ap
matrix=/sys/devices/vfio_ap/matrix
create=$matrix/mdev_supported_types/vfio_ap-passthrough/create

# UUIDs for the scenarios; the variables are what a scenario calls the devices
A=aaaaaaaa-0000-4000-8000-00000000000a
B=bbbbbbbb-0000-4000-8000-00000000000b
C=cccccccc-0000-4000-8000-00000000000c
D=dddddddd-0000-4000-8000-00000000000d

# attempt PATH DATA: one write(2), with \n and \0 in DATA; its errno's name in $errno, empty on success
attempt()
{
	local message said=/run/vm/attempt.$BASHPID

	errno=
	if [[ $2 == *'\n'?* ]]; then
		# bash itself would make one write(2) of each line
		printf '%b' "$2" | dd of="$1" bs=64k iflag=fullblock status=none 2> "$said" && return
	else
		{ printf '%b' "$2" > "$1"; } 2> "$said" && return
	fi
	read -r message < "$said" || :
	case $message in
	*"Invalid argument") errno=EINVAL ;;
	*"Device or resource busy") errno=EBUSY ;;
	*"Address already in use") errno=EADDRINUSE ;;
	*"Cannot assign requested address") errno=EADDRNOTAVAIL ;;
	*"No such device") errno=ENODEV ;;
	*"No such file or directory") errno=ENOENT ;;
	*"Numerical result out of range") errno=ERANGE ;;
	*"File exists") errno=EEXIST ;;
	*"Permission denied") errno=EACCES ;;
	*"Operation not permitted") errno=EPERM ;;
	*"Input/output error") errno=EIO ;;
	*"Resource temporarily unavailable") errno=EAGAIN ;;
	*"Interrupted system call") errno=EINTR ;;
	*) errno=$message ;;
	esac
}

# store PATH DATA: a write that must succeed
store()
{
	attempt "$1" "$2"
	[[ -z $errno ]] || fail "writing '$2' to $1: $errno"
}

# refused ERRNO PATH DATA: a write that must fail like this
refused()
{
	attempt "$2" "$3"
	[[ $errno == "$1" ]] || fail "writing '$3' to $2: expected $1, got ${errno:-success}"
}

# shows PATH TEXT: the attribute's content, without its last newline
shows()
{
	is "$(< "$1")" "$2" "$1"
}

# has PATH TEXT: the same as a condition, for await
has()
{
	[[ $(< "$1") == "$2" ]]
}

lines()
{
	wc -l < "$1"
}

# --- the host's and the pool's queues ---

# free_queues APMASK AQMASK: takes bits out of the masks: free_queues -5 -0x47,-0xab; "" for none
free_queues()
{
	[[ -z ${1-} ]] || store $bus/apmask "$1"
	[[ -z ${2-} ]] || store $bus/aqmask "$2"
}

scan()
{
	store $bus/scans 1
}

# queue APQN: its directory
queue()
{
	echo "/sys/devices/ap/card${1%%.*}/$1"
}

card()
{
	echo "/sys/devices/ap/card$1"
}

# driver_of APQN: name of the driver it is bound to, "none" if it is not
driver_of()
{
	local link

	link=$(readlink "$(queue "$1")/driver") || link=none
	echo "${link##*/}"
}

# bound_to DRIVER APQN: a condition
bound_to()
{
	[[ $(driver_of "$2") == "$1" ]]
}

# status_of APQN TEXT
status_of()
{
	shows "$(queue "$1")/status" "$2"
}

unbind()
{
	store $bus/drivers/vfio_ap/unbind "$1"
}

bind()
{
	store $bus/drivers/vfio_ap/bind "$1"
}

# --- mediated devices ---

device()
{
	echo "$matrix/$1"
}

# new_device UUID [ADAPTERS [DOMAINS [CONTROL_DOMAINS]]]: numbers, separated by blanks
new_device()
{
	store $create "$1"
	[[ $# -lt 2 ]] || assign "$1" adapter $2
	[[ $# -lt 3 ]] || assign "$1" domain $3
	[[ $# -lt 4 ]] || assign "$1" control_domain $4
}

# assign UUID adapter|domain|control_domain NUMBER...
assign()
{
	local uuid=$1 what=$2 number

	shift 2
	for number; do
		store "$matrix/$uuid/assign_$what" "$number"
	done
}

unassign()
{
	local uuid=$1 what=$2 number

	shift 2
	for number; do
		store "$matrix/$uuid/unassign_$what" "$number"
	done
}

# config UUID APM AQM ADM: one write of ap_config
config()
{
	store "$matrix/$1/ap_config" "$2,$3,$4"
}

remove()
{
	store "$matrix/$1/remove" 1
}

# matrix_of UUID "05.0004 05.0005": what is assigned
matrix_of()
{
	is "$(in_one_line "$matrix/$1/matrix")" "$2" "matrix of $1"
}

# guest_matrix_of UUID "05.0004"
guest_matrix_of()
{
	is "$(in_one_line "$matrix/$1/guest_matrix")" "$2" "guest_matrix of $1"
}

# in_guest_matrix UUID "05.0004": a condition
in_guest_matrix()
{
	[[ $(in_one_line "$matrix/$1/guest_matrix") == "$2" ]]
}

in_one_line()
{
	local lines

	mapfile -t lines < "$1"
	echo "${lines[*]}"
}
