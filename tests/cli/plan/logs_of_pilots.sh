# Pilots that ended with 0 and by their logs did nothing open the circuit breaker, wherever in the stream that is said.
T=2026-11-21T11:
world() {
  cat <<'R'
{"type":"entry","v":1,"entry":"A","backend":"local","pilot":{"cpus":1,"memory_bytes":2000000000}}
{"type":"pilot_count","v":1,"entry":"A","pending":0,"running":0,"observed_at":"2026-11-21T12:00:00Z"}
{"type":"job_class","v":1,"id":"c","entries":["A"],"idle_jobs":50,"request":{"cpus":1,"memory_bytes":1000000000}}
R
  for i in 1 2 3 4 5 6; do
    echo '{"type":"pilot","v":1,"pilot":"P'$i'","entry":"A","state":"done","exit_code":0,"started_at":"'$T'3'$i':00Z","ended_at":"'$T'5'$i':00Z"}'
  done
}
logs() { for i in 1 2 3 4 5 6; do echo '{"type":"pilot_log","v":1,"pilot":"P'$i'","entry":"A","outcome":"'"$1"'"}'; done; }
decide() { tow-plan --at 2026-11-21T12:00:00Z --only request | jq -c '[.submit, .why]'; }
world | decide
{ world; logs never_connected; } | decide
{ logs never_connected; world; } | decide
echo "What came to no harm of its own counts as before:"
for outcome in ok no_work unproven removed time_limit; do { world; logs $outcome; } | decide; done
echo "What the old decision passed on is decided the same way again:"
{ world; logs broken; } | tow-plan --at 2026-11-21T12:00:00Z >first; tow-plan first | cmp - first && echo same
