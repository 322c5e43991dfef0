# Two pilots that end, one of them badly; their ends are told.
printf 'entries:\n  GOOD: {backend: local, pilot: {memory: 1 GiB}, target: {argv: [true]}}\n  BAD: {backend: local, pilot: {memory: 1 GiB}, target: {argv: [sh, -c, "exit 3"]}}\n' |
  sed 's/\[true\]/["true"]/' >entries.yaml
id() { printf '%026d' "$1"; }
{ tow-entries entries.yaml
  for n in 1 2; do e=$([ $n = 1 ] && echo GOOD || echo BAD)
    echo '{"type":"request","v":1,"request":"'"$(id $n)"'","plan":"'"$(id 9)"'","entry":"'$e'","submit":1}'; done; } >decision
tow-submit --state state decision | jq -c 'select(.type=="submission") | [.entry,.sent]'
for _ in $(seq 100); do tow-pilots --state state entries.yaml >p; grep -q '"running":1' p || break; sleep 0.05; done
jq -c 'select(.type=="pilot") | [.entry,.state,.exit_code]' p; jq -c 'select(.type=="pilot_count") | [.entry,.running]' p
