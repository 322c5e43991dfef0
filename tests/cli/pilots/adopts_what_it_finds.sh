# The state file is lost, the pilots are not.
export TOW_STATE_DIR=state
entry='{"type":"entry","v":1,"entry":"A","backend":"local","pilot":{"cpus":1,"memory_bytes":1},"target":{"argv":["sleep","100"],"grace_seconds":1}}'
printf '%s\n{"type":"request","v":1,"request":"01M7YZMHG0RZ4S2RJZ2W4V1B0B","plan":"01M7YZMHG0RZ4S2RJZ2W4V1B0B","entry":"A","submit":2}\n' "$entry" | tow-submit >/dev/null
rm state/state.sqlite
printf 'entries:\n  A: {backend: local, pilot: {memory: 1 GiB}}\n' >e.yaml
tow-pilots e.yaml | jq -c '[.type,.entry,.running,.state]'
tow-remove --entry A --what all --yes >/dev/null
