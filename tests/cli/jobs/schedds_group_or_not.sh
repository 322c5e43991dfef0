# The schedd groups what is alike and says how many; one that is too old is asked for every job; nobody
# believes a user who writes a JobCount into a job.
printf '[{"JobStatus":1,"JobCount":7,"Requirements":true},{"JobStatus":2,"JobCount":2,"Requirements":true}]' >groups.json
printf '[{"JobStatus":1,"JobCount":1000000,"Requirements":true},{"JobStatus":2,"Requirements":true}]' >jobs.json
show() { jq -c '[.idle_jobs,.running_jobs]'; }
FAKE_CONDOR_Q=groups.json tow-jobs condor | show
FAKE_CONDOR_Q=jobs.json tow-jobs condor --job-by-job | show
FAKE_CONDOR_Q=old FAKE_CONDOR_Q_JOBS=jobs.json tow-jobs condor | show
tow-jobs jobs.json | show
grep -c -e '-group-by' calls.log
