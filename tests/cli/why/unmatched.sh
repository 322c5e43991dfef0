# What keeps the jobs of a real queue from every entry.
{ tow-jobs --observed-at now --source-name lab "$DATA/condor/condor_q_mid.json"; tow-entries "$EXAMPLES/entries.yaml"; } |
  tow-why --unmatched -o table
