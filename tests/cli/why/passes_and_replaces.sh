# A filter: strangers pass, what it adds itself is made anew.
cat >in <<'R'
{"type":"stranger","v":1,"b":1.50}
{"type":"reason","v":1,"job":"old"}
{"type":"rung","v":1,"entry":"old"}
{"type":"entry","v":1,"entry":"A","backend":"local","pilot":{"cpus":1,"memory_bytes":1}}
{"type":"job_group","v":1,"id":"g","idle_jobs":1}
R
tow-why in >once
cat once
tow-why once | diff once - && echo same
