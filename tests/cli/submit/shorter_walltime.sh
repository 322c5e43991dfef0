# A request may shorten the life of its pilots; it cannot prolong it.
export TOW_STATE_DIR=state TOW_CONFIG=/dev/null
entry='{"type":"entry","v":1,"entry":"A","backend":"local","pilot":{"cpus":1,"memory_bytes":1,"walltime_seconds":3600},"target":{"argv":["sh","-c","echo $AEROTOW_WALLTIME_SECONDS; exec sleep 100"],"grace_seconds":1}}'
request() { echo '{"type":"request","v":1,"request":"'"$(printf '%026d' $1)"'","plan":"'"$(printf '%026d' 9)"'","entry":"A","submit":1'${2-}'}'; }
{ echo "$entry"; request 1 ',"walltime_seconds":1'; request 2 ',"walltime_seconds":7200'; request 3; } | tow-submit >/dev/null
for _ in $(seq 200); do tow-pilots >p; grep -q '"running":2' p && break; sleep 0.05; done
jq -c 'select(.type=="pilot") | [.state,.expires_at,.reason]' p
jq -c 'select(.type=="usage") | .committed.core_seconds' p
cat state/local/*/out | sort -n
tow-remove --entry A --what all --yes >/dev/null
