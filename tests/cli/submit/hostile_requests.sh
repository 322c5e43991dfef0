# Refused before anything is journalled or started.
entry='{"type":"entry","v":1,"entry":"A","backend":"local","pilot":{"cpus":1,"memory_bytes":1},"target":{"argv":["true"]}}'
id=01M7YZMHG0RZ4S2RJZ2W4V1B0B
try() { printf '%s\n%s\n' "$entry" "$1" | tow-submit --state state; echo "exit $?"; }
try '{"type":"request","v":1,"request":"'$id'","plan":"'$id'","entry":"A\n; touch pwned","submit":1}'
try '{"type":"request","v":1,"request":"../../x","plan":"'$id'","entry":"A","submit":1}'
try '{"type":"request","v":1,"request":"'$id'","plan":"'$id'","entry":"A","submit":-1}'
try '{"type":"request","v":1,"request":"'$id'","plan":"'$id'","entry":"A","submit":1'
ls
