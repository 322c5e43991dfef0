mkdir entries.d
printf 'entries:\n  B: {backend: local, pilot: {memory: 1 GiB}}\n' >entries.d/2.yaml
printf 'entries:\n  A: {backend: local, pilot: {memory: 1 GiB}}\n' >entries.d/1.yaml
printf 'not yaml: [' >entries.d/README
echo 'entries: entries.d' >config.yaml
tow-entries --config config.yaml --columns entry
printf 'entries:\n  A: {backend: local, pilot: {memory: 1 GiB}}\n' >entries.d/3.yaml
tow-entries --config config.yaml --columns entry --only entry; echo "exit $?"
