# How the last runs went; 1 if one of them did not go well, or is too old.
export TOW_STATE_DIR=state
status() { tow-run --status --columns name,state,failures,started_at,last_success_at "$@"; echo "exit $?"; }
at() { TOW_NOW=2026-11-21T$1:00Z; export TOW_NOW; }
status
status a
at 10:00; tow-run a -- true
at 10:05; tow-run b -- true
status
at 10:10; tow-run a -- false 2>/dev/null
at 10:20; tow-run a -- false 2>/dev/null
status
status b
status b b no_such
at 10:25
status --max-age 30m b
status --max-age 10m b
echo "== one that is at work is judged by the one before"
mkfifo gate
tow-run b -- cat gate & sleep 0.5
status b
tow-run b -- true 2>&1 | sed -E 's/process [0-9]+/process N/'
echo >gate; wait
status b
tow-run a -- true
status a
at 12:00; tow-run --status -o table --columns name,state,failures,started_at
