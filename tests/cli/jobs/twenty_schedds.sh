# Of 20 schedds 3 hang and 2 refuse: the jobs of the other 15 are all there, within the deadline, and five
# gaps say what is not. Nothing is left running.
export FAKE_CONDOR_Q=by_name FAKE_CONDOR_STATUS=schedds.json
names=$(echo good{01..15}.example.org hang{1..3}.example.org refuse{1..2}.example.org)
for name in $names; do printf '[{"JobStatus":1,"JobCount":10,"Requirements":true}\n]\n' >"$name.json"; done
for name in $names; do printf '{"Name":"%s"}' "$name"; done | jq -s . >schedds.json
begin=$(date +%s%N)
tow-jobs condor --schedd all --source-timeout 1s --config /dev/null >seen.jsonl 2>errors; echo "exit $?"
took=$(( ($(date +%s%N) - begin) / 1000000 )); [ $took -lt 2500 ] || echo "took $took ms"
jq -s -c 'map(select(.type == "job_group")) | [length, (map(.source) | unique | length), (map(.idle_jobs) | add)]' seen.jsonl
jq -s -c 'map(select(.type == "gap"))[] | [.source, .error.kind]' seen.jsonl
wc -l <errors
sleep 0.1; for pid in $(cat fake.pid); do kill -0 "$pid" 2>/dev/null && echo "condor_q is still there"; done
# Ordered as the schedds are, whoever answers first; and 5 of them by name.
tow-jobs condor --schedd hang1.example.org,good02.example.org,refuse1.example.org --source-timeout 0.3s --config /dev/null 2>/dev/null |
  jq -r .source
