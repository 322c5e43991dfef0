export TOW_STATE_DIR=state
entry='{"type":"entry","v":1,"entry":"A","backend":"local","pilot":{"cpus":1,"memory_bytes":1},"target":{"argv":["sleep","100"],"grace_seconds":1}}'
request() { printf '{"type":"request","v":1,"request":"01M7YZMHG0RZ4S2RJZ2W4V1B%s","plan":"01M7YZMHG0RZ4S2RJZ2W4V1B0B","entry":"A",%s}\n' "$1" "$2"; }
{ echo "$entry"; request 01 '"submit":4'; } | tow-submit >/dev/null
show() { tow-remove "$@" --only removal | jq -c '[.asked,.removed,(.pilots|length),.dry_run]'; }
request 02 '"remove":2,"remove_what":"pending"' | show        # they run: nothing to take
request 03 '"remove":2,"remove_what":"all"' | show --dry-run
request 03 '"remove":2,"remove_what":"all"' | show
request 03 '"remove":2,"remove_what":"all"' | show             # given again: no more
request 04 '"remove":2,"remove_what":"all","valid_until":"2026-11-21T11:00:00Z"' | show
request 05 '"remove":9,"remove_what":"all"' | show
