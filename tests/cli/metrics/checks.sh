cat >checks.jsonl <<'J'
{"type":"check","v":1,"check":"cvmfs.repository","target":"a.example.org","server":"s1","state":"ok","message":"fine","value":12,"unit":"seconds","evidence":{"figure":"age","warning":100,"critical":200},"observed_at":"2026-11-21T11:00:00Z"}
{"type":"check","v":1,"check":"cvmfs.cache","target":"b.example.org","state":"critical","reason":"full","message":"no | room; 'quoted' \"twice\"\nsecond line","value":0.01,"unit":"ratio","evidence":{"figure":"free","warning":0.05,"critical":0.02},"advice":"make room","observed_at":"2026-11-21T11:00:00Z"}
{"type":"check","v":1,"check":"squid","target":"c;d","state":"warning","message":"slow"}
J
for format in nagios passive checkmk wlcg; do
  echo "== $format"; tow-metrics --checks $format checks.jsonl | sed "s/;$(hostname -s);/;HOST;/"; echo "exit ${PIPESTATUS[0]}"
done
echo "== none"; tow-metrics --checks nagios </dev/null; echo "exit $?"
