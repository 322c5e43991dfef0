#!/bin/bash
# Idle jobs and the cores they ask for, by user, the largest first. Groups of several users are shown
# as they are: the jobs in them are alike.
set -euo pipefail
tow-jobs condor | jq -r 'select(.type == "job_group" and .idle_jobs > 0)
  | [(.users // ["?"] | join("+")), .idle_jobs, .idle_jobs * .request.cpus] | @tsv' |
  awk -F'\t' '{jobs[$1] += $2; cores[$1] += $3}
    END {for (user in jobs) printf "%-30s %8d jobs %8d cores\n", user, jobs[user], cores[user]}' | sort -k2,2nr -k1,1
