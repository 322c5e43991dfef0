# Nothing is printed if all goes well, one report if not; the exit code is that of the last command that failed.
export TOW_STATE_DIR=state
run() { tow-run "$@" 2>err; status=$?; sed -E 's/[0-9.]+ s$/N s/' err; echo "exit $status"; }
run good -- echo hi '|' tr a-z A-Z
cat state/runs/good/last.out
run good -- sh -c 'echo one; echo said >&2' ';' echo two '|' cat
cat state/runs/good/last.*
echo "== SIGPIPE is no failure, unless in the last stage"
run good -- yes '|' head -n 1
run good -- sh -c 'kill -PIPE $$'
echo "== the last that failed counts, all that failed are shown"
run bad -- sh -c 'echo "no schedd" >&2; exit 69' ';' echo x '|' sh -c 'cat; exit 75' '|' cat
run bad -- sh -c 'kill -SEGV $$' '|' cat
run bad -- true '|' no-such-command '|' touch never
ls never 2>/dev/null
printf '#!/no/such/interpreter\n' >broken; chmod +x broken
run bad -- ./broken '|' cat
run bad -- /
echo "== long complaints are cut, and nothing that a terminal obeys gets through"
run bad -- sh -c 'seq 1 100 >&2; printf "\033[31mred\007\377\n" >&2; exit 1'
wc -l <state/runs/bad/failed.err
run bad -- true
