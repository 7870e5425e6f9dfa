# SPDX-License-Identifier: GPL-2.0-or-later
#
# Completion for fish. The command itself knows what may come next.

function __vfioap_ctl_complete
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l current (commandline --current-token --cut-at-cursor)
    vfioap-ctl --complete (count $words) $words "$current" 2>/dev/null
end

complete --command vfioap-ctl --no-files --arguments '(__vfioap_ctl_complete)'
complete --command vfioap-ctl --long-option root --require-parameter \
    --arguments '(__fish_complete_directories)'
