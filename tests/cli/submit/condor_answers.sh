# Sent, refused, full, not trusted, and an answer that is lost: the next run settles that one.
export TOW_STATE_DIR=state TOW_CONFIG=/dev/null FAKE_CONDOR_Q=schedd.json
echo '[]' >schedd.json
entry='{"type":"entry","v":1,"entry":"CE","backend":"condor","pilot":{"cpus":1,"memory_bytes":1},"target":{"argv":["/opt/pilot"],"output":"'$PWD'/out"}}'
send() { printf '%s\n{"type":"request","v":1,"request":"'"$(printf '%026d' "$1")"'","plan":"%026d","entry":"CE","submit":2}\n' "$entry" 9 |
  tow-submit --only submission | jq -c '[.sent,.backend_ids,.error.kind,.error.message]'; echo "exit ${PIPESTATUS[1]}"; }
state() { tow-pilots --only pilot | jq -r .state | sort | uniq -c; }
send 1; send 1
FAKE_CONDOR_SUBMIT=refuse send 2
FAKE_CONDOR_SUBMIT=denied send 2
FAKE_CONDOR_SUBMIT=mute send 3; state
jq -c 'map(.JobStatus)' schedd.json
send 3; state
jq -c 'map(.JobStatus)' schedd.json
FAKE_CONDOR_SUBMIT=full send 4
send 4
