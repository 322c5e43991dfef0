cp "$DATA/condor/condor_q_mid.json" q.json; touch -d 2026-11-21T08:00:00Z q.json
tow-jobs q.json --columns observed_at | sort -u
tow-jobs q.json --observed-at -10m --columns observed_at | sort -u
tow-jobs --columns observed_at < <(cat q.json) | sort -u
