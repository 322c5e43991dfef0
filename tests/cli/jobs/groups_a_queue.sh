# Totals are those of the file: 11 idle, 7 running, 5 held.
tow-jobs --observed-at now --source-name lab "$DATA/condor/condor_q_mid.json" >groups
jq -s -c '[map(.idle_jobs),map(.running_jobs),map(.held_jobs)] | map(add)' groups
cat groups
