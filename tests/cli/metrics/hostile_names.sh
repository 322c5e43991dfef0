# Quotes, line ends, markup, other scripts: escaped in every format, never a line or a label of their own.
cat >hostile.jsonl <<'J'
{"type":"metric","v":1,"metric":"site_load_ratio","labels":{"site":"a\"} 1\nsite_load_ratio{x=\"y"},"value":0.5,"help":"of a\nsite \\"}
{"type":"metric","v":1,"metric":"site_load_ratio","labels":{"site":"<script>alert(1)</script>\\"},"value":-3}
{"type":"metric","v":1,"metric":"site_load_ratio","labels":{"site":"Zürich ‮ 日本\u0000"},"value":1e300}
J
tow-metrics --text prometheus hostile.jsonl | grep site_load; tow-metrics --text openmetrics hostile.jsonl | tail -n 7
tow-metrics -o jsonl --only metric hostile.jsonl | head -n 3
# What a sink would have sent, as its spool has it: nothing listens at port 1.
for to in graphite:127.0.0.1:1 influx:http://127.0.0.1:1/write opensearch:http://127.0.0.1:1 json:http://127.0.0.1:1 statsd:127.0.0.1:1; do
  echo "== $to"; tow-metrics --to "$to" -q --state state hostile.jsonl >/dev/null
  strings -a -n 8 -e S state/spool/"${to%%:*}"*/*.batch 2>/dev/null | grep -a 'site_load' | sed 's/"host":"[^"]*"/"host":"HOST"/'
done
