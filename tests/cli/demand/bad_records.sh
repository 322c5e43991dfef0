try() { echo "$1" | tow-demand; echo "exit $?"; }
try '{"type":"job_group","v":1,"id":"a","idle_jobs":"four"}'
try '{"type":"job_group","v":1,"id":"a"}'
try '{"type":"entry","v":1,"entry":"../x","backend":"local","pilot":{"cpus":1,"memory_bytes":1}}'
try '{"type":"entry","v":1,"entry":"x","backend":"local","pilot":{"cpus":0,"memory_bytes":1}}'
try '{"type":"entry","v":1,"entry":"x","backend":"local","state":"gone","pilot":{}}'
try '{"idle_jobs":4}'
entry='{"type":"entry","v":1,"entry":"x","backend":"local","pilot":{"cpus":1,"memory_bytes":1}}'
printf '%s\n' "$entry" '{"type":"gap","v":1,"scope":"jobs","source":"s"}' "$entry" >entries.jsonl
tow-demand entries.jsonl; echo "exit $?"
