# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The models of the locking

check_models()
{
	from_tap models "$logs/models.log" in_the_gaps tests/models/run
}
