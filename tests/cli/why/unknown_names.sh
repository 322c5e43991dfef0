# A named thing that is missing is an error, with what may have been meant.
{ tow-jobs --observed-at now --source-name lab "$DATA/condor/condor_q_mid.json"; tow-entries "$EXAMPLES/entries.yaml"; } >in
tow-why --entry LOCAL_BIF in >/dev/null; echo $?
tow-why --group 0123 in >/dev/null; echo $?
echo "--- no entries"
tow-jobs --observed-at now --source-name lab "$DATA/condor/condor_q_mid.json" | tow-why --unmatched --only reason --columns job,of | head -1
