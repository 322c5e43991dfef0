# One job, by its id: the queue is asked for that one.
export FAKE_CONDOR_Q="$DATA/condor/condor_q_mid.json"
{ condor_q -json 12.0 | tow-jobs --source-name lab --constraint 'ClusterId == 12 && ProcId == 0' --observed-at now; tow-entries "$EXAMPLES/entries.yaml"; } |
  tow-why --only reason --columns job,matches,clause,passes,of
