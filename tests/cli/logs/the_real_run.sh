# 31 jobs, each made to end or wait in another way; the event log alone.
tow-logs read "$DATA/logs/run/eventlog_iso_utc.log" --columns backend_id,outcome,cause,actor
tow-logs events "$DATA/logs/run/eventlog_json.log" | jq -r .event | sort | uniq -c
