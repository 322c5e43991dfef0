# Nothing counts as removed when nobody answered, although condor_rm says that nothing matched.
export TOW_STATE_DIR=state TOW_CONFIG=/dev/null FAKE_CONDOR_Q=schedd.json
echo '[]' >schedd.json
entry='{"type":"entry","v":1,"entry":"CE","backend":"condor","pilot":{"cpus":1,"memory_bytes":1},"target":{"argv":["/opt/pilot"],"output":"'$PWD'/out"}}'
printf '%s\n{"type":"request","v":1,"request":"01M7YZMHG0RZ4S2RJZ2W4V1B0B","plan":"01M7YZMHG0RZ4S2RJZ2W4V1B0B","entry":"CE","submit":3}\n' "$entry" | tow-submit --only none
request='{"type":"request","v":1,"request":"01M7YZMHG0RZ4S2RJZ2W4V1B0D","plan":"01M7YZMHG0RZ4S2RJZ2W4V1B0B","entry":"CE","remove":2,"remove_what":"pending"}'
take() { echo "$request" | tow-remove --only removal | jq -c '[.asked,.removed,.error.message]'; echo "exit ${PIPESTATUS[1]}"; }
FAKE_CONDOR_RM=fail take
tow-pilots --only pilot | jq -r .state | sort | uniq -c
take; take
tow-pilots --only pilot | jq -r .state | sort | uniq -c
