# What is left of allocations: NERSC's two interfaces (charged seconds, and hours), and a table of our own.
cp "$DATA"/foreign/* . && touch -d 2026-11-21T10:00:00Z newt.json sfapi.json
cat >e.yaml <<'Y'
defaults: {backend: slurm, pilot: {cpus: 64, memory: 240 GiB, walltime: 12h}, target: {argv: [/bin/true]}}
entries:
  KNL: {allocation: {account: m1, charge_factor: 80}}
  CPU: {allocation: {account: m2}}
  GPU: {allocation: {account: m3}}
  ELSEWHERE: {allocation: {account: m4}}
  OWN: {}
Y
tow-entries e.yaml --allocations newt.json,sfapi.json | jq -c '[.entry, .allocation]'
echo '--- the newest counts'
printf 'Account,HoursLeft,Timestamp\nm1,5,2026-11-21T11:00:00Z\nm3,7,2026-11-21T09:00:00Z\nm4,x,\nm5,1e99,\n' >own.csv
tow-entries e.yaml --allocations newt.json,sfapi.json,own.csv | jq -c 'select(.allocation.left_seconds) | [.entry, .allocation]'
echo '--- wrong'
echo '<html>sorry</html>' >page; tow-entries e.yaml --allocations page | jq -c '[.type, .entry, .allocation.left_seconds, .error.kind]'
printf 'entries:\n  A: {backend: local, pilot: {memory: 1 GiB}, allocation: {account: a, charge_factor: -1}}\n' | tow-entries --only none; echo "exit $?"
printf 'entries:\n  A: {backend: local, pilot: {memory: 1 GiB}, allocation: {charge_factor: 2}}\n' | tow-entries --only none; echo "exit $?"
