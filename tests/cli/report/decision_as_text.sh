# A decision with what became of it, checks and runs beside it, as text.
cat >in <<'R'
{"type":"job_group","v":1,"id":"g","source":"condor:a","idle_jobs":12,"running_jobs":30,"held_jobs":1,"request":{"cpus":1,"memory_bytes":2147483648},"observed_at":"2026-11-21T11:59:00Z"}
{"type":"job_group","v":1,"id":"large","source":"condor:a","idle_jobs":3,"running_jobs":0,"held_jobs":0,"request":{"cpus":64,"memory_bytes":2147483648},"observed_at":"2026-11-21T11:59:00Z"}
{"type":"entry","v":1,"entry":"DESY","backend":"condor","site":"DE","pilot":{"cpus":8,"memory_bytes":17179869184},"limits":{"max_pilots":5},"cost":{"per_core_hour":0.05,"currency":"EUR"}}
{"type":"entry","v":1,"entry":"KIT","backend":"condor","site":"DE","state":"draining","pilot":{"cpus":8,"memory_bytes":17179869184}}
{"type":"entry","v":1,"entry":"UNUSED","backend":"condor","pilot":{"cpus":1,"memory_bytes":1}}
{"type":"pilot_count","v":1,"entry":"DESY","pending":1,"running":2,"held":1,"removing":0,"connected":2,"busy_cores":12,"idle_cores":4,"observed_at":"2026-11-21T11:59:00Z"}
{"type":"pilot_count","v":1,"entry":"KIT","pending":0,"running":1,"held":0,"removing":0,"observed_at":"2026-11-21T11:59:00Z"}
{"type":"pilot","v":1,"pilot":"A","entry":"DESY","state":"failed","exit_code":71,"reason":"no collector","submitted_at":"2026-11-21T10:00:00Z","started_at":"2026-11-21T10:30:00Z","ended_at":"2026-11-21T11:00:00Z"}
{"type":"pilot","v":1,"pilot":"B","entry":"DESY","state":"held","hold_code":12,"reason":"transfer failed"}
{"type":"usage","v":1,"entry":"DESY","currency":"EUR","days":[{"day":"2026-11-20T00:00:00Z","pilots":2,"core_seconds":360000,"cost":5.0},{"day":"2026-11-21T00:00:00Z","pilots":3,"core_seconds":720000,"cost":10.0}],"committed":{"pilots":1,"core_seconds":36000,"cost":0.5}}
{"type":"run","v":1,"name":"cycle","state":"done","exit_code":0,"failures":0,"stages":[],"seconds":2.5,"started_at":"2026-11-21T11:50:00Z","last_success_at":"2026-11-21T11:50:00Z"}
{"type":"check","v":1,"check":"cvmfs.repository","target":"cms.cern.ch","state":"critical","message":"the whitelist has expired","advice":"ask its stratum 0"}
R
echo 'caps: [{name: all, budget: [{per: month, cost: 20, currency: EUR}]}]' >policy.yaml
tow-demand in | tow-plan --policy policy.yaml | tow-report --format text --width 90
echo "--- what needs attention, as records"
tow-demand in | tow-plan | tow-report --format records --only attention --columns severity,about,message -o csv
