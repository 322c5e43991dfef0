# One bad item does not stop the others; the exit status is 1.
id() { printf '%026d' "$1"; }
{ for e in UNKNOWN NOCOMMAND NOARGV EXPIRED; do
    [ $e = UNKNOWN ] || echo '{"type":"entry","v":1,"entry":"'$e'","backend":"local","pilot":{"cpus":1,"memory_bytes":1},"target":{"argv":["/no/such/pilot"]}}' |
      { [ $e = NOARGV ] && sed 's/"target":{[^}]*}/"target":{}/' || cat; }
  done
  echo '{"type":"entry","v":1,"entry":"NOBACKEND","backend":"slrm","pilot":{"cpus":1,"memory_bytes":1}}'
  n=0; for e in UNKNOWN NOCOMMAND NOARGV EXPIRED NOBACKEND; do n=$((n + 1))
    echo '{"type":"request","v":1,"request":"'"$(id $n)"'","plan":"'"$(id 99)"'","entry":"'$e'","submit":2,"valid_until":"2026-11-21T1'$([ $e = EXPIRED ] && echo 1 || echo 3)':00:00Z"}'; done; } >in
tow-submit --state state in --only submission | jq -c '[.entry,.asked,.sent,.error]'
tow-submit --state state in >/dev/null 2>&1; echo "exit $?"
