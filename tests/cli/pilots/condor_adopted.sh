# The state file is lost; the schedd knows its pilots. One that was never let go is not counted on.
export TOW_STATE_DIR=state TOW_CONFIG=/dev/null FAKE_CONDOR_Q=schedd.json
echo '[]' >schedd.json
entry='{"type":"entry","v":1,"entry":"CE","backend":"condor","pilot":{"cpus":1,"memory_bytes":1},"target":{"argv":["/opt/pilot"],"output":"'$PWD'/out"}}'
send() { printf '%s\n{"type":"request","v":1,"request":"01M7YZMHG0RZ4S2RJZ2W4V1B0B","plan":"01M7YZMHG0RZ4S2RJZ2W4V1B0B","entry":"CE","submit":3}\n' "$entry" |
  tow-submit --only submission | jq -c '[.asked,.sent]'; }
send
jq '.[0].JobStatus = 2 | .[2].JobStatus = 5 | .[2].HoldReasonCode = 15' schedd.json >s && mv s schedd.json
rm -r state
printf 'entries:\n  CE: {backend: condor, pilot: {memory: 1 GiB}}\n' >e.yaml
tow-pilots e.yaml | jq -c 'select(.type=="pilot") | [.entry,.state,.backend_id,.reason]'
send
jq -c 'map(.JobStatus)' schedd.json
echo "the same, with no look between:"
jq 'map(select(.JobStatus != 3))' schedd.json >s && mv s schedd.json
rm -r state; send; jq -c 'map(.JobStatus)' schedd.json
