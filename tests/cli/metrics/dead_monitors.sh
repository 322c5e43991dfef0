# Monitors that are dead, far away or wrong: the pipeline gets its records at once, all targets are tried at once,
# nothing is lost, and the run says so and ends with 0.
cat >targets.yaml <<'Y'
dead: {to: 'influx:http://127.0.0.1:1/write?db=x', deadline: 3s}
graphite: {to: 'graphite:127.0.0.1:1', deadline: 3s}
silent: {to: 'json:http://127.0.0.1:PORT/', deadline: 3s}
file: {to: 'textfile:aerotow.prom', only: [tow_gaps]}
Y
# Takes connections and never answers.
python3 -c 'import socket, time
s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1], flush=True); time.sleep(30)' >port & peer=$!
until [ -s port ]; do sleep 0.02; done; sed -i "s/PORT/$(cat port)/" targets.yaml
record='{"type":"gap","v":1,"scope":"pilots","source":"x\"y","error":{"kind":"timeout","message":"m"}}'
start=$SECONDS
echo "$record" | tow-metrics --targets targets.yaml 2>errors | { cat; [ $((SECONDS - start)) -lt 2 ] && echo "the reader did not wait"; }
echo "exit ${PIPESTATUS[1]}"; [ $((SECONDS - start)) -le 6 ] && echo "within the deadlines"
sed "s/:$(cat port)/:PORT/; s/after [0-9]* ms/after N ms/; s/after [0-9]* milliseconds/after N ms/; s/[0-9.]*[KM]*i*B wait/N bytes wait/" errors; cat aerotow.prom
kill $peer; wait $peer 2>/dev/null
echo "$record" | tow-metrics --targets targets.yaml -o jsonl --dry-run | grep spooled | sed 's/"value":[0-9]*/"value":N/'
ls .local/state/aerotow/spool 2>/dev/null || ls "$HOME/.local/state/aerotow/spool"
