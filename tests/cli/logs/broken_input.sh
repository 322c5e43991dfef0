# Cut off, binary, on one line: what can be read is read, what cannot is said.
head -c 20000 "$DATA/logs/run/eventlog_iso_utc.log" >cut.log
tow-logs events cut.log | wc -l
{ printf 'x\0\377y\n...\n'; cat "$DATA/logs/run/eventlog_iso_utc.log"; } >binary.log
tow-logs events binary.log | wc -l
head -c 3000000 /dev/zero >long.out; printf '\nStarting glidein_startup.sh at x (1795255200)\r\n=== Glidein ending x (1795255210) with code 0 after 10 ===\r\n' >>long.out
tow-logs read long.out | jq -c '[.outcome, .wall_seconds, .damage]'
head -c 2000 "$DATA/logs/run/condor_history.json" >history.json
tow-logs read history.json
: >empty.out; tow-logs read empty.out | jq -c '[.outcome, .reason]'
