# Output is kept within bounds, that of the last failure beside that of the last run.
export TOW_STATE_DIR=state
see() { for file in state/runs/a/*; do echo "$file: $(cat "$file")"; done; }
tow-run a -- sh -c 'echo bad; echo worse >&2; false' 2>/dev/null
tow-run a -- sh -c 'echo good; echo better >&2'
see
tow-run a -- sh -c 'printf "no newline" >&2; sh -c "sleep 0.3; echo late" &'
see
tow-run a -- seq 1 400000
size=$(stat -c %s state/runs/a/last.out); [ "$size" -lt 1048700 ] && echo small
head -n 2 state/runs/a/last.out; grep -n 'left out' state/runs/a/last.out; tail -n 1 state/runs/a/last.out
stat -c '%a' state/runs/a state/runs/a/last.out
