# What is left of an allocation caps all its entries together, as the centre charges: nodes times hours times a
# factor. What was used since it was looked at comes from the ledger, whole days. Unknown is not zero.
cat >e.yaml <<'Y'
defaults: {backend: local, pilot: {cpus: 64, memory: 240 GiB, nodes: 2, walltime: 10h}, target: {argv: [/bin/true]}}
entries:
  KNL: {allocation: {account: m1, charge_factor: 80}}
  HSW: {tier: 1, pilot: {cpus: 32, nodes: 1, walltime: 2h}, allocation: {account: m1, charge_factor: 140}}
  SPENT: {tier: 2, allocation: {account: m2}}
  UNKNOWN: {tier: 2, allocation: {account: m3}}
  FREE: {tier: 3, allocation: {account: m2, charge_factor: 0}}
  NO_TIME: {tier: 3, pilot: {walltime: null}, allocation: {account: m2}}
Y
printf '%s\n' 'account,hours_given,hours_used,timestamp' m1,10000,1000,2026-11-20T18:00:00Z m2,100,200,2026-11-20T18:00:00Z >left.csv
stream() {
  tow-entries e.yaml --allocations "$1"
  for entry in KNL HSW SPENT UNKNOWN FREE NO_TIME; do
    echo '{"type":"pilot_count","v":1,"entry":"'$entry'","pending":0,"running":0,"held":0,"removing":0,"observed_at":"2026-11-21T12:00:00Z"}'
  done
  # 1600 hours on the day it was looked at; the day before no longer counts.
  echo '{"type":"usage","v":1,"entry":"KNL","days":[{"day":"2026-11-19T00:00:00Z","pilots":9,"core_seconds":999999999,"cost":0},{"day":"2026-11-20T00:00:00Z","pilots":1,"core_seconds":4608000,"cost":0}],"committed":{"pilots":0,"core_seconds":0,"cost":0}}'
  echo '{"type":"job_group","v":1,"id":"j","source":"x","idle_jobs":100,"running_jobs":0,"held_jobs":0,"idle_by_age":[{"min_age_seconds":0,"jobs":100}],"request":{"cpus":32,"memory_bytes":1000000},"requirements":"true","ad":{},"observed_at":"2026-11-21T12:00:00Z"}'
}
stream left.csv | tow-demand >demand
tow-plan demand >decision; TOW_NOW=2027-01-01T00:00:00Z tow-plan <decision | cmp - decision && echo "replays"
jq -c 'select(.type == "request") | [.entry, .submit, .why]' decision
echo '--- an old look: the ledger does not reach so far'
sed -i 's/2026-11-20/2026-09-20/' left.csv; stream left.csv | tow-demand | tow-plan --only request | jq -c '[.entry, .submit, .why]' | head -2
