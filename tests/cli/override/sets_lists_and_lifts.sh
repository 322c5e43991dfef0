# An operator's evening: cap, see, correct, lift; the history tells.
export TOW_STATE_DIR=state
printf 'entries: [e.yaml]\n' >c.yaml
printf 'entries:\n  T2_XX_A: {backend: local, pilot: {memory: 1 GiB}}\n  T2_XX_B: {backend: local, pilot: {memory: 1 GiB}}\n' >e.yaml
export TOW_CONFIG=c.yaml SUDO_USER=ada
tow-override; echo "exit $?"
tow-override set 'T2_*' max_pilots=10 state=draining --until 4h --why 'ticket 1234' --dry-run; ls
tow-override set 'T2_*' max_pilots=10 state=draining --until 4h --why 'ticket 1234'
TOW_NOW=2026-11-21T12:10:00Z tow-override set 'T2_*' max_pilots=20 --until 2026-11-22T08:00:00Z --why ' 10 is too few ' --author bob
TOW_NOW=2026-11-21T12:10:00Z tow-override set T2_XX_B tier=0 --until 1h --why 'fill it first'
TOW_NOW=2026-11-21T12:11:00Z tow-override list -o table
TOW_NOW=2026-11-21T13:10:00Z tow-override list --columns entries,values
TOW_NOW=2026-11-21T13:11:00Z tow-override lift 'T2_*' --dry-run --columns entries,values
TOW_NOW=2026-11-21T13:11:00Z tow-override lift 'T2_*' | jq -c '[.values,.lifted_at,.lifted_by]'
TOW_NOW=2026-11-21T13:12:00Z tow-override list --all -o table --columns entries,values,until,why,author,lifted_at,lifted_by,replaced_by
TOW_NOW=2027-03-01T00:00:00Z tow-override set A tier=1 --until 1h --why w -q >/dev/null
tow-override list --all --columns entries,values
