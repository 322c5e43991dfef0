export TOW_STATE_DIR=state
printf 'entries: [e.yaml]\n' >c.yaml
printf 'entries:\n  T2_XX_A: {backend: local, pilot: {memory: 1 GiB}}\n' >e.yaml
export TOW_CONFIG=c.yaml
good="--until 1h --why w --author ada"
try() { tow-override "$@"; echo "exit $?"; }
try set T2_XX_A max_pilots=1 --why w
try set T2_XX_A max_pilots=1 --until 1h
try set T2_XX_A max_pilots=1 --until 1h --why ' '
try set T2_XX_A max_pilots=1 --until -1h --why w
try set T2_XX_A max_pilots=1 --until tomorrow --why w
try set T2_XX_A max_pilots=1 --until 2026-11-21T11:00:00Z --why w
try set $good
try set T2_XX_A $good
try set T2_XX_A max_pilot=1 $good
try set T2_XX_A max_pilots=-1 $good
try set T2_XX_A state=drained $good
try set T2_XX_A max_pilots $good
try set T2_XX_A tier=1 tier=2 $good
try set 'T2 XX' tier=1 $good
try lift
try lift T2_XX_A
try list T2_XX_A
try list --why w
try lift --all
try sett T2_XX_A
ls
# What might still be meant is done, with a warning.
try set T2_XX_B tier=1 $good
try set 'T3_*' tier=1 $good -o csv
printf 'nonsense: 1\n' >c.yaml
try set 'T2_*' tier=1 $good --columns entries
try lift T2_XX_B T2_XX_A
tow-override list --columns entries
