# What pilots used, per day, and what they may still use. One of them vanishes.
export TOW_STATE_DIR=state
entry() { echo '{"type":"entry","v":1,"entry":"'$1'","backend":"local","pilot":{"cpus":4,"memory_bytes":1,"nodes":2'${2-}'},"cost":{"per_core_hour":0.05,"currency":"EUR"},"target":{"argv":["sleep","1000"],"grace_seconds":1}}'; }
request() { echo '{"type":"request","v":1,"request":"'"$(printf '%026d' $1)"'","plan":"'"$(printf '%026d' 9)"'","entry":"'$2'","submit":'$3'}'; }
{ entry A ',"walltime_seconds":86400'; entry B; request 1 A 2; request 2 B 1; } | TOW_NOW=2026-11-20T21:00:00Z tow-submit >/dev/null
at() { TOW_NOW=$1 tow-pilots --config /dev/null --only usage | jq -c '[.entry,.currency,.days,.committed]'; }
at 2026-11-20T21:00:00Z
at 2026-11-21T12:00:00Z
gone=$(TOW_NOW=2026-11-21T12:00:00Z tow-pilots --config /dev/null | jq -r 'select(.type=="pilot" and .entry=="A").pilot' | head -1)
kill "$(jq -r .pid "state/local/$gone/claim")"
for _ in $(seq 200); do [ -e "state/local/$gone/exit" ] && break; sleep 0.05; done
rm -r "state/local/$gone"
at 2026-11-21T12:00:00Z
at 2026-11-21T20:00:00Z
TOW_NOW=2027-01-21T20:00:00Z tow-pilots --config /dev/null --only usage | jq -c '[.entry,(.days|length),.days[0]]'
TOW_NOW=2026-11-21T12:00:00Z tow-pilots --config /dev/null -o table --columns entry,committed.core_seconds,committed.cost --only usage
for e in A B; do tow-remove --entry $e --what all --yes >/dev/null; done
