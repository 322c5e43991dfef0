# What would be handed to condor_submit, and that nobody is asked.
cat >in <<'R'
{"type":"entry","v":1,"entry":"CE","backend":"condor","pilot":{"cpus":8,"memory_bytes":17179869184,"walltime_seconds":7200},"target":{"argv":["/opt/pilot","it's","$(HOME) \"x\""],"grid_resource":"condor ce.example.org ce.example.org:9619","schedd":"s1@factory","output":"/var/log/pilots","environment":{"VO":"a b"},"submit":{"batch_queue":"long"}}}
{"type":"entry","v":1,"entry":"BAD","backend":"condor","pilot":{"cpus":1,"memory_bytes":1},"target":{"argv":["/opt/pilot"],"submit":{"periodic_release":"true"}}}
{"type":"request","v":1,"request":"01M7YZMHG0RZ4S2RJZ2W4V1B0B","plan":"01M7YZMHG0RZ4S2RJZ2W4V1B0B","entry":"CE","submit":2}
{"type":"request","v":1,"request":"01M7YZMHG0RZ4S2RJZ2W4V1B0C","plan":"01M7YZMHG0RZ4S2RJZ2W4V1B0B","entry":"BAD","submit":1}
R
echo 'factory: lab' >c.yaml
tow-submit --config c.yaml --state state --dry-run -v in | jq -c 'select(.type=="submission") | [.entry,.sent,.dry_run,.error.message]'
ls
