# What can be seen is seen; the rest is a gap, and the exit status is 1.
tow-jobs --observed-at now "$DATA/condor/condor_q_mid.json" no-such-file | jq -c '[.type,.idle_jobs]' | sort | uniq -c
tow-jobs --observed-at now "$DATA/condor/condor_q_mid.json" no-such-file >/dev/null 2>&1; echo "exit $?"
