# SPDX-License-Identifier: GPL-2.0-or-later
#
# The kernel's uevents, as they leave it: not udev's.

package Uevents;

use strict;
use warnings;
use Socket;

use constant { AF_NETLINK => 16, NETLINK_KOBJECT_UEVENT => 15, KERNEL_GROUP => 1 };

sub new {
	my ($class) = @_;

	socket(my $socket, AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT) or die "netlink socket: $!\n";
	setsockopt($socket, SOL_SOCKET, SO_RCVBUF, 1 << 20);
	bind($socket, pack('S S L L', AF_NETLINK, 0, 0, KERNEL_GROUP)) or die "bind: $!\n";
	return bless { socket => $socket }, $class;
}

# The next uevent as "ACTION@DEVPATH NAME=VALUE...", undef if $flags say not to wait and there is none
sub next {
	my ($self, $flags) = @_;

	defined recv($self->{socket}, my $message, 65536, $flags // 0) or return undef;
	my ($header, @variables) = split /\0/, $message;
	s/\n/\\n/g for @variables;
	return join ' ', $header, grep { !/^(ACTION|DEVPATH|SEQNUM)=/ } @variables;
}

1;
