# Every job group against every entry, or those that are named.
{ tow-jobs --observed-at now --source-name lab "$DATA/condor/condor_q_mid.json"; tow-entries "$EXAMPLES/entries.yaml"; } >in
tow-why --matrix --limit 2 -o table in
tow-why --matrix --only match --entry LOCAL_SMALL --group "$(jq -r 'select(.type == "job_group") | .id' in | sed -n 1p)" in
