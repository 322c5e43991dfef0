# What changed upstream comes in, what the operator changed stays, and both are listed.
import() { tow-entries import gwms factory.xml --update site.yaml -q "$@"; }
show='[.change, .entry, .key // "", .from, .to | tostring | .[:40]]'
cp "$DATA/foreign/factory.xml" .
import -o jsonl | jq -c '[.change, .entry]'; ls
# The operator: a lower limit, a comment, an entry taken out, one of his own.
sed -i 's/max_pilots: 10000/max_pilots: 40/; s/^  XX_Arc:/  # watch this one\n&/' site.yaml
sed -i '/^  XX_Old:/,/GLIDEIN_GridType: gt2/d' site.yaml
printf '  OWN:\n    backend: local\n    pilot: {memory: 1 GiB}\n' >>site.yaml
cp site.yaml before.yaml
# Upstream: another limit for the same entry and one more, more memory, one entry less, one more.
sed -i 's/glideins="10000"/glideins="9000"/; s/glideins="100"/glideins="200"/; s/value="16384"/value="20000"/; s/XX_Slurm.login/XX_New/' factory.xml
echo '--- what would change'; import -n -o jsonl | jq -c "$show"; cmp site.yaml before.yaml
echo '--- what changes in the file'; import --only none; diff before.yaml site.yaml
tow-entries site.yaml -o jsonl | jq -c '[.entry, .limits.max_pilots]'
echo '--- and again'; import -o jsonl | jq -c "$show"
echo 'entries: {A: {backend: local, pilot: {memory: 1 GiB}}}' >site.yaml; import; echo "exit $?"
