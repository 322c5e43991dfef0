# The JSON of several versions, and the table where Slurm was built without JSON. Jobs that have ended do not
# count, a line of an array counts as its tasks, what a user holds is held.
show() { jq -c '[.idle_jobs,.running_jobs,.held_jobs,.oldest_idle_seconds,.request,.ad]'; }
export FAKE_SQUEUE=$DATA/slurm/squeue.txt
echo "22.05"; FAKE_SQUEUE_JSON=$DATA/slurm/squeue_22.05.json tow-jobs slurm | show
echo "23.11"; FAKE_SQUEUE_JSON=$DATA/slurm/squeue_23.11.json tow-jobs slurm | show
echo "table"; SQUEUE_FORMAT=%i tow-jobs slurm -q | show
cat calls.log
echo "files"; for file in squeue_22.05.json squeue_23.11.json squeue.txt; do
  tow-jobs --source-name slurm "$DATA/slurm/$file" | wc -l; tow-jobs --source-name slurm <"$DATA/slurm/$file" | wc -l
  cat "$DATA/slurm/$file" | tow-jobs --source-name slurm | wc -l
done
echo "asked for"; printf 'JOBID|STATE|CPUS|NODES|TRES_ALLOC|TIME_LIMIT|SUBMIT_TIME|USER|PARTITION|REASON|\n7_[1,3-9:2%%1]|PENDING|4|1|cpu=4,mem=3200M,node=1,gres/gpu:a100=2|1-00:00:00|1795291200|ann|main|Priority|\n' |
  tow-jobs | show
printf 'JOBID|ST|CPUS\n7_[1,3-9,20...]|PD|4\n' | tow-jobs | show
FAKE_SQUEUE=down tow-jobs slurm; echo "exit $?"
for bad in '{"jobs":[{"job_id":1}]}' '{"jobs":[{"job_state":"PENDING","array_task_string":"9-3"}]}' '{"meta":{},"errors":[{"error":"Unable to contact"}],"jobs":[]}' \
    '{"meta":{},"jobs":[{"job_state":"RUNNING"}' 'JOBID PARTITION NAME'; do
  printf '%s\n' "$bad" | tow-jobs --columns error.kind --only gap; echo "exit $?"
done
