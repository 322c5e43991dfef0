# Names and expressions come from strangers: nothing of them reaches a terminal as it is.
cat >in <<'R'
{"type":"entry","v":1,"entry":"A","backend":"local","pilot":{"cpus":8,"memory_bytes":1},"ad":{"Site":"\u001b[31mred\u0007"}}
{"type":"job_group","v":1,"id":"\u001b[2J","idle_jobs":1,"requirements":"TARGET.Site == \"a\u001b[0m\" && no\u0007such(1)"}
{"type":"job_group","v":1,"id":"g\n","idle_jobs":1,"requirements":"TARGET.Site == \"\u009b\\033[1m\" && nosuch\t(1)"}
R
tow-why -o table in
tow-why --group $'\e[3m' in >/dev/null
