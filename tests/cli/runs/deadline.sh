# The deadline ends all commands, those that do not listen too; the exit code is 124.
export TOW_STATE_DIR=state
run() { tow-run "$@" 2>err; status=$?; sed -E "s/(after|ran) [0-9.]+ s$/\1 N s/; s/61.$$/61.N/g" err; echo "exit $status"; }
run slow --deadline 200ms -- sleep 61.$$ '|' sh -c 'trap "" TERM; sleep 0.5; sleep 0.1; echo ended >ended'
cat ended
run deaf --deadline 100ms --kill-after 100ms -- sh -c 'trap "" TERM; sleep $0; sleep $0' 61.$$
run never_ending --deadline 300ms -- yes
stat -c %s state/runs/never_ending/last.out | awk '{ print ($1 > 1048576 && $1 < 1050000) ? "1 MiB is kept" : $1 }'
run whole_run --timeout 1s -- sleep 61.$$
tow-run --status --columns name,state,exit_code
sleep 0.1
pgrep -f "sleep 61[.]$$" || echo "nothing is left"
