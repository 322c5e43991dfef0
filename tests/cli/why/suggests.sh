# The smallest change that helps, counted with the changed job.
cat >in <<'R'
{"type":"entry","v":1,"entry":"A","backend":"local","pilot":{"cpus":8,"memory_bytes":8589934592},"ad":{"Arch":"X86_64","GLIDEIN_Site":"CERN"}}
{"type":"entry","v":1,"entry":"B","backend":"local","pilot":{"cpus":8,"memory_bytes":8589934592},"ad":{"Arch":"X86_64","GLIDEIN_Site":"RAL"},"start":"TARGET.RequestCpus < 8"}
{"type":"entry","v":1,"entry":"C","backend":"local","pilot":{"cpus":4,"memory_bytes":4294967296},"ad":{"Arch":"X86_64","GLIDEIN_Site":"RAL"}}
{"type":"job_group","v":1,"id":"memory","idle_jobs":10,"request":{"cpus":1,"memory_bytes":17179869184},"requirements":"TARGET.Arch == \"X86_64\" && TARGET.Memory >= RequestMemory","ad":{"RequestMemory":16384,"RequestCpus":1}}
{"type":"job_group","v":1,"id":"site","idle_jobs":5,"requirements":"stringListMember(TARGET.GLIDEIN_Site, DESIRED_Sites)","ad":{"DESIRED_Sites":"FNAL","RequestCpus":1}}
{"type":"job_group","v":1,"id":"typo","idle_jobs":4,"requirements":"TARGET.Arhc == \"X86_64\"","ad":{"RequestCpus":1}}
{"type":"job_group","v":1,"id":"two","idle_jobs":3,"request":{"cpus":16},"requirements":"MY.Ok","ad":{"RequestCpus":16},"ad_exprs":{"Ok":"TARGET.GLIDEIN_Site == \"KEK\" && TARGET.Cpus >= RequestCpus"}}
{"type":"job_group","v":1,"id":"hopeless","idle_jobs":2,"requirements":"TARGET.NoSuchThing > 3","ad":{"RequestCpus":1}}
{"type":"job_group","v":1,"id":"fine","idle_jobs":1,"ad":{"RequestCpus":1}}
R
tow-why in -o table
tow-why in --group memory --only reason
