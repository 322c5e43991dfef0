# A flag beats the configuration.
{ tow-jobs --observed-at now "$DATA/condor/condor_q_mid.json"; tow-entries "$EXAMPLES/entries.yaml"
  tow-pilots --state state "$EXAMPLES/entries.yaml"; } | tow-demand >demand
echo 'plan: {max_submit: 3}' >config.yaml
sum() { tow-plan demand "$@" | jq -s -c 'map(select(.type=="request").submit) | add'; }
sum; sum --config config.yaml; TOW_CONFIG=config.yaml sum; sum --config config.yaml --max-submit 1; sum --max-pilots 2
