# A folder that one decision after the other adds to; a damaged history is not overwritten.
decision() { # HOUR RUNNING
  echo '{"type":"pilot_count","v":1,"entry":"A","pending":0,"running":'"$2"',"held":0,"removing":0,"observed_at":"2026-11-21T'"$1"':00:00Z"}'
}
decision 09 5 | tow-report --watch www
decision 10 7 | tow-report --watch www
decision 12 6 | tow-report --watch www --title "Pilots & more"
cat www/history.jsonl
ls www
grep -o '<title>.*</title>' www/index.html
grep -o 'Pilots by state, last day' www/index.html | head -1
decision 13 1 | tow-report --watch www --dry-run && wc -l <www/history.jsonl
echo broken >>www/history.jsonl
before=$(cksum www/index.html)
decision 13 1 | tow-report --watch www || echo "exit $?"
[ "$(cksum www/index.html)" = "$before" ] && tail -n 1 www/history.jsonl
tow-report --watch www --format text </dev/null || echo "exit $?"
