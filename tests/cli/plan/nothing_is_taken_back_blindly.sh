cat >in <<'R'
{"type":"entry","v":1,"entry":"A","backend":"local","pilot":{"cpus":1,"memory_bytes":1000}}
{"type":"pilot_count","v":1,"entry":"A","pending":7,"running":0,"observed_at":"2026-11-21T12:00:00Z"}
{"type":"job_class","v":1,"id":"c","entries":["A"],"idle_jobs":2,"request":{"cpus":1,"memory_bytes":1}}
R
show() { tow-plan --remove pending "$@" -o table --columns entry,submit,remove,remove_what,why; }
show in
for scope in jobs pilots slots entries; do
  echo '{"type":"gap","v":1,"scope":"'$scope'","source":"s","error":{"kind":"unavailable","message":"refused"}}' | cat in - | show
done
head -2 in | show
