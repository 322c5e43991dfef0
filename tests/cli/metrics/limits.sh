for i in 1 2 3 4; do echo '{"type":"metric","v":1,"metric":"site_value","labels":{"site":"s'$i'","kind":"k"},"value":'$i'}'; done >many.jsonl
echo '{"type":"metric","v":1,"metric":"other_value","labels":{"site":"'"$(printf 'x%.0s' $(seq 300))"'"},"value":1}' >>many.jsonl
echo '{"type":"metric","v":1,"metric":"good_value","value":1}' >>many.jsonl
tow-metrics --text prometheus --max-series 3 many.jsonl; echo "exit $?"
