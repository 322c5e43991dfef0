# Undefined and error are no match; what cannot be parsed is told.
cat >in <<'R'
{"type":"entry","v":1,"entry":"A","backend":"local","pilot":{"cpus":1,"memory_bytes":1}}
{"type":"entry","v":1,"entry":"B","backend":"local","pilot":{"cpus":1,"memory_bytes":1},"start":"TARGET.X ==="}
{"type":"job_group","v":1,"id":"undefined","idle_jobs":1,"requirements":"TARGET.NoSuch > 1"}
{"type":"job_group","v":1,"id":"error","idle_jobs":10,"requirements":"1 / 0 == 1"}
{"type":"job_group","v":1,"id":"broken","idle_jobs":100,"requirements":"((("}
{"type":"job_group","v":1,"id":"good","idle_jobs":1000}
R
tow-demand in --only job_class --columns entries,idle_jobs
