try() { tow-metrics "$@" </dev/null; echo "exit $?"; }
try --to nonsense
try --to influx:ftp://x/
try --to influx:http://user:secret@127.0.0.1/write
try --to graphite:nowhere
try --to textfile:a.prom,textfile:a.prom
try --text html
echo 'x: {to: "json:http://127.0.0.1:1/", authorization_file: secret}' >t.yaml; echo 'Bearer abc' >secret; chmod 644 secret
try --targets t.yaml
echo 'x: {to: "json:http://127.0.0.1:1/", spol: 1MB}' >t.yaml; try --targets t.yaml
metric() { printf '%s\n' "$1" >m.yaml; try --mapping m.yaml; }
metric 'site_cores_total: {help: h, from: {record: entry, value: x}}'
metric 'site_milliseconds: {help: h, from: {record: entry, value: x}}'
metric 'site_cores: {help: h, from: {record: entry, value: x, labels: {le: y}}}'
metric 'site_cores: {help: h, kind: histogram, from: {record: entry, value: x}}'
metric 'site_cores: {help: h, from: {record: entry, valu: x}}'
record() { echo "$1" | tow-metrics >/dev/null; echo "exit $?"; }
record '{"type":"metric","v":1,"metric":"a b","value":1}'
record '{"type":"metric","v":1,"metric":"a","kind":"summary","value":1}'
record '{"type":"metric","v":1,"metric":"a","labels":{"job":"x"},"value":1}'
record '{"type":"metric","v":1,"metric":"a","value":"x"}'
