{ tow-jobs --observed-at now "$DATA/condor/condor_q_mid.json"; tow-entries "$EXAMPLES/entries.yaml"; } | tow-demand -v -o table 2>messages
cat messages | sed 's/^[^ ]* //'
