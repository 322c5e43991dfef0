# The record is printed if it is asked for; words reach the commands as they are, and no shell sees them.
export TOW_STATE_DIR=state
seconds() { sed -E 's/"seconds":[0-9.e-]+/"seconds":N/g'; }
tow-run a -o jsonl -- printf '%s|' 'a b' "it's" '$(touch x)' '[a,b]' --help -- '' $'new\nline' '|' tee copy | seconds
cat copy; echo
tow-run a --columns name,state,exit_code -- false 2>/dev/null; echo "exit $?"
tow-run a --dry-run -- touch x '|' cat; echo "exit $?"
tow-run a -v -- sh -c 'echo said >&2' 2>&1 | sed 's/^[^ ]* //'
tow-run a -o jsonl -- true "$(printf '%0600d' 0)" | jq -r '.stages[0].command | length, .[-3:]'
ls
