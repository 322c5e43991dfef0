# Without a terminal: what the view would show, as records. The state file is newer than any stream.
echo '{"type":"entry","v":1,"entry":"A","backend":"local","pilot":{"cpus":1,"memory_bytes":1}}
{"type":"pilot_count","v":1,"entry":"A","pending":1,"running":2,"held":3,"removing":0}' >decision.jsonl
tow-top --once decision.jsonl -o table
echo "--- one that is malformed"
echo garbage >decision.jsonl
tow-top --once decision.jsonl || echo "exit $?"
echo "--- no terminal"
tow-top </dev/null || echo "exit $?"
