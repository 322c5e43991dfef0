# Defaults, then groups, then what the entry says itself; show tells where each value is written.
mkdir entries.d
cat >entries.d/00-common.yaml <<'Y'
groups:
  grid: {backend: condor, target: {universe: grid}, limits: {max_pending: 20}}
  fat: {group: grid, pilot: {cpus: 64, memory: 256 GiB}}
  gpu: {pilot: {gpus: 4}}
Y
cat >entries.d/site.yaml <<'Y'
defaults: {site: XX, limits: {max_pilots: 5, max_pending: 1}}
entries:
  A: {group: [fat, gpu], limits: {max_pilots: 50}, pilot: {walltime: 2d}}
  B: {backend: local, pilot: {memory: 1 GiB}}
Y
tow-entries entries.d -o jsonl | jq -c '[.entry, .backend, .site, .pilot, .limits, .target]'
tow-entries show A entries.d --origin
tow-entries show B entries.d
tow-entries show C entries.d; echo "exit $?"
printf 'entries:\n  A: {group: fatt, backend: local, pilot: {memory: 1 GiB}}\n' >x.yaml; tow-entries x.yaml entries.d/00-common.yaml --only none; echo "exit $?"
printf 'groups: {a: {group: b}, b: {group: a}}\nentries:\n  A: {group: a}\n' >x.yaml; tow-entries x.yaml --only none; echo "exit $?"
