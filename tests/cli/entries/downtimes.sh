# Announced, current and past downtimes of every registry, and the state that follows.
cp "$DATA"/foreign/* .
cat >"e.yaml" <<'Y'
defaults: {backend: condor, pilot: {memory: 1 GiB}}
entries:
  A: {site: XX_Site, target: {grid_resource: condor ce.a.example.org ce.a.example.org:9619}}
  A2: {site: XX_Site, target: {grid_resource: condor other.a.example.org other.a.example.org:9619}}
  B: {target: {grid_resource: "arc https://ce.b.example.org:443/arex/rest/1.0"}}
  C: {target: {via: "ssh://x@ce.c.example.org:22"}}
  C_SITE: {site: C-SITE}
  D_1: {}
  E_1: {}
  E_2: {state: draining}
Y
all=topology.xml,topology.yaml,resources.yaml,gocdb.xml,calendar.ics,downtimes.gwms
tow-entries "e.yaml" --downtimes $all | jq -c '[.entry, .state], (.downtime // [] | .[])'
echo '--- with what is long over'; tow-entries -q "e.yaml" --downtimes topology.yaml,resources.yaml --past 9999d | jq -c 'select(.entry == "B") | .downtime[].reason'
echo '<html/>' >"page"; tow-entries "e.yaml" --downtimes "page" | jq -c 'select(.type == "gap") | [.source, .error.kind]'
