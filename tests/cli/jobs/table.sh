tow-jobs --observed-at now "$DATA/condor/condor_q_mid.json" -o table --columns idle_jobs,running_jobs,held_jobs,request.cpus,request.memory_bytes,users
