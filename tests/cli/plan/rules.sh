# Facts and rules: who fired stands in `because`; what cannot be known holds its entries back.
cat >in <<'R'
{"type":"entry","v":1,"entry":"HPC_A","backend":"local","pilot":{"cpus":1,"memory_bytes":2000000000}}
{"type":"entry","v":1,"entry":"OWN","backend":"local","pilot":{"cpus":1,"memory_bytes":2000000000},"limits":{"max_pilots":10}}
{"type":"pilot_count","v":1,"entry":"HPC_A","pending":0,"running":0,"observed_at":"2026-11-21T12:00:00Z"}
{"type":"pilot_count","v":1,"entry":"OWN","pending":0,"running":4,"observed_at":"2026-11-21T12:00:00Z"}
{"type":"job_class","v":1,"id":"c","entries":["HPC_A","OWN"],"idle_jobs":50,"request":{"cpus":1,"memory_bytes":1000000000}}
R
cat >policy.yaml <<'P'
facts: {overflow: idle_jobs > 20 && day_shift, day_shift: hour >= 8 && hour < 18}
rules:
  - {name: spill, when: overflow, entries: HPC_*, then: {enable: true, max_pilots: 30, prefer: 1}, otherwise: {enable: false}}
P
tow-plan -p policy.yaml --explain -o table in
TOW_NOW=2026-11-21T20:00:00Z tow-plan -p policy.yaml --max-age 1d -o table in
echo '{"type":"gap","v":1,"scope":"jobs","source":"s","error":{"kind":"timeout","message":"no answer"}}' | cat in - | tow-plan -p policy.yaml -o table
printf '%s\n' 'facts: {a: b, b: a}' >policy.yaml; tow-plan -p policy.yaml in; echo "exit $?"
printf '%s\n' 'rules:' '  - {name: r, when: idle_job > 5, then: {veto: true}}' >policy.yaml; tow-plan -p policy.yaml in; echo "exit $?"
