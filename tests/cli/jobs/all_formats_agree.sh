# JSON, -long and XML of one queue, from files and from standard input, format told or found.
look() { tow-jobs --observed-at now --source-name q "$@" | md5sum; }
look "$DATA/condor/condor_q_late.json"
look "$DATA/condor/condor_q_late.long"
look "$DATA/condor/condor_q_late.xml"
look --from condor-json <"$DATA/condor/condor_q_late.json"
look --from condor-long <"$DATA/condor/condor_q_late.long"
look --from condor-xml <"$DATA/condor/condor_q_late.xml"
jq -c '.[]' "$DATA/condor/condor_q_late.json" | sed 's|"/Expr(|"\\/Expr(|g; s|)/"|)\\/"|g' | look --from condor-jsonl
