{ tow-jobs --observed-at now --source-name lab "$DATA/condor/condor_q_mid.json"; tow-entries "$EXAMPLES/entries.yaml"
  tow-pilots --state state "$EXAMPLES/entries.yaml"; } | tow-demand >demand
tow-plan demand -o table
tow-plan demand --only request
