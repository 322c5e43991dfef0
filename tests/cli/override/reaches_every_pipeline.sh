# Overrides come out of tow-pilots and go through the stream until they end by themselves.
export TOW_STATE_DIR=state TOW_CONFIG=/dev/null
tow-override set 'A*' max_pilots=0 --until 30m --why 'ticket 1' --author ada -q >/dev/null
tow-override set B tier=0 --until 3h --why 'ticket 2' --author ada -q >/dev/null
tow-pilots --only override
tow-pilots --dry-run | tow-plan | tow-submit | jq -c 'select(.type=="override") | [.entries,.values]'
TOW_NOW=2026-11-21T12:30:00Z tow-pilots --only override -o table
