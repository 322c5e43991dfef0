export TOW_NOW=2026-11-22T00:00:00Z
tow-logs collect "$DATA/logs/glidein" --columns entry,backend_id,outcome,cause; echo "exit $?"
tow-logs collect "$DATA/logs/glidein" | wc -l
tow-logs summary --by outcome -o table
tow-logs summary --entry 'EXAMPLE_*' | jq -c '[.group, .pilots, .wasted_core_seconds, .causes]'
tow-logs show 17.0 -o table
tow-logs show 17.0 --log startd | tail -2
tow-logs show 17.0 --log nothing; echo "exit $?"
tow-logs search 'status=1$' --columns backend_id,file,line,text; echo "exit $?"
tow-logs search 'no such words'; echo "exit $?"
tow-logs diff --recent 1d -o table
tow-logs check; echo "exit $?"
tow-logs collect "$DATA/logs/pilots" --keep 1h >collected; tow-logs summary --by entry | jq -r .group
echo "list"; tow-logs list --only pilot_log | jq -r '[.entry, .outcome] | join(" ")' | sort | uniq -c | sed 's/^ *//'
