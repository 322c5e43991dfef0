# Schedds that start no more jobs are marked, by their own expression or by GlideinWMS's rules.
export FAKE_CONDOR_Q=q.json FAKE_CONDOR_STATUS=schedds.json
printf '[{"JobStatus":1,"JobCount":10,"Requirements":true}\n]\n' >q.json
cat >schedds.json <<'Q'
[{ "Name": "curbed.example.org", "RecentDaemonCoreDutyCycle": 0.99, "CurbMatchmaking": "\/Expr(RecentDaemonCoreDutyCycle > 0.98)\/" },
{ "Name": "full.example.org", "CurbMatchmaking": false, "TotalRunningJobs": 9500, "MaxJobsRunning": 10000 },
{ "Name": "idle.example.org", "CurbMatchmaking": "\/Expr(RecentDaemonCoreDutyCycle > 0.98)\/", "TotalRunningJobs": 10, "MaxJobsRunning": 10000,
  "TransferQueueMaxUploading": 0, "TransferQueueNumUploading": 50 },
{ "Name": "uploading.example.org", "TransferQueueMaxUploading": 100, "TransferQueueNumUploading": 96 }]
Q
tow-jobs condor --schedd all | jq -c '[.source, .idle_jobs, .busy]'
tow-jobs condor:cm2.example.org --schedd full.example.org -q | jq -c '[.source, .busy]'
# Without the collector, schedds that are named are asked all the same; without names there is nobody to ask.
FAKE_CONDOR_STATUS=fail tow-jobs condor --schedd full.example.org | jq -c '[.source, .busy]'
FAKE_CONDOR_STATUS=fail tow-jobs condor:cm2.example.org; echo "exit $?"
echo '[]' >schedds.json; tow-jobs condor --schedd all; echo "exit $?"
