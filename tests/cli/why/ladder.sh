# How far things have come at an entry: matching, planned, sent, registered, working.
cat >in <<'R'
{"type":"job_group","v":1,"id":"g","idle_jobs":10,"request":{"cpus":1,"memory_bytes":1073741824}}
{"type":"job_group","v":1,"id":"large","idle_jobs":30,"request":{"cpus":16,"memory_bytes":1073741824}}
{"type":"entry","v":1,"entry":"NONE","backend":"local","pilot":{"cpus":1,"memory_bytes":1073741824},"start":"TARGET.Owner == \"ann\""}
{"type":"entry","v":1,"entry":"OFF","backend":"local","state":"draining","pilot":{"cpus":1,"memory_bytes":1073741824}}
{"type":"entry","v":1,"entry":"FULL","backend":"local","pilot":{"cpus":1,"memory_bytes":1073741824},"limits":{"max_pilots":0}}
{"type":"entry","v":1,"entry":"WAITS","backend":"local","pilot":{"cpus":1,"memory_bytes":1073741824}}
{"type":"entry","v":1,"entry":"RUNS","backend":"local","pilot":{"cpus":1,"memory_bytes":1073741824}}
{"type":"pilot_count","v":1,"entry":"FULL","pending":0,"running":0,"held":0,"removing":0,"observed_at":"2026-11-21T12:00:00Z"}
{"type":"pilot_count","v":1,"entry":"WAITS","pending":3,"running":0,"held":1,"removing":0,"oldest_pending_seconds":7500,"observed_at":"2026-11-21T12:00:00Z"}
{"type":"pilot_count","v":1,"entry":"RUNS","pending":0,"running":2,"held":0,"removing":0,"observed_at":"2026-11-21T12:00:00Z"}
R
tow-demand in | tow-plan | tow-why --entry NONE,OFF,FULL,WAITS,RUNS -o table
echo "--- without a plan"
tow-why in --entry WAITS --only rung --columns rung,state,why
echo "--- with a gap"
{ grep -v '"WAITS","pending"' in; echo '{"type":"gap","v":1,"scope":"pilots","source":"condor:a","entries":["WAITS"],"error":{"kind":"timeout","message":"timeout after 60s"},"observed_at":"2026-11-21T12:00:00Z"}'; } |
  tow-why --entry WAITS --only rung --columns rung,state,why
