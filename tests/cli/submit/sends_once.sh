{ tow-jobs --observed-at now "$DATA/condor/condor_q_mid.json"; tow-entries "$EXAMPLES/entries.yaml"
  tow-pilots --state state "$EXAMPLES/entries.yaml"; } | tow-demand | tow-plan >decision
export TOW_STATE_DIR=state PATH=$EXAMPLES/pilots:$PATH
show() { tow-submit "$@" decision --only submission | jq -c '[.entry,.asked,.sent,(.pilots|length),.dry_run]'; }
show --dry-run
show
show
tow-pilots --only pilot --columns entry,state | sort | uniq -c
tow-pilots | jq -r 'select(.type=="pilot").pilot' | while read -r id; do tow-remove --pilot "$id" --yes >/dev/null; done
