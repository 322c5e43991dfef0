# Side by side with GlideinWMS: its proportional shares, its third, its limits by name.
cat >in <<'R'
{"type":"entry","v":1,"entry":"A","backend":"local","pilot":{"cpus":8,"memory_bytes":16000000000}}
{"type":"entry","v":1,"entry":"B","backend":"local","pilot":{"cpus":1,"memory_bytes":2000000000},"limits":{"max_pilots":40}}
{"type":"entry","v":1,"entry":"C","backend":"local","pilot":{"cpus":1,"memory_bytes":2000000000}}
{"type":"pilot_count","v":1,"entry":"A","pending":2,"running":5,"observed_at":"2026-11-21T12:00:00Z"}
{"type":"pilot_count","v":1,"entry":"B","pending":0,"running":40,"observed_at":"2026-11-21T12:00:00Z"}
{"type":"pilot_count","v":1,"entry":"C","pending":30,"running":3,"observed_at":"2026-11-21T12:00:00Z"}
{"type":"job_group","v":1,"id":"g1","source":"s","idle_jobs":300,"idle_by_age":[{"min_age_seconds":600,"jobs":100}],"request":{"cpus":1,"memory_bytes":1000000000},"requirements":"true","ad":{}}
R
echo 'gwms: {ramp_up_attenuation: 3, reserve: 5, removal: {type: IDLE, requests_tracking: "True", margin: 2}}' >policy.yaml
tow-demand --split gwms-ceil in >demand
tow-plan --policy-style gwms -p policy.yaml --explain -o table demand
tow-plan -p policy.yaml -o table demand
