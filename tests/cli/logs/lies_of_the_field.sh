# HTCondor says 0 of those that Slurm cancelled and cut off; expired tokens exit with 0.
tow-logs read "$DATA/logs/endings" "$DATA/logs/pilots" --columns backend_id,pilot,batch_id,exit_code,outcome,cause,wall_seconds,reason -o table
