export TOW_STATE_DIR=state
entry='{"type":"entry","v":1,"entry":"A","backend":"local","pilot":{"cpus":1,"memory_bytes":1},"target":{"argv":["sleep","100"],"grace_seconds":1}}'
printf '%s\n{"type":"request","v":1,"request":"01M7YZMHG0RZ4S2RJZ2W4V1B0B","plan":"01M7YZMHG0RZ4S2RJZ2W4V1B0B","entry":"A","submit":3}\n' "$entry" | tow-submit >/dev/null
tow-remove --entry A --what all; echo "exit $?"
tow-remove --entry A --what all --count 2 --dry-run | jq -c '[.entry,.removed,.dry_run]'
tow-remove --entry A --yes | jq -c '[.entry,.removed]'
tow-remove --entry A --what all --count 2 --yes | jq -c '[.entry,.removed]'
tow-remove --pilot 01M7YZMHG0RZ4S2RJZ2W4V1B0C --yes; echo "exit $?"
tow-pilots --only pilot --columns state | sort | uniq -c | grep -c running
tow-remove --entry A --what all --yes >/dev/null
for _ in $(seq 100); do tow-pilots --only pilot >p; grep -q '"ended_at"' p && ! grep -q '"removing"' p && break; sleep 0.05; done
jq -c '[.entry,.state,.reason]' p
