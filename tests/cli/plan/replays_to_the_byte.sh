{ tow-jobs --observed-at now --source-name lab "$DATA/condor/condor_q_mid.json"; tow-entries "$EXAMPLES/entries.yaml"
  tow-pilots --state state "$EXAMPLES/entries.yaml"; } | tow-demand | tow-plan >decision
TOW_NOW=2027-01-01T00:00:00Z tow-plan <decision | cmp - decision && echo same
TOW_NOW=2027-01-01T00:00:00Z tow-plan --max-submit 1 -o table <decision
