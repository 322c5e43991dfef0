{ tow-jobs --observed-at now --source-name lab "$DATA/condor/condor_q_mid.json"; tow-entries "$EXAMPLES/entries.yaml"; } |
  tow-demand --only job_class --columns entries,idle_jobs,running_jobs,request.cpus,groups
