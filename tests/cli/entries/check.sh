# What is allowed, but can hardly be meant: entry, place, consequence and fix.
cat >e.yaml <<'Y'
defaults: {backend: condor, pilot: {cpus: 8, memory: 16 GiB, walltime: 48h}}
entries:
  GOOD:
    target: {universe: grid, grid_resource: condor a.example.org a.example.org:9619, attributes: {maxMemory: 16384, maxWallTime: 2880, xcount: 8}}
  LITTLE:
    target:
      universe: grid
      grid_resource: condor a.example.org a.example.org:9619
      attributes:
        maxMemory: 2500
        maxWallTime: 60
        xcount: 1
        queue: '"grid"'
  WHOLE:
    target: {universe: grid, grid_resource: condor a.example.org a.example.org:9619, attributes: {maxMemory: 10, xcount: 1, WantWholeNode: true, maxWallTime: 9999}}
  ARC:
    target: {universe: grid, grid_resource: arc a.example.org, submit: {request_cpus: 8, request_memory: 16384}}
  ARC_GOOD:
    target: {universe: grid, grid_resource: arc a.example.org, submit: {request_cpus: 8, request_memory: 2048, arc_resources: <WallTime>172800</WallTime>}}
  BATCH:
    target: {universe: grid, grid_resource: batch slurm a.example.org, submit: {request_cpus: 8, batch_runtime: 172800}}
  EMPTY:
    limits: {max_pilots: 5, max_pending: 10}
    target: {universe: grid, grid_resource: condor a.example.org a.example.org:9619, attributes: {maxMemory: "", xcount: many, maxWallTime: 2880}}
  GONE:
    target: {universe: grid, grid_resource: cream a.example.org}
  VANILLA:
    target: {universe: vanilla}
Y
tow-entries check e.yaml -o jsonl; echo "exit $?"
sed -n '/^defaults/p; /^entries/p; /GOOD/,/target/p' e.yaml | sed '/ARC_GOOD/,$d' >good.yaml
tow-entries check good.yaml; echo "exit $?"
tow-entries check --from gwms -q "$DATA/foreign/factory.xml" -o csv | cut -d, -f1-4
