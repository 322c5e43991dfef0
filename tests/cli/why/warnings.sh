# What HTCondor hides: told once for all jobs, with the attribute.
cat >in <<'R'
{"type":"entry","v":1,"entry":"A","backend":"local","pilot":{"cpus":8,"memory_bytes":1},"start":"TARGET.X =!= 99999999999999999999"}
{"type":"job_group","v":1,"id":"one","idle_jobs":1,"requirements":"MY.Ok","ad_exprs":{"Ok":"inSite(TARGET.GLIDEIN_Site)"}}
{"type":"job_group","v":1,"id":"two","idle_jobs":1,"requirements":"MY.Ok && true","ad_exprs":{"Ok":"inSite(TARGET.GLIDEIN_Site)"}}
{"type":"job_group","v":1,"id":"circle","idle_jobs":1,"requirements":"Size > 1","ad_exprs":{"Size":"Size + 1"}}
{"type":"job_group","v":1,"id":"ignored","idle_jobs":1,"requirements":"TARGET.Cpus > 1 ? true : false && \"forgotten\" junk"}
{"type":"job_group","v":1,"id":"broken","idle_jobs":1,"requirements":"((("}
R
{ cat in; jq -nc '{type:"job_group",v:1,id:"deep",idle_jobs:1,requirements:([range(500)|"TARGET.Cpus != \(. + 100)"]|join(" && "))}'; } |
  tow-why --unmatched -o table --columns job,side,passes,of,undefined,errors,clause
