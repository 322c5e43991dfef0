# PanDA, pyglidein, CSV and JSON Lines: counts, sizes and Requirements.
show() { jq -c '[.idle_jobs,.running_jobs,.held_jobs,.request,.requirements,.ad,.users]'; }
for file in panda:panda_by_site_and_resource.json panda:panda_by_site.json pyglidein:pyglidein_state.json csv:jobs.csv jsonl:jobs.jsonl; do
  echo "$file"; tow-jobs "${file%%:*}:$DATA/workload/${file#*:}" --group-by Flavour | show
done
# Nothing is lost between the two spellings of the same jobs.
tow-jobs --source-name x --from csv "$DATA/workload/jobs.csv" --observed-at now --group-by Flavour >a
tow-jobs --source-name x --from jsonl "$DATA/workload/jobs.jsonl" --observed-at now --group-by Flavour | cmp a -
# PanDA's jobs go where they were brokered to.
cat >entries.yaml <<'Y'
defaults: {backend: local, pilot: {cpus: 8, memory: 16 GiB}, target: {argv: [x]}}
entries: {SITE_A: {}, elsewhere: {ad: {PandaSite: SITE_A}}, SITE_B: {}, SITE_C: {}}
Y
{ tow-jobs "panda:$DATA/workload/panda_by_site.json" --observed-at now; tow-entries entries.yaml; } | tow-demand --only demand | jq -c '[.entry,.jobs_matching]'
echo "wrong"
try() { printf '%b' "$2" | tow-jobs --from "$1" --only job_group; echo "exit $?"; }
try panda '{"SITE":{"activated":-1}}'; try panda '{"SITE":3}'; try panda '{"success":false,"message":"Database failure","data":{}}'
try panda '<html><body>Sign in</body></html>'; try panda ''
try pyglidein '{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":1}'; try pyglidein '[{"cpus":"four"}]'
try csv 'state,count\nidle\n'; try csv 'state,count\nwaiting,1\n'; try csv 'memory\n12 parsecs\n'; try csv '"a\n'; try csv 'a b\n1\n'
try jsonl '{"cpus":1}\n[1]\n'; try jsonl '{"requirements":"((("}\n'; try jsonl '{"x":{"y":1}}\n'
