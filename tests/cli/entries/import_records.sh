# As records, an import is what its YAML reads as. With -v every note has its place.
cd "$DATA/foreign"
for import in "gwms factory.xml" "cric pandaqueues.json" "apf queues.conf" "harvester harvester.json" "tardis tardis.yml" "hepcloud factory_ads.json"; do
  tow-entries import -q $import >"$HOME/e.yaml"
  tow-entries import -q $import -o jsonl >"$HOME/direct"
  tow-entries "$HOME/e.yaml" -o jsonl >"$HOME/read"
  # Only the state is of the moment in one of them.
  diff "$HOME/direct" "$HOME/read" && echo "$import: $(wc -l <"$HOME/direct") entries"
done
tow-entries import -v harvester harvester.json 2>&1 >"$HOME/e.yaml" | grep XX_LSF
