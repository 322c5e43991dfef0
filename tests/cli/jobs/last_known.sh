# A source that fails is a gap; only on demand its last answer stands for it, as old as it is.
export FAKE_CONDOR_Q=q.json TOW_CACHE_DIR=cache
printf '[{"JobStatus":1,"JobCount":10,"Requirements":true}\n]\n' >q.json
show() { jq -c '[.type,.source,.idle_jobs,.stale,.observed_at]'; }
TOW_NOW=2026-11-21T11:50:00Z tow-jobs condor | show
look() { FAKE_CONDOR_Q=fail tow-jobs condor "$@" >seen; echo "exit $?"; show <seen; }
echo "not asked for"; look
echo "new enough"; look --max-stale 15m
echo "too old"; look --max-stale 5m
echo "another question"; look --max-stale 15m --constraint 'Owner == "ann"'
echo "by configuration"; echo 'jobs: {max_stale: 1h}' >config.yaml; look --config config.yaml
echo "torn"; for file in cache/sources/*; do truncate -s 60 "$file"; done; look --max-stale 15m
echo "no place"; TOW_CACHE_DIR=/proc/nowhere tow-jobs condor | show
find cache -type f ! -name '*.jsonl'
