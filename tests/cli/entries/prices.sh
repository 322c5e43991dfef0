# Prices and performance. The figures of merit are those of HEPCloud (expected_figure_of_merit.csv of
# its tests): price over performance, times (pilots + 1) over the limit, with one pilot at us-east-1b.
cp "$DATA"/foreign/* .
{ echo 'defaults: {backend: local, pilot: {cpus: 4, memory: 15 GiB}, limits: {max_pilots: 20}}'; echo 'entries:'
  for zone in a b c d e; do echo "  FNAL_HEPCLOUD_AWS_us-east-1${zone}_m3.xlarge: {}"; done; echo '  FREE: {}'; } >"e.yaml"
tow-entries "e.yaml" --prices performance.csv,spot_prices.json >"entries"
jq -c '[.entry, .cost]' "entries"
echo '--- price per useful core hour'; jq -r 'select(.cost) | "\(.entry) \(.cost.per_core_hour / .cost.performance * 1e8 | round / 1e8)"' "entries"
echo '--- a table of our own'; printf 'entry,price_per_core_hour,currency,performance\nFREE,0.01,EUR,1.5\nFREE,x,,\n' >"own.csv"
tow-entries "e.yaml" --prices "own.csv" | jq -c 'select(.cost) | [.entry, .cost]'
printf 'a,b\n1,2\n' >"wrong.csv"; tow-entries "e.yaml" --prices "wrong.csv" --only none; echo "exit $?"
echo '--- figures of merit in a plan'
{ cat entries
  echo '{"type":"job_group","v":1,"id":"j","source":"x","idle_jobs":1000,"running_jobs":0,"held_jobs":0,"idle_by_age":[{"min_age_seconds":0,"jobs":1000}],"request":{"cpus":1,"memory_bytes":1000000},"requirements":"true","ad":{},"observed_at":"2026-11-21T12:00:00Z"}'
  for zone in a b c d e; do
    running=0; [ $zone = b ] && running=1
    echo '{"type":"pilot_count","v":1,"entry":"FNAL_HEPCLOUD_AWS_us-east-1'$zone'_m3.xlarge","pending":0,"running":'$running',"held":0,"removing":0,"observed_at":"2026-11-21T12:00:00Z"}'
  done; } | grep -v '"FREE"' | tow-demand >demand
echo 'prefer: {merit: hepcloud}' >policy.yaml
tow-plan --policy policy.yaml demand --only request | jq -r '"\(.entry) \(.because[].why | select(test("merit")))"'
