# Zero bytes are an empty queue; a missing one is not.
tow-jobs --from condor-json </dev/null; echo "exit $?"
tow-jobs -o json </dev/null
# Bytes that are not UTF-8, in a value that is kept.
printf '[{"JobStatus":1,"Owner":"caf\xe9","JobUniverse":5}]' | tow-jobs --columns users
# MiB and KiB are converted once; expressions are evaluated in the job; a slash that is not escaped is text.
cat >q.json <<'Q'
[
{ "JobStatus": 1, "RequestMemory": 2000, "RequestDisk": 1024, "Requirements": true },
{ "JobStatus": 1, "RequestMemory": "\/Expr(ImageSize / 1024 * 1000)\/", "ImageSize": 2048, "RequestDisk": "\/Expr(DiskUsage)\/", "DiskUsage": 1024, "Requirements": true },
{ "JobStatus": 1, "RequestMemory": "\/Expr(MemoryUsage)\/", "RequestCpus": 2.5, "Requirements": "\/Expr(TARGET.Cpus >= 4)\/" },
{ "JobStatus": 1, "RequestMemory": "/Expr(12)/", "RequestGPUs": null, "Requirements": "\/Expr((((()\/" },
{ "JobStatus": 2, "RequestMemory": 9007199254740993, "RequestCpus": -3 },
{ "JobStatus": 4, "RequestMemory": 1 }
]
Q
tow-jobs --source-name q q.json | jq -c '[.idle_jobs,.running_jobs,.request,.requirements,.ad,.ad_exprs]'
