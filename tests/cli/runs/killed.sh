# If tow-run itself is killed, its commands end, the lock is free, and the next run tells.
export TOW_STATE_DIR=state TOW_NOW=2026-11-21T10:00:00Z
status() { tow-run --status --columns name,state,failures,last_success_at "$@"; }
wait_until() { for _ in $(seq 200); do "$@" && return; sleep 0.05; done; echo "in vain: $*"; }
tow-run a -- true
export TOW_NOW=2026-11-21T10:05:00Z
# What listens to SIGTERM, what does not, and what they have started.
( tow-run a --kill-after 300ms -- sh -c 'echo begun >&2; sleep $0; :' "71.$$" '|' sh -c 'trap "" TERM; sleep $0 & sleep $0; :' "71.$$" &
  echo $! >pid )
all_begun() { [ "$(pgrep -fc "^sleep 71[.]$$")" -eq 3 ] && grep -qs begun state/runs/a/last.err; }
wait_until all_begun
status
kill -KILL "$(cat pid)"
tow-run a -- true 2>&1 | sed -E 's/process [0-9]+/process N/'  # the lock is kept until they have ended
none_left() { ! pgrep -f "^sleep 71[.]$$" >/dev/null; }
wait_until none_left
is_free() { ! status | grep -q running; }
wait_until is_free
status; echo "exit $?"
export TOW_NOW=2026-11-21T10:10:00Z
tow-run a -- true; echo "exit $?"
cat state/runs/a/failed.err
status
