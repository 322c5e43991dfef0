cat >site.yaml <<'Y'
site_free_cores:
  help: cores that a site says are free
  from: {record: entry, labels: {site: site}, value: live.free_cpus}
tow_jobs:
  help: only those that wait
  from: {record: job_group, value: idle_jobs}
Y
cat >in.jsonl <<'J'
{"type":"entry","v":1,"entry":"A","site":"S","live":{"free_cpus":5}}
{"type":"entry","v":1,"entry":"B","site":"S","live":{"free_cpus":7}}
{"type":"entry","v":1,"entry":"C","live":{"free_cpus":1}}
{"type":"entry","v":1,"entry":"D","site":"T","live":{}}
{"type":"job_group","v":1,"id":"1","source":"q","idle_jobs":3,"running_jobs":4}
{"type":"job_group","v":1,"id":"2","source":"r","idle_jobs":4,"running_jobs":4}
J
tow-metrics --mapping site.yaml --text prometheus in.jsonl | grep -E 'site_free|tow_jobs'
# A stream that has its metrics already has them once.
tow-metrics in.jsonl | tow-metrics | grep -c '"tow_jobs"'
tow-metrics --print-mapping | head -n 3
