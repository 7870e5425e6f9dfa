# SPDX-License-Identifier: GPL-2.0-or-later
#
# Of what kmemleak reports, the objects that this checkout's modules may have lost: one of their functions, or one of
# KVM, VFIO, mdev or iommufd that they call, is in the backtrace.  The functions of modules that are gone are mere
# addresses.
#
# -v symbols=FILE   their lines of /proc/kallsyms, sorted
# -v since=JIFFIES  only objects that are not older

BEGIN {
	while (symbols && (getline line < symbols) > 0) {
		split(line, part, " ")
		address[++count] = part[1]
		name[count] = part[3] " " part[4]
	}
}

function flush()
{
	if (ours && !older)
		printf "%s", record
	record = ""
	ours = older = 0
}

/^unreferenced object/ { flush() }

{ line = $0 }

match($0, /, jiffies [0-9]+/) && since && substr($0, RSTART + 10, RLENGTH - 10) + 0 < since + 0 { older = 1 }

/^ *(\[<[^>]*>\] )?0x[0-9a-f]+/ {
	ours = 1
	match(line, /0x[0-9a-f]+/)
	hex = substr(line, RSTART + 2, RLENGTH - 2)
	for (i = count; i > 0 && address[i] "" > hex ""; i--)
		;
	if (i)
		line = line " in " name[i]
}

/\[(vfio_ap|ap_sim|mdev)\]/ || / (kvm|vfio|mdev|iommufd)_/ { ours = 1 }

{ record = record line "\n" }

END { flush() }
