# The same stream twice counts once; a request that is told again with more counts what is new; a day that goes on too.
stream() { # SENT CORE_SECONDS
  printf '%s\n' '{"type":"entry","v":1,"entry":"A","backend":"local","state":"in_service"}' \
    '{"type":"submission","v":1,"request":"01R","entry":"A","asked":5,"sent":'"$1"'}' \
    '{"type":"submission","v":1,"request":"01S","entry":"A","asked":5,"sent":9,"dry_run":true}' \
    '{"type":"usage","v":1,"entry":"A","days":[{"day":"2026-11-20T00:00:00Z","pilots":1,"core_seconds":100,"cost":0.5},{"day":"2026-11-21T00:00:00Z","pilots":2,"core_seconds":'"$2"',"cost":0.25}]}' \
    '{"type":"pilot","v":1,"pilot":"P1","entry":"A","state":"done","submitted_at":"2026-11-21T10:00:00Z","started_at":"2026-11-21T10:01:00Z","ended_at":"2026-11-21T11:00:00Z"}'
}
show() { tow-metrics --text prometheus | grep -E '_total|latency.*(le="(30|60|\+Inf)"|sum|count)' | grep -v '^#'; }
stream 3 40 | show; echo; stream 3 40 | show | cksum; stream 3 40 | show | cksum; echo
stream 5 45 | show
echo; echo "the entry is gone, and comes back"
echo '{"type":"entry","v":1,"entry":"B","backend":"local","state":"in_service"}' | show
echo '{"type":"gap","v":1,"scope":"entries","source":"x","error":{"kind":"io","message":"m"}}' | show
