{ tow-jobs --observed-at now "$DATA/condor/condor_q_mid.json"; tow-entries "$EXAMPLES/entries.yaml"; } | tow-demand >demand
tow-plan demand -o table
cat >pilots <<'R'
{"type":"pilot_count","v":1,"entry":"LOCAL_BIG","pending":0,"running":0,"observed_at":"2026-11-21T12:00:00Z"}
{"type":"pilot_count","v":1,"entry":"LOCAL_SMALL","pending":0,"running":0,"observed_at":"2026-11-21T11:00:00Z"}
{"type":"pilot_count","v":1,"entry":"LOCAL_SPILL","pending":0,"running":0,"observed_at":"2026-11-21T12:00:00Z"}
{"type":"gap","v":1,"scope":"pilots","source":"condor:s1","entries":["LOCAL_SPILL"],"error":{"kind":"timeout","message":"no answer"}}
R
echo; cat demand pilots | tow-plan -o table
