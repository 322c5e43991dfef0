# Partitions as sinfo and scontrol show them: shape, limits, free cores, why nodes are drained, reservations;
# one for maintenance of all nodes is a downtime.
export FAKE_SINFO=$DATA/slurm/sinfo.txt FAKE_SLURM=$DATA/slurm FAKE_SQUEUE=jobs.txt
printf 'PENDING|7_[1-3,9%%2]|main,short\nPENDING|8|main\nRUNNING|7_4|gpu\nRUNNING|9|main\n' >jobs.txt
tow-entries slurm --config /dev/null | jq -c '[.entry,.state,.pilot,.live,.downtime,.target]'
tow-entries slurm --config /dev/null -o table
FAKE_SINFO= tow-entries slurm; echo "exit $?"
FAKE_SINFO= tow-entries slurm --max-stale 1h | jq -c '[.entry,.stale]'
