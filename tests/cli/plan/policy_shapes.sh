# Caps over tagged entries, money from the ledger, a chain of steps, an override: each leaves its line.
cat >in <<'R'
{"type":"entry","v":1,"entry":"AWS","backend":"local","tags":["cloud"],"pilot":{"cpus":8,"memory_bytes":16000000000,"walltime_seconds":36000},"cost":{"per_core_hour":0.05,"currency":"USD","performance":1.0},"tier":1}
{"type":"entry","v":1,"entry":"GCE","backend":"local","tags":["cloud"],"pilot":{"cpus":8,"memory_bytes":16000000000,"walltime_seconds":36000},"cost":{"per_core_hour":0.04,"currency":"USD","performance":1.0},"tier":1}
{"type":"entry","v":1,"entry":"OWN","backend":"local","pilot":{"cpus":8,"memory_bytes":16000000000,"walltime_seconds":36000}}
{"type":"pilot_count","v":1,"entry":"AWS","pending":0,"running":2,"observed_at":"2026-11-21T12:00:00Z"}
{"type":"pilot_count","v":1,"entry":"GCE","pending":0,"running":1,"observed_at":"2026-11-21T12:00:00Z"}
{"type":"pilot_count","v":1,"entry":"OWN","pending":1,"running":9,"observed_at":"2026-11-21T12:00:00Z"}
{"type":"usage","v":1,"entry":"AWS","currency":"USD","days":[{"day":"2026-11-20T00:00:00Z","pilots":20,"core_seconds":5760000,"cost":80.0}],"committed":{"pilots":2,"core_seconds":288000,"cost":4.0}}
{"type":"override","v":1,"override":"01M7YZMHG0RZ4S2RJZ2W4V1B0B","entries":"OW*","values":{"max_pilots":12},"until":"2026-11-22T12:00:00Z","why":"ticket 1234","author":"ada"}
{"type":"override","v":1,"override":"01M7YZMHG0RZ4S2RJZ2W4V1B0C","entries":"*","values":{"state":"disabled"},"until":"2026-11-21T11:00:00Z","why":"over","author":"ada"}
{"type":"job_class","v":1,"id":"c","entries":["AWS","GCE","OWN"],"idle_jobs":200,"request":{"cpus":1,"memory_bytes":1000000000}}
R
cat >policy.yaml <<'P'
prefer: {merit: price}
caps:
  - {name: cloud, tag: cloud, max_cores: 120, budget: [{per: month, cost: 100, currency: USD}]}
shape:
  - {entries: OWN, steps: [{scale: 1.5}]}
  - {steps: [{ramp: {fraction: 0.5, floor: 2}}]}
P
tow-plan -p policy.yaml -o table in
tow-plan -p policy.yaml --explain -o table in
tow-plan -p policy.yaml in >decision
TOW_NOW=2027-01-01T00:00:00Z tow-plan -p policy.yaml decision | cmp - decision && echo same
tow-plan -p policy.yaml --explain decision | tow-plan -p policy.yaml | cmp - decision && echo same
echo; tow-plan -p policy.yaml --what-if 'cloud.max_cores=40' -o table decision
tow-plan -p policy.yaml --what-if 'OWN.max_pilots=100','GCE.per_core_hour=0.4' -o table decision
tow-plan --diff decision -o table decision
tow-plan --what-if 'NOWHERE.max_pilots=1' decision
tow-plan --what-if 'OWN.max_pilots=many' decision
tow-plan --what-if 'max_pilots' decision
