# Memory of the newest decision is kept, also when nothing is sent, and comes back.
export TOW_STATE_DIR=state TOW_CONFIG=c.yaml
printf 'entries: [e.yaml]\n' >c.yaml
printf 'entries:\n  A: {backend: local, pilot: {memory: 1 GiB}}\n  B: {backend: local, pilot: {memory: 1 GiB}}\n' >e.yaml
old=01KAJWK7006R30MPK2F0YM3T08 new=01KAJWVZ006R30MPK2F0YM3T08
memory() { echo '{"type":"memory","v":1,"plan":"'$1'","entry":"'$2'","pending":'$3',"running":0,"unheard_of":[1]}'; }
back() { tow-pilots --only memory | jq -c '[.plan,.entry,.pending,.unheard_of]'; }
{ memory $old A 1; memory $new A 2; memory $old B 3; memory $old C 4; } >decision
tow-submit --dry-run <decision >/dev/null; ls
tow-submit <decision | diff - decision; back
echo "an old decision again:"
{ memory $old A 5; memory $old B 6; } | tow-submit >/dev/null; back
echo "malformed:"
{ memory $new B 7; memory yesterday A 8; } | tow-submit --only none; echo "exit $?"; back
